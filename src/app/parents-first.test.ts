import fc from "fast-check";
import { expect, test } from "vitest";
import { parentsFirst } from "./parents-first.ts";

const record = (uuid: string, parentUuid: string | null, more: object = {}) => ({
  uuid,
  parentUuid,
  ...more,
});

test("Records whose parents stand before them keep their order, also where those are not among them", () => {
  const records = [record("b", "a"), { type: "mode" }, record("c", "b"), record("d", "b"), record("e", "x")];
  expect(parentsFirst(records)).toEqual(records);
});

test("A record that was written before its parent comes right after it, and its own children after it", () => {
  const [title, failure, duration] = [{ type: "ai-title" }, record("f", "p"), record("d", "f")];
  const [prompt, next] = [record("p", null), record("n", "d")];
  expect(parentsFirst([title, failure, duration, prompt, next])).toEqual([
    title,
    prompt,
    failure,
    duration,
    next,
  ]);
});

test("Whatever is said to be whose parent, no record is lost or made, and none comes before a parent that can come first", () => {
  const id = fc.constantFrom("a", "b", "c", "d", "e", "f");
  const records = fc.uniqueArray(fc.record({ uuid: id, parentUuid: fc.option(id) }), {
    selector: ({ uuid }) => uuid,
  });
  fc.assert(
    fc.property(records, (given) => {
      const ordered = parentsFirst(given);
      expect([...ordered].sort(byId)).toEqual([...given].sort(byId));
      const parents = new Map<string, string | null>(given.map(({ uuid, parentUuid }) => [uuid, parentUuid]));
      for (const [at, { uuid }] of ordered.entries()) {
        const parent = parents.get(uuid as string);
        const isLater = ordered.slice(at).some((other) => other.uuid === parent);
        if (isLater) expect(leadsRound(parents, uuid as string)).toBe(true);
      }
    }),
  );
});

function byId(a: { uuid?: unknown }, b: { uuid?: unknown }): number {
  return String(a.uuid) < String(b.uuid) ? -1 : 1;
}

/** Whether going from child to parent never ends. */
function leadsRound(parents: ReadonlyMap<string, string | null>, from: string): boolean {
  const seen = new Set<string>();
  let at: string | null | undefined = from;
  while (typeof at === "string" && !seen.has(at)) {
    seen.add(at);
    at = parents.get(at);
  }
  return typeof at === "string";
}
