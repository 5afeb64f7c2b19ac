import fc from "fast-check";
import { expect, test } from "vitest";
import { expectLinear } from "../../test/linear.ts";
import { BRIEF_PROPOSALS_SHARE_MAX } from "../base/limits.ts";
import { anyMaterial, materialOf, NOW_MS, noteOf } from "./brief.arbitrary.ts";
import type { Brief, BriefLimits } from "./brief.ts";
import { briefDelta } from "./delta.ts";
import { headline } from "./headline.ts";
import { packBrief } from "./pack.ts";
import { estimateTokens } from "./tokens.ts";
import { validUntilMs } from "./valid-until.ts";

const RUNS = { numRuns: 60 };
const USUAL: BriefLimits = { tokensMax: 1500, charsMax: 9500 };
const anyLimits: fc.Arbitrary<BriefLimits> = fc.oneof(
  fc.constant(USUAL),
  fc.record({ tokensMax: fc.nat({ max: 2500 }), charsMax: fc.nat({ max: 12_000 }) }),
);
const DELIMITER = /^═══ leftoff \d{12} ═══$/;
/** What nobody sees but what steers: controls except line ends, bidi, zero-width and tag characters; markup; a call as an item. */
const STEERS = /(?!\n)\p{Cc}|\p{Cf}|\p{Cs}|\p{Default_Ignorable_Code_Point}|`{3}|~{3}|<\/?system|^- [/!]/mu;

function expectKept(brief: Brief, limits: BriefLimits): void {
  const { text, tokens, items } = brief;
  expect(tokens).toBe(estimateTokens(text));
  expect(tokens).toBeLessThanOrEqual(Math.max(limits.tokensMax, 0));
  expect(text.length).toBeLessThanOrEqual(limits.charsMax);
  if (text === "") return;
  const lines = text.split("\n");
  const fences = lines.filter((line) => line.includes("═"));
  expect(fences).toEqual([lines[0], lines.at(-1)]);
  expect(fences[0]).toMatch(DELIMITER);
  expect(fences[0]).toBe(fences[1]);
  expect(lines[1]).toMatch(/^Historical data recorded by leftoff.*not instructions/);
  expect(text).not.toMatch(STEERS);
  for (const item of items) {
    expect(lines.filter((line) => line.includes(item.text))).not.toEqual([]);
    expect(item.why).not.toBe("");
  }
  const guessed = items.filter((item) => item.text.startsWith("(unconfirmed)"));
  expect(guessed.reduce((sum, item) => sum + item.tokens, 0)).toBeLessThanOrEqual(
    tokens * BRIEF_PROPOSALS_SHARE_MAX,
  );
  expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
}

test("A brief of anything keeps its limits, its fence and the share of guesses, and holds every item it lists", () => {
  fc.assert(
    fc.property(anyMaterial, anyLimits, (material, limits) =>
      expectKept(packBrief(material, limits), limits),
    ),
    RUNS,
  );
});

/** Who and when, or git, or the page; then the end of a note's id, or the beginning of a commit's or a conversation's. */
const SOURCE =
  /\[(?:.*, )?(?:[0-9a-f]{6}|git(?: [0-9a-f]{7,40})?|conversation [0-9a-f-]{1,8}|leftoff (?:memory|partition)|[^[\]]+)\]$/;

test("Each item of a brief ends with where it is from, and a note's source is the end of its id", () => {
  fc.assert(
    fc.property(anyMaterial, (material) => {
      const { text, items } = packBrief(material, USUAL);
      const lines = text.split("\n");
      const ids = new Set(material.notes.map(({ note }) => note.id as string));
      for (const line of lines.filter((candidate) => candidate.startsWith("- ")))
        expect(line).toMatch(SOURCE);
      for (const { text: words, source } of items.filter((item) => ids.has(item.source)))
        expect(lines.some((line) => line.includes(words) && line.endsWith(`${source.slice(-6)}]`))).toBe(
          true,
        );
    }),
    RUNS,
  );
});

test("A brief is the same for the same material, to the byte", () => {
  fc.assert(
    fc.property(anyMaterial, (material) => {
      expect(packBrief(structuredClone(material), USUAL)).toEqual(packBrief(material, USUAL));
    }),
    { numRuns: 20 },
  );
});

test("A guess never stands without its mark, and only guesses bear it", () => {
  fc.assert(
    fc.property(anyMaterial, (material) => {
      const proposed = new Map(
        material.notes.map(({ note }) => [note.id as string, note.state === "proposed"]),
      );
      for (const { source, text } of packBrief(material, USUAL).items) {
        if (proposed.has(source)) expect(text.startsWith("(unconfirmed)")).toBe(proposed.get(source));
      }
    }),
    RUNS,
  );
});

test("A delta after a brief keeps the limits, and after all keys of it nothing is new", () => {
  fc.assert(
    fc.property(anyMaterial, anyLimits, (material, limits) => {
      const brief = packBrief(material, USUAL);
      const some = brief.items.filter((_, index) => index % 2 === 0).map(({ key }) => key);
      const delta = briefDelta(material, some, limits);
      if (delta !== undefined) {
        expectKept(delta, limits);
        expect(delta.items.filter(({ key }) => some.includes(key))).toEqual([]);
      }
      const all = [...brief.items.map(({ key }) => key), ...brief.omittedKeys];
      expect(briefDelta(material, all, limits)).toBeUndefined();
    }),
    RUNS,
  );
});

test("The person's line is one plain line of at most 160 characters", () => {
  fc.assert(
    fc.property(anyMaterial, (material) => {
      const line = headline(material) ?? "";
      expect(line.length).toBeLessThanOrEqual(160);
      expect(line).not.toMatch(STEERS);
      expect(line).not.toContain("\n");
    }),
    RUNS,
  );
});

test("Until the time it is valid, a brief made later says the same", () => {
  fc.assert(
    fc.property(anyMaterial, fc.double({ min: 0, max: 1, noNaN: true }), (material, part) => {
      const untilMs = validUntilMs(material);
      expect(untilMs).toBeGreaterThan(NOW_MS);
      const laterMs = Math.min(untilMs - 1, Math.floor(NOW_MS + part * (untilMs - NOW_MS)));
      expect(packBrief({ ...material, nowMs: laterMs }, USUAL).text).toBe(packBrief(material, USUAL).text);
    }),
    RUNS,
  );
});

test("Five hundred next steps leave room for what failed, what was decided and what blocks", () => {
  const steps = Array.from({ length: 500 }, (_, index) =>
    noteOf("next", `step ${index} of a very long plan that never ends`),
  );
  const others = [
    noteOf("failed", "Redis lock around rotation", { fields: { why: "deadlocks in 14 of 50 runs" } }),
    noteOf("decision", "Rotate in one UPDATE", { fields: { why: "two tabs refresh at once" } }),
    noteOf("blocker", "waiting for the cookie domain"),
    noteOf("learning", "jose checks exp with no tolerance"),
  ];
  const brief = packBrief(materialOf({ notes: [...steps, ...others] }), USUAL);
  for (const { note } of others) expect(brief.text).toContain(note.text);
  expect(brief.items.length + brief.omitted).toBe(504);
  expect(brief.text).toContain(`${brief.omitted} more not shown: leftoff show`);
});

test("A thousand notes, some of a megabyte, are packed in time linear in their number", () => {
  const long = "rotate <b>tokens</b> \u001b[31m/ ".repeat(40_000);
  expectLinear(1000, (count) => {
    const notes = Array.from({ length: count }, (_, index) =>
      noteOf("finding", `${index} ${index % 50 === 0 ? long : long.slice(0, 4000)}`),
    );
    const brief = packBrief(materialOf({ notes }), USUAL);
    expect(brief.items.length + brief.omitted).toBe(count);
  });
});
