import { expect, test } from "vitest";
import { createRedactor } from "./redact.ts";

const { text: redact } = createRedactor({});
const KEY = "sk_test_4eC39HqLyjWDarjtT1zdp7dc";

test("a token that curl sends in place of a user's name is taken out, and nothing beside it", () => {
  for (const [before, behind] of [
    ["curl https://api.stripe.com/v1/charges -u ", ": -d amount=2000, and more"],
    ["curl -u ", ": https://api.stripe.com"],
    ['curl --user "', ':" https://ex.com'],
    ["curl -u ", "> https://ex.com"],
  ] as const)
    expect(redact(`then ${before}${KEY}${behind}\n`)).toBe(`then ${before}[REDACTED:stripe-key]${behind}\n`);
});

test("the password behind such a token is taken out, too, however many marks stand before it", () => {
  const marks = "[REDACTED:stripe-key][REDACTED:env-value]";
  expect(redact(`curl -u ${KEY}:hunter2 https://ex.com`)).toBe(
    "curl -u [REDACTED:stripe-key]:[REDACTED:login] https://ex.com",
  );
  expect(redact(`curl -u ${marks}x:hunter2 https://ex.com`)).toBe(
    `curl -u ${marks}x:[REDACTED:login] https://ex.com`,
  );
});

test("a word behind a login that a mark far in it makes a password goes at once, not when it is redacted again", () => {
  const word = `${"a".repeat(1_024)}${"aB".repeat(280)}sk-ant-${"a".repeat(1_600)}`;
  const once = redact(`login me password ${word}`);

  expect(redact(once)).toBe(once);
});
