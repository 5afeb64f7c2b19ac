import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseBase, compareDocument } from "./compare.ts";
import { hostileText, notes, plainText, view } from "./document.arbitrary.ts";
import { EMPTY_VIEW, lostLines, takeIn } from "./document.model.ts";
import type { WrittenDocument } from "./document.ts";
import { writeDocument } from "./write.ts";

const insertion = fc.record({ place: fc.double({ min: 0, max: 1, noNaN: true }), line: hostileText });

function withLines(text: string, insertions: readonly { place: number; line: string }[]): string {
  const lines = text.split("\n");
  for (const { place, line } of insertions) lines.splice(Math.floor(place * lines.length), 0, line);
  return lines.join("\n");
}

test("whatever a person writes into a document, no line of theirs is lost, and it settles at once", () => {
  fc.assert(
    fc.property(view(plainText), fc.array(insertion, { minLength: 1, maxLength: 5 }), (first, insertions) => {
      const base = writeDocument(undefined, first);
      const text = withLines(base.text, insertions);
      const comparison = compareDocument(base, text);
      const { wish, aligned } = takeIn(first, comparison);
      const written = writeDocument({ text, aligned }, wish);
      if (comparison.conflicted) {
        expect(written.text).toBe(text);
        return;
      }
      expect(
        lostLines(text, written.text).filter(
          (line) => !/^(?:[-*+] |# |\*\*)?.*(?:Placeholder|Updated|Status|Created)/.test(line),
        ),
      ).toEqual([]);
      expect(compareDocument(written, written.text).changes).toEqual([]);
      expect(
        writeDocument({ text: written.text, aligned: compareDocument(written, written.text).aligned }, wish)
          .text,
      ).toBe(written.text);
    }),
    { numRuns: 250 },
  );
});

test("any text placed by hand becomes notes and keeps every line", () => {
  const document = fc.array(hostileText, { maxLength: 30 }).map((lines) => lines.join("\n"));
  const known = fc
    .array(
      fc.oneof(
        hostileText,
        fc.constantFrom(
          "## What We Know",
          "## Next Steps",
          "### Failed Approaches",
          "## Useful Commands",
          "## Summary",
          "## Decisions",
          "- [ ] ship it",
          "1. **Approach**: queue",
          "### Attempt 2: sticky",
          "- **Problem**: slow",
          "- Lesson: none",
          "## Known Issues",
          "## Risks",
          "   - Problem: too slow",
        ),
      ),
      { maxLength: 30 },
    )
    .map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(fc.oneof(document, known), (text) => {
      const comparison = compareDocument({ text: "", items: [] }, text);
      const { wish, aligned } = takeIn(EMPTY_VIEW, comparison);
      const written = writeDocument({ text, aligned }, wish);
      if (comparison.conflicted || text.trim() === "") return;
      expect(
        lostLines(text, written.text).filter(
          (line) => !/created|updated|status|date|started|state|thread|^#/i.test(line),
        ),
      ).toEqual([]);
      expect(compareDocument(written, written.text).changes).toEqual([]);
      expect(
        writeDocument({ text: written.text, aligned: compareDocument(written, written.text).aligned }, wish)
          .text,
      ).toBe(written.text);
    }),
    { numRuns: 250 },
  );
});

test("an old copy that comes back deletes nothing, also with a line added to it", () => {
  fc.assert(
    fc.property(
      notes(plainText),
      fc.nat(),
      fc.option(plainText, { nil: undefined }),
      (all, pick, addition) => {
        const bases: WrittenDocument[] = [writeDocument(undefined, EMPTY_VIEW)];
        for (const at of all.keys()) {
          const before = bases.at(-1)!;
          const aligned = compareDocument(before, before.text).aligned;
          bases.push(
            writeDocument({ text: before.text, aligned }, { ...EMPTY_VIEW, notes: all.slice(0, at + 1) }),
          );
        }
        const old = bases[pick % bases.length]!.text;
        const text =
          addition === undefined
            ? old
            : old.replace("## What We Know\n", `## What We Know\n- ${addition} indeed\n`);
        const { changes } = compareDocument(chooseBase(bases, text), text);
        expect(changes.filter(({ type }) => type === "dropped" || type === "reopened")).toEqual([]);
        expect(changes.length).toBeLessThanOrEqual(addition === undefined ? 0 : 1);
      },
    ),
    { numRuns: 100 },
  );
});
