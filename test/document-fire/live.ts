import assert from "node:assert/strict";
import { act, settled } from "./act.ts";
import { beforeStep, checkFile, checkStep, seen } from "./check.ts";
import { type Deed, isOurs, isReading } from "./deed.ts";
import { type Fire, isConflicted, lit, mended, save, textOf, turn } from "./fire.ts";

/** What a step of ours must never do to the text of a document, for a control. */
export type Harm = (text: string) => string;

/**
 * Does all deeds one after the other and checks after each of ours; throws where a promise is broken.
 *
 * @param harm makes each step of ours break one: it has to be found.
 */
export async function live(all: readonly Deed[], harm?: Harm): Promise<void> {
  const fire = await lit();
  const harmed: Stepping = { fire, harm };
  try {
    for (const deed of all) await step(harmed, deed.does, () => act(fire, deed));
    await settle(harmed);
  } finally {
    fire.box.dispose();
  }
}

/** The person puts right what only they can, and two turns later all is where it belongs. */
async function settle(stepping: Stepping): Promise<void> {
  const { fire } = stepping;
  mended(fire);
  const text = textOf(fire);
  if (text === undefined || isConflicted(text)) save(fire, settled(text ?? fire.model.copies.at(-1) ?? ""));
  await step(stepping, "turn", () => turn(fire));
  checkFile(fire);
  const counted = () =>
    textOf(fire)
      ?.match(/\bw\d+x\b/g)
      ?.sort();
  const once = counted();
  await step(stepping, "turn", () => turn(fire));
  assert.deepEqual(counted(), once);
}

interface Stepping {
  readonly fire: Fire;
  readonly harm: Harm | undefined;
}

async function step({ fire, harm }: Stepping, does: string, work: () => Promise<void>): Promise<void> {
  if (!isOurs(does)) return work();
  const before = beforeStep(fire);
  if (isReading(does)) seen(fire, before);
  await work();
  const text = harm === undefined ? undefined : textOf(fire);
  if (text !== undefined) save(fire, harm?.(text) ?? text);
  return checkStep(fire, before);
}
