import fc from "fast-check";
import { expect, test } from "vitest";
import { CODES_MAX, copyCodes } from "./codes.ts";
import { createRedactor } from "./redact.ts";

test("codes are those of the characters, halves of pairs too, however many are copied", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.nat(300), (text, from) => {
      const start = Math.min(from, text.length);
      const codes = copyCodes(`${text}\ud800`, start, text.length + 1);

      expect([...codes.subarray(0, text.length + 1 - start)]).toEqual(
        Array.from({ length: text.length + 1 - start }, (_, at) => `${text}\ud800`.charCodeAt(start + at)),
      );
    }),
  );
});

test("a secret is found wherever it lies across what is copied at a time", () => {
  const redactor = createRedactor({});
  const token = "ghp_Zq7Xj9Kw2VpLm4Rt6Yc8Bn3Hs5Df1Gk0QaWe";
  for (let before = CODES_MAX - token.length - 1; before <= CODES_MAX + 1; before += 1) {
    const words = "words, ".repeat(CODES_MAX).slice(0, before - 1);

    expect(redactor.text(`${words} ${token} and on`)).toBe(`${words} [REDACTED:github-token] and on`);
  }
});
