import { ingestHere } from "../app/ingest-history.ts";
import { counted } from "../base/count.ts";
import { AppError } from "../base/error.ts";
import { bytes, seconds } from "./amount.ts";
import { type Run, show, textOption } from "./door.ts";

export const run: Run = async (door, given) => {
  const newest = textOption(given, "newest");
  const conversationsMax = newest === undefined ? Number.MAX_SAFE_INTEGER : Number(newest);
  if (!Number.isInteger(conversationsMax) || conversationsMax < 1) {
    throw new AppError(
      "input_invalid",
      `--newest takes a whole number from 1, not "${newest}".`,
      "For example: leftoff ingest --newest 50",
    );
  }
  const history = await ingestHere(door.app, {
    conversationsMax,
    onProgress: (read, of) => door.say(`read ${read} of ${of}`),
  });
  const adopted =
    history.adopted === 0 ? "" : ` ${counted(history.adopted, "session")} from documents put here by hand.`;
  show(door, { schema: "leftoff.ingest/1", ...history }, () =>
    history.read === 0
      ? `Nothing new in ${counted(history.found, "conversation")} here (${bytes(history.foundBytes)}).${adopted}`
      : `${counted(history.found, "conversation")} here (${bytes(history.foundBytes)}); ${history.read} read in ${seconds(history.tookMs)}.${adopted}`,
  );
};
