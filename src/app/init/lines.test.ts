import fc from "fast-check";
import { expect, test } from "vitest";
import { addGitignoreLines, removeGitignoreLines } from "./gitignore.ts";
import { addLines, type LineBlock, removeLines } from "./lines.ts";

const block: LineBlock = { marker: "# ours", lines: ["a.tmp", "b.tmp"] };

/** Files of other people's lines, with every kind of end. */
const otherText = fc
  .array(
    fc.tuple(
      fc.constantFrom("", "node_modules/", "# ours too", "x a.tmp", " # ours", "\uFEFF*.log", "ü\r"),
      fc.constantFrom("\n", "\r\n"),
    ),
    { maxLength: 5 },
  )
  .chain((parts) =>
    fc.constantFrom("", "dist", "\r").map((end) => parts.map(([text, eol]) => text + eol).join("") + end),
  );

test("a .gitignore that is not there is made, and nothing is left of it", () => {
  const text = addGitignoreLines("");

  expect(text).toMatch(/^# leftoff: .*\n\.claude\/sessions\/\*\.tmp\n\.claude\/session-summary\.md\n$/);
  expect(removeGitignoreLines(text)).toBe("");
});

test("a line that the person has already is not added, and not removed", () => {
  const text = "/dist\r\n.claude/sessions/*.tmp\r\n.claude/session-summary.md\r\n";

  expect(addGitignoreLines(text)).toBe(text);
  expect(removeGitignoreLines(text)).toBe(text);
});

test("lines that a person added below ours stay", () => {
  const text = `${addLines("/dist", block)}\nmine\n`;

  expect(removeLines(text, block)).toBe("/dist\nmine\n");
});

test("a block of an older version is brought up to date", () => {
  const older = addLines("/dist\n", { ...block, lines: ["a.tmp"] });

  expect(addLines(older, block)).toBe("/dist\n# ours\na.tmp\nb.tmp\n");
});

test("property: removing what was added gives back the same bytes, and adding twice is adding once", () => {
  fc.assert(
    fc.property(otherText, (text) => {
      const added = addLines(text, block);
      expect(added).toContain("a.tmp");
      expect(removeLines(added, block)).toBe(text);
      expect(addLines(added, block)).toBe(added);
    }),
    { numRuns: 1_000 },
  );
});

test("property: any text is taken", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("\n", "\r", "# ours", "a.tmp", "b", " ") }), (text) => {
      const once = addLines(text, block);
      expect(addLines(once, block)).toBe(once);
      const none = removeLines(once, block);
      expect(removeLines(none, block)).toBe(none);
    }),
  );
});
