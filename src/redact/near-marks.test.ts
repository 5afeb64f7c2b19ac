import { expect, test } from "vitest";
import { applied } from "./cut.ts";
import { nearMarks } from "./near-marks.ts";
import { createRedactor } from "./redact.ts";

const RUN = "c2stLWE".repeat(20_000);
const cut = (from: number) => ({ from, to: from + 10, mark: "[REDACTED:jwt]" });

test("of a run without a blank, what is near a mark is looked at again, and not all that stands before it", () => {
  const cuts = [cut(0), cut(70_000), cut(RUN.length - 10)];
  const parts = nearMarks(applied(RUN, cuts), cuts, { charsMax: 0 });

  expect(parts.length).toBe(3);
  expect(parts.reduce((sum, { from, to }) => sum + to - from, 0)).toBeLessThan(10_000);
});

test("near marks that were there before nothing is looked at again", () => {
  const cuts = [cut(0), cut(70_000)];
  const parts = nearMarks(applied(RUN, cuts), cuts, { charsMax: 0, isNew: (other) => other === cuts[1] });

  expect(parts.length).toBe(1);
  expect(parts[0]?.from).toBeGreaterThan(60_000);
});

test("a private key's words are looked at again where a mark may be in the key, however long, and nothing between", () => {
  const begin = "-----BEGIN RSA PRIVATE KEY-----\n";
  const text = `${begin}${"word ".repeat(13_000)}0123456789`;
  const cuts = [cut(text.length - 10)];
  const parts = nearMarks(applied(text, cuts), cuts, { charsMax: 0 });

  expect(parts[0]).toEqual({ from: 0, to: text.indexOf("-----\n") + 5 + 100 });
  expect(parts.length).toBe(2);

  const far = text.replace(begin, `${begin}${"word ".repeat(2_000)}`);
  const farCuts = [cut(far.length - 10)];
  expect(nearMarks(applied(far, farCuts), farCuts, { charsMax: 0 }).length).toBe(1);
});

test("a long run that begins as a token does is one whatever ends it, so that redacting it twice changes nothing", () => {
  const token = `AKIA${"A1B2".repeat(5_000)}`;
  const once = createRedactor({}).text(`see ${token}ghp_${"a1B2".repeat(9)}`);

  expect(once).toBe("see [REDACTED:aws-access-key][REDACTED:github-token]");
  expect(createRedactor({}).text(once)).toBe(once);
});
