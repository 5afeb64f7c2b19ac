import { expect, test } from "vitest";
import { nearMarks } from "./near-marks.ts";
import { createRedactor } from "./redact.ts";

const RUN = "c2stLWE".repeat(20_000);
const mark = (from: number) => ({ from, to: from + 14 });

test("of a run without a blank, what is near a mark is looked at again, and not all that stands before it", () => {
  const parts = nearMarks(RUN, [mark(0), mark(70_000), mark(RUN.length - 14)]);

  expect(parts.length).toBe(3);
  expect(parts.reduce((sum, { from, to }) => sum + to - from, 0)).toBeLessThan(10_000);
});

test("a private key's words are looked at again where a mark may be in the key, however long, and nothing between", () => {
  const begin = "-----BEGIN RSA PRIVATE KEY-----\n";
  const text = `${begin}${"word ".repeat(13_000)}0123456789`;
  const parts = nearMarks(text, [mark(text.length - 10)]);

  expect(parts[0]).toEqual({ from: 0, to: text.indexOf("-----\n") + 5 + 100 });
  expect(parts.length).toBe(2);

  const far = text.replace(begin, `${begin}${"word ".repeat(2_000)}`);
  expect(nearMarks(far, [mark(far.length - 10)]).length).toBe(1);
});

test("a long run that begins as a token does is one whatever ends it, so that redacting it twice changes nothing", () => {
  const token = `AKIA${"A1B2".repeat(5_000)}`;
  const once = createRedactor({}).text(`see ${token}ghp_${"a1B2".repeat(9)}`);

  expect(once).toBe("see [REDACTED:aws-access-key][REDACTED:github-token]");
  expect(createRedactor({}).text(once)).toBe(once);
});
