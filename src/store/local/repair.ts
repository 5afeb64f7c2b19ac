import { join } from "node:path";
import type { Clock } from "../../base/clock.ts";
import { isMachineId, isSessionId } from "../../base/id.ts";
import { ARCHIVE_LOCK_MS, REPAIR_LOCK_MS, REPAIR_SETTLE_MS } from "../../base/limits.ts";
import { failpoint } from "../../disk/failpoint.ts";
import { withLock } from "../../disk/lock.ts";
import { overwrite } from "../../disk/overwrite.ts";
import { pauseMs } from "../../disk/pause.ts";
import { filesBelow, namesIn, readIfThere } from "../../disk/read.ts";
import type { ArchiveFile, ArchiveGaps, Damage, Repair, Repaired, RepairFindings } from "../store.ts";
import { gapsIn } from "./archive-gaps.ts";
import { partsOf, writeAnew } from "./archive-parts.ts";
import { ARCHIVE_ENDING, archiveFileAt, archivePaths, pathsBeside } from "./archive-paths.ts";
import { eventOf } from "./event-shape.ts";
import { openFilling } from "./fill.ts";
import { readRecordLines } from "./lines.ts";
import type { MemberHead } from "./member.ts";
import { quarantine, quarantinePath } from "./quarantine.ts";

/** A file of lines beside the store's own that is mended the same way. */
export interface LinesFile {
  readonly path: string;
  readonly damageIn: (bytes: Buffer) => readonly Omit<Damage, "path">[];
}

/** Repair of the files below `home`: journals and archives, and what `others` are. */
export function openRepair(home: string, clock: Clock, others: readonly LinesFile[]): Repair {
  const archive = join(home, "archive");
  const takeOut = ({ dryRun }: { readonly dryRun: boolean }): RepairFindings => {
    const lines = [...journalFiles(home), ...others].flatMap((file) => repairLines(file, { clock, dryRun }));
    const archives = filesBelow(archive)
      .filter((path) => path.endsWith(ARCHIVE_ENDING))
      .map((path) => repairArchive(archive, path, { clock, dryRun }));
    return {
      repaired: [...lines, ...archives.flatMap(({ repaired }) => repaired)],
      gaps: archives.flatMap(({ gaps }) => gaps),
    };
  };
  return {
    takeOut: (options) =>
      options.dryRun
        ? takeOut(options)
        : withLock(join(home, "repair.lock"), REPAIR_LOCK_MS, () => takeOut(options)),
    fill: (file) => openFilling(archivePaths(archive, file)),
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
function repairArchive(archive: string, path: string, { clock, dryRun }: How): RepairFindings {
  const paths = pathsBeside(path);
  const run = () => {
    const { damage, members } = partsOf(path);
    const repaired = damage.map((place) => ({ ...place, keptIn: quarantinePath(path) }));
    const findings = { repaired, gaps: gapsOf(archiveFileAt(archive, path), members) };
    if (dryRun || damage.length === 0) return findings;
    quarantine(path, damage, clock.nowMs());
    failpoint("repair.after-quarantine");
    writeAnew(paths, members);
    return findings;
  };
  return dryRun ? run() : withLock(paths.lock, ARCHIVE_LOCK_MS, run);
}

function gapsOf(file: ArchiveFile | undefined, members: readonly MemberHead[]): readonly ArchiveGaps[] {
  const gaps = gapsIn(members).map(({ gap }) => gap);
  return file === undefined || gaps.length === 0 ? [] : [{ file, gaps }];
}
