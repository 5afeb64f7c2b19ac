import { join } from "node:path";
import type { Clock } from "../../base/clock.ts";
import { isMachineId, isSessionId } from "../../base/id.ts";
import { ARCHIVE_LOCK_MS, REPAIR_LOCK_MS, REPAIR_SETTLE_MS } from "../../base/limits.ts";
import { remove, replaceWith } from "../../disk/disk.ts";
import { failpoint } from "../../disk/failpoint.ts";
import { withLock } from "../../disk/lock.ts";
import { overwrite } from "../../disk/overwrite.ts";
import { pauseMs } from "../../disk/pause.ts";
import { filesBelow, namesIn, readIfThere, readPartIfThere } from "../../disk/read.ts";
import type { Damage, Repair, Repaired } from "../store.ts";
import { ARCHIVE_ENDING, pathsBeside } from "./archive.ts";
import { type IndexEntry, writeEntries } from "./archive-index.ts";
import { eventOf } from "./event-shape.ts";
import { readRecordLines } from "./lines.ts";
import { walkMembers } from "./members.ts";
import { quarantine, quarantinePath } from "./quarantine.ts";

/** A file of lines beside the store's own that is mended the same way. */
export interface LinesFile {
  readonly path: string;
  readonly damageIn: (bytes: Buffer) => readonly Omit<Damage, "path">[];
}

/** Repair of the files below `home`: journals and archives, and what `others` are. */
export function openRepair(home: string, clock: Clock, others: readonly LinesFile[]): Repair {
  return ({ dryRun }) => {
    const run = () => [
      ...[...journalFiles(home), ...others].flatMap((file) => repairLines(file, { clock, dryRun })),
      ...filesBelow(join(home, "archive"))
        .filter((path) => path.endsWith(ARCHIVE_ENDING))
        .flatMap((path) => repairArchive(path, { clock, dryRun })),
    ];
    return dryRun ? run() : withLock(join(home, "repair.lock"), REPAIR_LOCK_MS, run);
  };
}

interface How {
  readonly clock: Clock;
  readonly dryRun: boolean;
}

function journalFiles(home: string): readonly LinesFile[] {
  const journal = join(home, "journal");
  return namesIn(journal)
    .filter(isSessionId)
    .flatMap((session) => namesIn(join(journal, session)).map((name) => join(journal, session, name)))
    .filter((path) => isMachineId(/([^/]*)\.jsonl$/.exec(path)?.[1] ?? ""))
    .map((path) => ({
      path,
      damageIn: (bytes) => readRecordLines(bytes, { path, fromByte: 0, accept: eventOf }).damage,
    }));
}

/**
 * Takes damaged bytes out of a file of lines by putting blanks over them. In place, because whoever appends to a journal
 * holds no lock: into a file that was replaced meanwhile its record would be lost. So positions in the file stay what they
 * were, and a repair that is killed has left damage, blanks, or a part of either, and no other byte changed.
 */
function repairLines(file: LinesFile, how: How): readonly Repaired[] {
  const repaired: Repaired[] = [];
  for (;;) {
    const places = settledDamage(file, how);
    repaired.push(...places.map((place) => ({ ...place, keptIn: quarantinePath(file.path) })));
    if (how.dryRun || places.length === 0) return repaired;
    quarantine(file.path, places, how.clock.nowMs());
    failpoint("repair.after-quarantine");
    for (const { fromByte, toByte } of places) {
      // The line feed parts records that stood on one line.
      overwrite(file.path, fromByte, Buffer.alloc(toByte - fromByte, " ").fill("\n", 0, 1));
    }
  }
}

/** What is damaged and stays so: the record at the end may be one that is being written in this moment. */
function settledDamage({ path, damageIn }: LinesFile, { dryRun }: How): readonly Damage[] {
  const look = () => damageIn(readIfThere(path) ?? Buffer.alloc(0)).map((place) => ({ ...place, path }));
  const first = look();
  if (first.length === 0 || dryRun) return first;
  pauseMs(REPAIR_SETTLE_MS);
  const places = new Set(first.map(({ fromByte, toByte }) => `${fromByte}-${toByte}`));
  return look().filter(({ fromByte, toByte }) => places.has(`${fromByte}-${toByte}`));
}

/** An archive's file is written anew without what is no member, under the lock that everyone takes who appends to it. */
function repairArchive(path: string, { clock, dryRun }: How): readonly Repaired[] {
  const { index, lock } = pathsBeside(path);
  const run = () => {
    const { damage, members } = partsOf(path);
    const repaired = damage.map((place) => ({ ...place, keptIn: quarantinePath(path) }));
    if (dryRun || damage.length === 0) return repaired;
    quarantine(path, damage, clock.nowMs());
    failpoint("repair.after-quarantine");
    // An index of the file as it was would lead astray; without one its members are found by walking.
    remove(index);
    failpoint("repair.before-replace");
    if (members.length === 0) remove(path);
    else replaceWith(path, bytesOf(path, members));
    writeEntries(index, moved(members));
    return repaired;
  };
  return dryRun ? run() : withLock(lock, ARCHIVE_LOCK_MS, run);
}

/** The whole members of an archive's file, and everything between them: more places than a reader reports. */
function partsOf(path: string): {
  readonly damage: readonly Damage[];
  readonly members: readonly IndexEntry[];
} {
  const members: IndexEntry[] = [];
  const walk = walkMembers(path, 0, { onMember: ({ head }, place) => members.push({ ...head, ...place }) });
  const damage: Damage[] = [];
  let at = 0;
  for (const { from, to } of [...members, { from: walk.sizeBytes, to: walk.sizeBytes }]) {
    const reason = walk.damage.find(({ fromByte }) => fromByte === at)?.reason ?? "not a whole gzip member";
    if (from > at) damage.push({ path, line: undefined, fromByte: at, toByte: from, reason });
    at = to;
  }
  return { damage, members };
}

function* bytesOf(path: string, members: readonly IndexEntry[]): Generator<Buffer> {
  for (const { from, to } of members) yield readPartIfThere(path, from, to)?.bytes ?? Buffer.alloc(0);
}

/** The members as they stand one behind the other. */
function moved(members: readonly IndexEntry[]): readonly IndexEntry[] {
  let at = 0;
  return members.map((member) => {
    const from = at;
    at += member.to - member.from;
    return { ...member, from, to: at };
  });
}
