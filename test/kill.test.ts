import { existsSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { MAIN } from "./faults/box.ts";
import { KILL_RANDOM } from "./faults/kill-random.ts";
import { randomFrom } from "./faults/promise.ts";
import { removeWriterBundle } from "./faults/writing.ts";

// A hundred kills at random moments of what is written most; `npm run test:faults -- kill --n 1000` has ten times as many
// on each path, and the controls that show what the rig finds.

afterAll(removeWriterBundle);

const KILLS = { "kill-journal": 50, "kill-replace": 30, "kill-ingest": 20 } as const;

/** Any other moment is as good: what is promised holds for all. */
const SEED = 20_261_121;

test.skipIf(!existsSync(MAIN)).concurrent.each(Object.entries(KILLS))(
  "%s: %d times nothing is lost",
  async (name, n) => {
    const promise = KILL_RANDOM.find((candidate) => candidate.name === name);

    const outcome = await promise?.run({ n, random: randomFrom(SEED) });

    expect(outcome).toEqual({ n, failures: [] });
  },
);
