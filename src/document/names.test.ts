import { expect, test } from "vitest";
import { isAscii } from "../base/ascii.ts";
import { FIELD_ALIASES, fieldOf } from "./fields.ts";
import { wordsOf } from "./names.ts";
import { ALIASES } from "./section-aliases.ts";
import { PARTS } from "./section-parts.ts";
import { resolveHeading, SECTIONS, TITLE_START } from "./sections.ts";

const FIELDS = Object.entries(FIELD_ALIASES).flatMap(([field, names]) =>
  names.map((name) => ({ field, name })),
);
const HEADINGS = SECTIONS.flatMap(({ key, heading }) => [
  ...[heading, ...ALIASES[key]].map((name) => ({ name, known: { key, narrow: false } })),
  ...PARTS[key].map((name) => ({ name, known: { key, narrow: true } })),
]);

test("a name means the same as it stands in the table, in other letters, with signs around it, and as bare words", () => {
  const forms = [(name: string) => name, (name: string) => `2. ${name.toUpperCase()}!`, wordsOf];
  for (const form of forms) {
    for (const { name, field } of FIELDS) expect(fieldOf(form(name)), form(name)).toBe(field);
    for (const { name, known } of HEADINGS)
      expect(resolveHeading(form(name), undefined), form(name)).toEqual(known);
  }
});

test("a name that is not ASCII has words that are not: whoever asks for ASCII words is none of them", () => {
  for (const { name } of [...FIELDS, ...HEADINGS]) expect(isAscii(wordsOf(name)), name).toBe(isAscii(name));
});

test("no section is called what a title begins with", () => {
  const start = wordsOf(TITLE_START);
  expect(HEADINGS.filter(({ name }) => wordsOf(name).startsWith(start))).toEqual([]);
  expect(resolveHeading(`${TITLE_START}Next Steps`, "What We've Tried")).toBeUndefined();
});

test("words are those of one line, however many the text has", () => {
  expect(wordsOf("3. The plan,\nand what’s next\r\n")).toBe("plan whats next");
  expect(wordsOf("Ｆｕｌｌ ２ widths")).toBe("full 2 widths");
});
