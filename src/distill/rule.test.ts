import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { rule } from "./rule.ts";

/** The other sources of this folder: rules are taken as they are written there, so that none can be forgotten here. */
const SOURCES = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && name !== "rule.ts")
  .map((name) => readFileSync(join(import.meta.dirname, name), "utf8"));
const RULES = SOURCES.flatMap((source) =>
  [...source.matchAll(/\brule\(\s*"([^"]+)",\s*\(\) =>\s*\/(.+)\/(i?)[,)]/g)].map(
    ([, landmarks = "", expression = "", flags]) => ({ landmarks, expression, flags }),
  ),
);

test("every way through an expression holds one of its landmarks, and every landmark is needed", () => {
  expect(RULES).toHaveLength(SOURCES.join("").split(/\brule\(/).length - 1);
  for (const { landmarks, expression } of RULES) {
    const ways = waysThrough(expression).map((way) => way.toLowerCase());
    const words = landmarks.split("|");
    expect(
      ways.filter((way) => !words.some((word) => way.includes(word))),
      expression,
    ).toEqual([]);
    const needed = (word: string) =>
      ways.some((way) => !words.some((other) => other !== word && way.includes(other)));
    expect(
      words.filter((word) => !needed(word)),
      expression,
    ).toEqual([]);
  }
});

test("a rule finds what its expression finds, in the first text as in the thousandth", () => {
  const said = fc.constantFrom(...RULES.flatMap(({ expression }) => waysThrough(expression).slice(0, 40)));
  const sign = fc.constantFrom("", " ", ": ", ", ", "x", "no ", "ſ", "K", "İ", "ß", "’", "É", "。");
  const text = fc
    .array(fc.oneof(said, sign), { maxLength: 6 })
    .map((parts) => parts.join("").replaceAll("\0", " "));
  const cased = fc.tuple(text, fc.boolean()).map(([all, loud]) => (loud ? all.toUpperCase() : all));
  fc.assert(
    fc.property(fc.constantFrom(...RULES), fc.array(cased, { maxLength: 4 }), (one, texts) => {
      const expression = new RegExp(one.expression, one.flags);
      const asked = rule(one.landmarks, () => expression);
      for (const each of [...texts, ...texts]) expect(asked.exec(each)).toEqual(expression.exec(each));
    }),
    { numRuns: 2_000 },
  );
  const worn = rule("needle", () => /hay/);
  const found = Array.from({ length: 1_000 }, () => worn.test("hay"));
  expect(found.at(0)).toBe(false);
  expect(found.at(-1)).toBe(true);
});

/**
 * The texts that an expression matches, one for each choice it leaves; "\0" stands for what is not told letter by letter: one
 * of many signs, or a part that is repeated. What each of these holds beside it, every match holds.
 */
function waysThrough(expression: string): readonly string[] {
  let at = 0;
  const either = (): readonly string[] => {
    const ways = [...inOrder()];
    while (expression[at] === "|") {
      at += 1;
      ways.push(...inOrder());
    }
    return ways;
  };
  const inOrder = (): readonly string[] => {
    let ways: readonly string[] = [""];
    while (at < expression.length && !"|)".includes(expression.charAt(at))) {
      const next = quantified(part());
      ways = ways.flatMap((way) => next.map((each) => way + each));
    }
    return ways;
  };
  const quantified = (ways: readonly string[]): readonly string[] => {
    const quantifier = taken(/^(?:[?*+]|\{\d+(?:,\d*)?\})\??/).charAt(0);
    if (quantifier === "") return ways;
    if (quantifier === "?") return ["", ...ways];
    return quantifier === "+" ? ways.flatMap((way) => [way, `${way}\0`]) : ["\0"];
  };
  const part = (): readonly string[] => {
    const group = taken(/^\((?:\?(?::|<?[=!]))?/);
    if (group !== "") {
      const ways = either();
      at += 1;
      return /[=!]$/.test(group) ? [""] : ways;
    }
    if (taken(/^(?:\\[bB]|[$^])/) !== "") return [""];
    const few = taken(/^\[[^\\\]^-]{1,4}-?\]/);
    if (few !== "") return [...few.slice(1, -1)];
    return taken(/^(?:\[(?:\\.|[^\]\\])*\]|\\[sSwWdD]|\.)/) !== "" ? ["\0"] : [taken(/^\\?./u).slice(-1)];
  };
  const taken = (what: RegExp): string => {
    const found = what.exec(expression.slice(at))?.[0] ?? "";
    at += found.length;
    return found;
  };
  return either();
}
