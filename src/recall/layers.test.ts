import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { LAYER_NAMES, layerAt, layered } from "./layers.ts";

const HOUR_MS = 3_600_000;
const NOW_MS = Date.parse("2026-10-25T02:30:00Z");
const { TZ } = process.env;
afterEach(() => {
  if (TZ === undefined) delete process.env.TZ;
  else process.env.TZ = TZ;
});

test("the last hour is full, three more are detailed, what is older is brief or, in a finished session, archived", () => {
  const at = (hours: number, isFinished: boolean) =>
    layerAt(NOW_MS - hours * HOUR_MS, { nowMs: NOW_MS, isFinished });
  expect([0, 0.99, 1, 3.99, 4, 1000].map((hours) => at(hours, false))).toEqual([
    "full",
    "full",
    "detailed",
    "detailed",
    "brief",
    "brief",
  ]);
  expect([0.99, 3.99, 4, 1000].map((hours) => at(hours, true))).toEqual([
    "full",
    "detailed",
    "archived",
    "archived",
  ]);
  expect(at(-5, false)).toBe("full");
});

const things = fc.array(
  fc.record({ atMs: fc.integer({ min: NOW_MS - 100 * HOUR_MS, max: NOW_MS + HOUR_MS }), n: fc.nat() }),
);

test("everything is in exactly one layer, newest first, whatever clock the place has", () => {
  fc.assert(
    fc.property(things, fc.boolean(), (some, isFinished) => {
      const when = { nowMs: NOW_MS, isFinished };
      const layers = layered(some, when);
      const all = LAYER_NAMES.flatMap((name) => layers[name]);
      // As objects: two that say the same are two.
      expect(new Set(all)).toEqual(new Set(some));
      expect(all).toHaveLength(some.length);
      expect(all.map(({ atMs }) => atMs)).toEqual(some.map(({ atMs }) => atMs).sort((a, b) => b - a));
      // The clocks go back at this hour.
      process.env.TZ = "Europe/Berlin";
      expect(layered(some, when)).toEqual(layers);
      process.env.TZ = "Pacific/Apia";
      expect(layered(some, when)).toEqual(layers);
    }),
  );
});

test("of things of one moment the one given last is the latest", () => {
  const [first, second] = [
    { atMs: NOW_MS, n: 1 },
    { atMs: NOW_MS, n: 2 },
  ];
  expect(layered([first, second], { nowMs: NOW_MS, isFinished: false }).full).toEqual([second, first]);
});
