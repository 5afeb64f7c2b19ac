import fc from "fast-check";
import { expect, test } from "vitest";
import { folded, matchOf, wantedIn } from "./search.ts";

const score = (query: string, ...texts: readonly string[]) => matchOf(wantedIn(query), texts);

test("case and accents do not count, in query and text", () => {
  for (const [query, text] of [
    ["STRASSE", "die straße ist zu"],
    ["cafe", "Le CAFÉ"],
    ["Ørsted", "orsted's law"],
    ["Łódź", "lodz"],
    ["ΟΔΟΣ", "οδός"],
    ["istanbul", "İstanbul"],
  ] as const)
    expect(score(query, text), query).toBeGreaterThan(0);
});

test("a text with all words comes before one with some, wherever they stand", () => {
  const all = score("redis lock", "no lock", "redis hangs");
  const one = score("redis lock", "redis redis redis", "");
  expect(all).toBeGreaterThan(one);
});

test("a word counts more than a beginning, a beginning more than the inside of a word, and the text more than its fields", () => {
  const scores = [
    score("lock", "a lock", ""),
    score("lock", "locks held", ""),
    score("lock", "a deadlock", ""),
  ];
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  expect(new Set(scores).size).toBe(3);
  expect(score("lock", "a lock", "x")).toBeGreaterThan(score("lock", "x", "a lock"));
});

test("the words as they were typed come before the same words apart", () => {
  expect(score("redis lock", "the redis lock hangs")).toBeGreaterThan(
    score("redis lock", "the lock in redis"),
  );
});

test("fewer than half of the words is no match", () => {
  expect(score("one two three", "one only")).toBe(0);
  expect(score("one two", "one only")).toBeGreaterThan(0);
});

test("signs without a word, and words of languages without spaces, are found as they stand", () => {
  expect(score("->", "a -> b")).toBeGreaterThan(0);
  expect(score("令牌", "刷新令牌轮换")).toBeGreaterThan(0);
  expect(score("토큰", "리프레시 토큰")).toBeGreaterThan(0);
});

test("a text is found by any word of it, and nothing throws", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 60 }),
      fc.string({ maxLength: 60 }),
      (text, other) => {
        for (const word of wantedIn(text).words)
          expect(matchOf(wantedIn(word), [other, text])).toBeGreaterThan(0);
        expect(score(other, text)).toBeGreaterThanOrEqual(0);
        expect(folded(folded(text))).toBe(folded(text));
      },
    ),
  );
});
