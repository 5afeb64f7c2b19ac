import { expect, test } from "vitest";
import { createRedactor } from "./redact.ts";

const redact = (text: string) => createRedactor({}).text(text);
const MARK = "[REDACTED:assignment]";

test("blanks of any alphabet around a value in quotation marks make no sentence of it", () => {
  for (const [before, after] of [
    [" ", " "],
    ["\u00a0 ", ""],
    [" \t\r ", "\r "],
    ["\u3000 \u2003", " \u00a0"],
  ])
    for (const mark of ['"', "'", "`", '\\"', "\\\\\\'"])
      expect(redact(`password=${mark}${before}hunter2A${after}${mark} there`)).toBe(
        `password=${mark}${MARK}${mark} there`,
      );
});

test("a sentence in quotation marks stays, unless an environment's name claims it", () => {
  for (const mark of ['"', "'", "`", '\\"', "\\\\\\'"])
    for (const value of ["at least 8 characters", " two words", "back\\ slash", "one 'two' \\n three"]) {
      const text = `password=${mark}${value}\n`;
      expect(redact(text)).toBe(text);
      expect(redact(`DB_PASSWORD=${mark}correct horse 2${mark}`)).toBe(`DB_PASSWORD=${mark}${MARK}${mark}`);
    }
});

test("what another mark opens inside of a value, or a mark that is escaped more often, is a part of it", () => {
  expect(redact(`password="a'b\`c2" there`)).toBe(`password="${MARK}" there`);
  expect(redact(`password="ab\\"c2" there`)).toBe(`password="${MARK}" there`);
  expect(redact(`password=\\"ab\\\\\\"c2\\" there`)).toBe(`password=\\"${MARK}\\" there`);
});

test("a token in quotation marks has no brackets, a password may", () => {
  expect(redact('token="a1b2c3d4e5(x)"')).toBe('token="a1b2c3d4e5(x)"');
  expect(redact('password="a1b2c3d4e5(x)"')).toBe(`password="${MARK}"`);
});

test("holes, addresses and digests are told by their beginning, behind blanks, too", () => {
  for (const value of [
    `\${DB}`,
    " <password>",
    "{{ password }}",
    "$(pass show db)",
    "--none--2",
    "... 2",
    "https://example.org/a1B2",
    "sha256-a1B2c3d4e5f6g7h8",
  ])
    expect(redact(`DB_PASSWORD="${value}"`)).toBe(`DB_PASSWORD="${value}"`);
});
