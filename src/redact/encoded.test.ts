import { expect, test } from "vitest";
import { SECRETS_IN_A_ROW_MAX } from "../base/limits.ts";
import { encodedSpans } from "./encoded.ts";
import { createRedactor } from "./redact.ts";
import { secretSpans } from "./scan.ts";

/** Codes one after the other, of which each begins at another place within a group than the one before. */
const CODES: readonly string[] = ["secret='a1B2c3d4e5' ", "password=a1b2c3 "].map((text) =>
  Buffer.from(text).toString("base64url"),
);

test.each(CODES)("of a run of nothing but %s, the middle goes unread with the secrets around it", (code) => {
  const text = code.repeat(10 * SECRETS_IN_A_ROW_MAX);
  let read = 0;
  const spans = encodedSpans(text, (decoded) => {
    read += decoded.length;
    return secretSpans(decoded);
  });
  const all = encodedSpans(code.repeat(20), secretSpans);
  const once = createRedactor({}).text(`${text} and ${code}`);

  expect(read).toBeLessThan(text.length / 2);
  // Of every secret that a short run has, one of the long run has the place, or more.
  expect(all.length).toBeGreaterThan(10);
  for (let at = 0; at < text.length - 20 * code.length; at += 20 * code.length * 9)
    for (const { from, to } of all)
      expect(spans.some((span) => span.from <= at + from && span.to >= at + to)).toBe(true);
  expect(createRedactor({}).text(once)).toBe(once);
});

test("of encoded secrets in a row, each in a run of its own, those without room are one mark; runs without any stay", () => {
  const lines = (count: number) =>
    Array.from({ length: count }, (_, at) =>
      Buffer.from(`password=hunter${10_000 + at};end`).toString("base64"),
    );
  const innocent = Buffer.from("nothing but ordinary words, and many of them: more than a name").toString(
    "base64",
  );
  const redact = (count: number) => createRedactor({}).text([...lines(count), innocent].join("\n"));
  const once = redact(SECRETS_IN_A_ROW_MAX + 500);

  expect(once.split("[REDACTED:").length - 1).toBeLessThanOrEqual(SECRETS_IN_A_ROW_MAX + 2);
  expect(once.endsWith(`\n${innocent}`)).toBe(true);
  expect(createRedactor({}).text(once)).toBe(once);
  expect(redact(20).split("[REDACTED:").length - 1).toBe(20);
});

test("of codes in lines without room for their secrets most go unread, and every secret goes; further on, lines without any stay", () => {
  const line = (text: string) => `${Buffer.from(text).toString("base64")}\n`;
  const secrets = (from: number) =>
    Array.from({ length: 5_000 }, (_, at) => line(`password=hunter${from + at};end`)).join("");
  const innocent = (count: number) =>
    Array.from({ length: count }, (_, at) => line(`no secret but words, ${at} of them`)).join("");
  const text = `${secrets(10_000)}${innocent(40)}${secrets(20_000)}${innocent(40)}`;
  let read = 0;
  encodedSpans(text, (decoded) => {
    read += decoded.length;
    return secretSpans(decoded);
  });
  const once = createRedactor({}).text(text);

  expect(read).toBeLessThan(text.length / 3);
  const kept = Buffer.from(once.replaceAll(/\[REDACTED:[a-z-]+\]/g, "    "), "base64").toString("latin1");
  expect(kept).not.toMatch(/hunter[0-9]/);
  expect(once.split(innocent(40).slice(-400)).length).toBe(3);
  expect(createRedactor({}).text(once)).toBe(once);
});
