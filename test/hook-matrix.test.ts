import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Box, MAIN, makeBox } from "./faults/box.ts";
import { HOOK_EVENTS } from "./faults/hook-cell.ts";
import { CONDITIONS } from "./faults/hook-conditions.ts";
import { failuresUnder } from "./faults/hook-matrix.ts";

// Hooks as Claude Code starts them, with everything around them that real machines get wrong. A sample: under each
// condition SessionStart or one of the others, in turn. `npm run test:faults -- hooks` has them all, and the disks.

const SLOW = new Set(["stdin has 100 MB"]);
const SAMPLED = CONDITIONS.filter(
  ({ name, mounts, needsRoot }) => mounts !== true && needsRoot !== true && !SLOW.has(name),
);

let model: Box | undefined;
beforeAll(() => {
  if (existsSync(MAIN)) model = makeBox();
});
afterAll(() => model?.dispose());

test.skipIf(!existsSync(MAIN)).concurrent.each(SAMPLED.map((condition, index) => ({ index, ...condition })))(
  "a hook ends with 0, says nothing on stderr and is done in time when $name",
  async ({ index, ...condition }) => {
    // Whether a brief comes can be seen at SessionStart alone.
    const event =
      condition.answers === true || index % 2 === 0
        ? "SessionStart"
        : HOOK_EVENTS[index % HOOK_EVENTS.length];
    const root = join(model?.root ?? "", "cells", String(index));
    if (model === undefined || event === undefined) throw new Error("there is a model, and an event");

    expect(await failuresUnder(condition, [event], { model, root })).toEqual([]);
  },
);
