import fc from "fast-check";
import { expect, test } from "vitest";
import { RECORD_WINDOW_OVERLAP_BYTES } from "../base/limits.ts";
import { createRedactor } from "../redact/redact.ts";
import { redactedWindow } from "./window-records.ts";

const redactor = createRedactor({});
const SECRETS = [
  "ghp_0123456789abcdefghijABCDEFGHIJ012345",
  "AKIAIOSFODNN7EXAMPLE",
  '\\"password\\": \\"correct-horse-battery-staple\\"',
  `-----BEGIN RSA PRIVATE KEY-----\\n${"MIIEowIBAAKCAQEA0Z3VS5JJcds3xfn/ygWyF8PbnGy0AHB7\\n".repeat(60)}-----END RSA PRIVATE KEY-----`,
];
const CORES = ["0123456789abcdefghijABCDEFGHIJ", "IOSFODNN7", "horse-battery", "MIIEowIBAAKCAQEA0Z3VS5JJ"];

test("a secret that lies across the border of two windows is in neither", () => {
  const around = "plain words of a log, ".repeat(2_000);
  fc.assert(
    fc.property(fc.nat(SECRETS.length - 1), fc.double({ min: 0, max: 1, noNaN: true }), (which, share) => {
      const secret = SECRETS[which] ?? "";
      const core = CORES[which] ?? "";
      const whole = `${around}${secret} ${around}`;
      const cut = around.length + Math.floor(share * secret.length);
      const near = RECORD_WINDOW_OVERLAP_BYTES;
      const [left, right] = [whole.slice(0, cut), whole.slice(cut)];
      const texts = [
        redactedWindow(redactor, { header: undefined, before: "", text: left, after: right.slice(0, near) }),
        redactedWindow(redactor, { header: undefined, before: left.slice(-near), text: right, after: "" }),
      ];
      // No part of it that is long enough to be worth anything stands on either side.
      for (const text of texts)
        for (let at = 0; at + 10 <= core.length; at += 1) expect(text).not.toContain(core.slice(at, at + 10));
      expect(texts.join("").length).toBeGreaterThan(2 * (around.length - near) - 100);
    }),
    { numRuns: 60 },
  );
});

test("where no secret is near a border, windows together are the whole text", () => {
  const text = "plain words, é and 日本 ".repeat(3_000);
  const cut = 31_111;
  const near = RECORD_WINDOW_OVERLAP_BYTES;
  const [left, right] = [text.slice(0, cut), text.slice(cut)];
  const both =
    redactedWindow(redactor, { header: undefined, before: "", text: left, after: right.slice(0, near) }) +
    redactedWindow(redactor, { header: undefined, before: left.slice(-near), text: right, after: "" });
  expect(both).toBe(text);
});
