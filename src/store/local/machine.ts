import type { Clock } from "../../base/clock.ts";
import { assert } from "../../base/error.ts";
import { isMachineId, type MachineId, newMachineId } from "../../base/id.ts";
import { asObject, parseJson, stringField } from "../../base/parse.ts";
import { createOnce, replace } from "../../disk/disk.ts";
import { withLock } from "../../disk/lock.ts";
import { readIfThere } from "../../disk/read.ts";

/** How long another process may take to write one small file. */
const MACHINE_LOCK_MS = 2_000;

/** The id in a machine file (docs/formats/journal.md, Machine), made if it is not there; of several first processes one wins. */
export function machineIn(path: string, clock: Clock): MachineId {
  const known = idIn(path);
  if (known !== undefined) return known;
  if (!createOnce(path, contentOf(newMachineId(clock.nowMs())), "durable")) {
    // Another process was faster; or the file is damaged, and a new id is as good: it only names who writes.
    withLock(`${path}.lock`, MACHINE_LOCK_MS, () => {
      if (idIn(path) === undefined) replace(path, contentOf(newMachineId(clock.nowMs())));
    });
  }
  const made = idIn(path);
  assert(made !== undefined, `${path} holds a machine id`);
  return made;
}

function idIn(path: string): MachineId | undefined {
  const content = asObject(parseJson(readIfThere(path)?.toString("utf8") ?? ""));
  const id = stringField(content, "id") ?? "";
  return isMachineId(id) ? id : undefined;
}

function contentOf(id: MachineId): Buffer {
  return Buffer.from(`${JSON.stringify({ leftoff: "machine/1", id })}\n`);
}
