import fc from "fast-check";
import { expect, test } from "vitest";
import { hostileText, plainText, view } from "./document.arbitrary.ts";
import type { DerivedLine, ParsedDocument, ParsedItem } from "./parsed.ts";
import { parseDocument } from "./read.ts";
import { writeDocument } from "./write.ts";
import { hashOf } from "./written.ts";

const LINES = [
  "## What We Know",
  "## Next Steps",
  "### Failed Approaches",
  "### Failed",
  "## What We've Tried",
  "## Known Issues",
  "## Useful Commands",
  "## Session Metrics",
  "## Session Continuity",
  "Next Steps",
  "==========",
  "- [ ] ship it",
  "  - [x] ship it",
  "- pool of four",
  "  - **Why**: the server counts",
  "  and goes on",
  "1. **Approach**: queue",
  "   - **Problem**: slow",
  "**Later**:",
  "High priority:",
  "### Attempt 2: sticky",
  "| Risk | Impact |",
  "|---|---|",
  "| Counts drift | wrong totals |",
  "```bash",
  "npm test",
  "```",
  "- **Files modified**: 3",
  "**Previous session** (2026-01-25):",
  "",
];
const line = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...LINES) },
  { weight: 1, arbitrary: hostileText },
);
const byHand = fc.array(line, { maxLength: 40 }).map((lines) => lines.join("\n"));
const ours = fc.oneof(view(plainText), view(hostileText)).map((one) => writeDocument(undefined, one).text);
const change = fc.record({
  place: fc.double({ min: 0, max: 1, noNaN: true }),
  gone: fc.nat({ max: 6 }),
  lines: fc.array(line, { maxLength: 3 }),
});

function changed(
  text: string,
  { place, gone, lines }: { place: number; gone: number; lines: readonly string[] },
): string {
  const all = text.split("\n");
  all.splice(Math.floor(place * all.length), gone, ...lines);
  return all.join("\n");
}

/** Asks for every hash, as a comparison does. */
function asked(document: ParsedDocument): ParsedDocument {
  for (const { bytes } of partsOf(document)) hashOf(bytes);
  return document;
}

function itemsOf({ sections }: ParsedDocument): readonly ParsedItem[] {
  return sections.flatMap(({ items }) => items);
}

function partsOf(document: ParsedDocument): readonly (ParsedItem | DerivedLine)[] {
  return [...itemsOf(document), ...document.sections.flatMap(({ derived }) => derived)];
}

test("what is read with the help of another text is what is read without it", () => {
  fc.assert(
    fc.property(
      fc.oneof(ours, byHand),
      fc.array(change, { maxLength: 4 }),
      byHand,
      (before, changes, other) => {
        const after = changes.reduce(changed, before);
        const known = asked(parseDocument(before));
        for (const text of [after, before, other]) {
          const again = parseDocument(text, known);
          for (const { bytes, range } of partsOf(again))
            expect(bytes.text).toBe(text.slice(range.from, range.to));
          expect(asked(again)).toEqual(asked(parseDocument(text)));
        }
        // And the one that was asked is as it was.
        expect(known).toEqual(asked(parseDocument(before)));
      },
    ),
    { numRuns: 300 },
  );
});

test("a text that moved down in its document is not read again", () => {
  const text = [
    "## What We Know",
    "- one",
    "  - Why: a",
    "- two",
    "  - Why: b",
    "",
    "## Next Steps",
    "- [ ] c",
    "  - Why: d",
  ].join("\n");
  const before = parseDocument(text);
  const after = parseDocument(text.replace("- one", "- none of them\n  - Why: e\n- one"), before);
  const fields = itemsOf(after).map((item) => item.fields);
  const known = itemsOf(before).map((item) => item.fields);
  // The same objects: nothing of it was worked out twice.
  expect(fields.map((one) => known.indexOf(one))).toEqual([-1, 0, 1, 2]);
});
