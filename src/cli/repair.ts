import { placeOf } from "../app/damage.ts";
import { repairRecords } from "../app/repair.ts";
import { type Run, show } from "./door.ts";

export const run: Run = async (door, { options }) => {
  const dryRun = options.dryRun === true;
  const { repaired, refilled } = await repairRecords(door.app, await door.repair(), { dryRun });
  const document = {
    schema: "leftoff.repair/1",
    dryRun,
    repaired: repaired.map(({ path, line, fromByte, toByte, reason, keptIn }) => ({
      path,
      line: line ?? null,
      fromByte,
      toByte,
      reason,
      keptIn,
    })),
    readAgain: refilled.map(({ file, path, records }) => ({
      conversation: file.conversation,
      path,
      records,
    })),
  };
  show(door, document, () => {
    const { green, dim } = door.style;
    const again = refilled.map(
      ({ path, records }) =>
        `${green("read again")} ${records} ${records === 1 ? "record" : "records"} from ${path}`,
    );
    if (repaired.length === 0 && again.length === 0) return green("Nothing is damaged.");
    const done = dryRun ? "would take out" : "took out";
    const files = [...new Set(repaired.map(({ keptIn }) => keptIn))];
    return [
      ...repaired.map((place) => `${green(done)} ${placeOf(place)} ${dim(`(${place.reason})`)}`),
      ...files.map((path) => dim(`${dryRun ? "They would lie" : "They lie"} in ${path}`)),
      ...again,
    ].join("\n");
  });
};
