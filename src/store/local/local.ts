import { join } from "node:path";
import type { Clock } from "../../base/clock.ts";
import type { MachineId } from "../../base/id.ts";
import type { Store } from "../store.ts";
import { openArchive } from "./archive.ts";
import { openJournal } from "./journal.ts";
import { machineIn } from "./machine.ts";
import { openState } from "./state.ts";

/**
 * The store of one machine: files below `home` (LEFTOFF_HOME), each made when it is first needed, so that opening costs
 * nothing and reading makes nothing. The formats are docs/formats/journal.md, archive.md and state.md.
 *
 * @param mayTakeLong is called before a journal is read that takes long, and before a lock is waited for.
 */
export function openLocalStore(home: string, clock: Clock, mayTakeLong = () => {}): Store {
  let known: MachineId | undefined;
  const machine = () => {
    known ??= machineIn(join(home, "machine.json"), clock);
    return known;
  };
  return {
    journal: openJournal(join(home, "journal"), machine, mayTakeLong),
    archive: openArchive(join(home, "archive"), mayTakeLong),
    state: openState(join(home, "state")),
    machine,
  };
}
