import fc from "fast-check";
import { expect, test } from "vitest";
import { compareDocument } from "./compare.ts";
import { hostileText, plainText, view } from "./document.arbitrary.ts";
import { takeIn } from "./document.model.ts";
import type { Comparison } from "./document.ts";
import { untouchedPlaces } from "./known.ts";
import { parseDocument } from "./read.ts";
import { writeDocument } from "./write.ts";

const inOrder = (aligned: Comparison["aligned"]) =>
  [...aligned].sort((a, b) => a.range.from - b.range.from || a.range.to - b.range.to);

test("in a text that nobody touched the notes stand where a comparison finds them, with people's lines between them", () => {
  let found = 0;
  fc.assert(
    fc.property(view(plainText), fc.array(hostileText, { maxLength: 4 }), (first, typed) => {
      const ours = writeDocument(undefined, first);
      const lines = ours.text.split("\n");
      for (const [at, line] of typed.entries()) lines.splice((at + 1) * 9, 0, line);
      const text = lines.join("\n");
      const { wish, aligned } = takeIn(first, compareDocument(ours, text));
      const written = writeDocument({ text, aligned }, wish);
      const places = untouchedPlaces(parseDocument(written.text), written.items);
      if (typed.length === 0) expect(places).toBeDefined();
      if (places === undefined) return;
      found += 1;
      const compared = compareDocument(written, written.text);
      expect([compared.changes, compared.withheld, compared.conflicted]).toEqual([[], undefined, false]);
      expect(inOrder(places)).toEqual(inOrder(compared.aligned));
    }),
    { numRuns: 200 },
  );
  expect(found).toBeGreaterThan(50);
});

test("a text with an item that was not written, or without one that was, is to be compared", () => {
  const { text, items } = writeDocument(undefined, fc.sample(view(plainText), { numRuns: 1, seed: 7 })[0]!);
  const more = text.replace("## What We Know\n", "## What We Know\n- The port is taken\n");
  expect(more).not.toBe(text);
  expect(untouchedPlaces(parseDocument(more), items)).toBeUndefined();
  expect(untouchedPlaces(parseDocument(text), items.slice(1))).toBeUndefined();
  expect(untouchedPlaces(parseDocument(text), [...items, ...items.slice(0, 1)])).toBeUndefined();
  expect(untouchedPlaces(parseDocument(`${text}\n<<<<<<< ours\n`), items)).toBeUndefined();
  expect(untouchedPlaces(parseDocument(text), items)).toBeDefined();
});
