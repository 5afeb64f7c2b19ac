import assert from "node:assert/strict";
import { act, settled } from "./act.ts";
import { beforeStep, checkFile, checkStep, seen } from "./check.ts";
import { type Deed, isOurs, isReading } from "./deed.ts";
import { type Fire, isConflicted, lit, mended, save, textOf, turn } from "./fire.ts";

/** Does all deeds one after the other and checks after each of ours; throws where a promise is broken. */
export async function live(all: readonly Deed[]): Promise<void> {
  const fire = await lit();
  try {
    for (const deed of all) await step(fire, deed.does, () => act(fire, deed));
    await settle(fire);
  } finally {
    fire.box.dispose();
  }
}

/** The person puts right what only they can, and two turns later all is where it belongs. */
async function settle(fire: Fire): Promise<void> {
  mended(fire);
  const text = textOf(fire);
  if (text === undefined || isConflicted(text)) save(fire, settled(text ?? fire.model.copies.at(-1) ?? ""));
  await step(fire, "turn", () => turn(fire));
  checkFile(fire);
  const counted = () =>
    textOf(fire)
      ?.match(/\bw\d+x\b/g)
      ?.sort();
  const once = counted();
  await step(fire, "turn", () => turn(fire));
  assert.deepEqual(counted(), once);
}

async function step(fire: Fire, does: string, work: () => Promise<void>): Promise<void> {
  if (!isOurs(does)) return work();
  const before = beforeStep(fire);
  if (isReading(does)) seen(fire, before);
  await work();
  return checkStep(fire, before);
}
