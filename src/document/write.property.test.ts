import fc from "fast-check";
import { expect, test } from "vitest";
import { compareDocument } from "./compare.ts";
import { hostileText, notes, plainText, view } from "./document.arbitrary.ts";
import { rewritten, said, wanted, withoutCommandFields } from "./document.model.ts";
import { writeDocument } from "./write.ts";

test("whatever notes say, the document says the same, each as one item", () => {
  fc.assert(
    fc.property(view(hostileText).map(withoutCommandFields), (wish) => {
      const written = writeDocument(undefined, wish);
      expect(said(written)).toEqual(wanted(wish));
    }),
    { numRuns: 200 },
  );
});

test("comparing what was just written finds no change", () => {
  fc.assert(
    fc.property(view(hostileText), (wish) => {
      const written = writeDocument(undefined, wish);
      const { changes, withheld, conflicted } = compareDocument(written, written.text);
      expect({ changes, withheld, conflicted }).toEqual({
        changes: [],
        withheld: undefined,
        conflicted: false,
      });
    }),
    { numRuns: 200 },
  );
});

test("writing twice changes no byte", () => {
  fc.assert(
    fc.property(view(hostileText), (wish) => {
      const written = writeDocument(undefined, wish);
      const again = rewritten(written, wish);
      expect([again.text, again.items]).toEqual([written.text, written.items]);
    }),
    { numRuns: 200 },
  );
});

test("a document brought from any view to any other says what the other says", () => {
  fc.assert(
    fc.property(
      view(hostileText).map(withoutCommandFields),
      view(hostileText).map(withoutCommandFields),
      (first, second) => {
        const written = rewritten(writeDocument(undefined, first), second);
        expect(said(written)).toEqual(wanted(second));
        expect(compareDocument(written, written.text).changes).toEqual([]);
        expect(rewritten(written, second).text).toBe(written.text);
      },
    ),
    { numRuns: 300 },
  );
});

test("CRLF stays CRLF", () => {
  fc.assert(
    fc.property(view(plainText), notes(plainText), (wish, more) => {
      const text = writeDocument(undefined, { ...wish, notes: [] }).text.replaceAll("\n", "\r\n");
      const written = writeDocument({ text, aligned: [] }, { ...wish, notes: more });
      expect(written.text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    }),
    { numRuns: 100 },
  );
});
