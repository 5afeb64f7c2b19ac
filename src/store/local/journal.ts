import { basename, join } from "node:path";
import { AppError, assert } from "../../base/error.ts";
import { isMachineId, isSessionId, type MachineId, type SessionId } from "../../base/id.ts";
import { EVENT_BYTES_MAX, EVENTS_PER_APPEND_MAX, JOURNAL_LONG_BYTES } from "../../base/limits.ts";
import { append, createFolderOnce } from "../../disk/disk.ts";
import { failpoint } from "../../disk/failpoint.ts";
import { pauseMs } from "../../disk/pause.ts";
import { namesIn, readPartIfThere } from "../../disk/read.ts";
import type { JournalEvent, ReadEvent } from "../../session/event.ts";
import type { Journal, JournalPosition, JournalRead } from "../store.ts";
import { eventOf } from "./event-shape.ts";
import { grownLatestLines, isSound, type LatestLines, latestLinesOf } from "./latest.ts";
import { type RecordLines, readRecordLines } from "./lines.ts";
import { inJournalOrder } from "./order.ts";
import { sealRecord } from "./record.ts";
import { rememberingSame } from "./same-bytes.ts";

/** Journals as files (docs/formats/journal.md) in a folder that may not be there yet. */
export function openJournal(folder: string, machine: () => MachineId, mayTakeLong = () => {}): Journal {
  const wholeFile = rememberingSame<RecordLines<ReadEvent>>((bytes, path, before) => {
    if (bytes.length > JOURNAL_LONG_BYTES) mayTakeLong();
    const added = before && addedLines(bytes, path, before.meaning);
    if (before === undefined || added === undefined) return linesOf(bytes, path, 0);
    return { ...added, items: [...before.meaning.items, ...added.items], damage: before.meaning.damage };
  });
  const latestOfFile = rememberingSame<LatestLines>((bytes, path, before) => {
    if (bytes.length > JOURNAL_LONG_BYTES) mayTakeLong();
    const added = before && addedLines(bytes, path, before.meaning);
    if (before === undefined || added === undefined) return latestLinesOf(bytes, path);
    return grownLatestLines(before.meaning, added);
  });
  return {
    append: (session, events) => {
      assert(events.length <= EVENTS_PER_APPEND_MAX, `at most ${EVENTS_PER_APPEND_MAX} events in one append`);
      if (events.length === 0) return;
      const bytes = Buffer.from(events.map(recordOf).join(""));
      const own = folderOf(folder, session);
      const name = `${machine()}.jsonl`;
      // A session begins with its first events, all of them, or not at all.
      const isBegun = namesIn(own).length === 0 && createFolderOnce(own, { name, bytes });
      if (!isBegun) append(join(own, name), bytes, "durable");
      failpoint("journal.after-append");
    },
    read: (session, position = {}) =>
      read(folderOf(folder, session), position, (bytes, path, fromByte) =>
        fromByte === 0 ? wholeFile(bytes, path) : linesOf(bytes, path, fromByte),
      ),
    latest: (session) => {
      const own = folderOf(folder, session);
      // Between the events of other machines, one that its own made void may still say something.
      const isAlone = namesIn(own).filter((name) => machineOf(name) !== undefined).length === 1;
      return read(own, {}, isAlone ? latestOfFile : wholeFile).events;
    },
    damage: (session) =>
      read(folderOf(folder, session), {}, (bytes, path) => {
        const latest = latestOfFile(bytes, path);
        // Only who reads all of it knows the line.
        return isSound(latest) ? latest : wholeFile(bytes, path);
      }).damage,
    paths: (session) => {
      const own = folderOf(folder, session);
      return [own, ...namesIn(own).map((name) => join(own, name))];
    },
    sessions: () => namesIn(folder).filter(isSessionId),
  };
}

/** Whose journal a file is; undefined for what is none. */
function machineOf(name: string): MachineId | undefined {
  const machine = basename(name, ".jsonl");
  return name.endsWith(".jsonl") && isMachineId(machine) ? machine : undefined;
}

/** The id is a folder's name here: nothing else may get that far. */
function folderOf(folder: string, session: SessionId): string {
  assert(isSessionId(session), `${JSON.stringify(session)} is a session id`);
  return join(folder, session);
}

/** A line feed on both sides: neither what was cut off before nor what comes behind can touch it. */
function recordOf({ id, ...rest }: JournalEvent): string {
  const record = sealRecord({ id, ...rest });
  const sizeBytes = Buffer.byteLength(record);
  if (sizeBytes <= EVENT_BYTES_MAX) return `\n${record}\n`;
  throw new AppError(
    "input_invalid",
    `An event of type ${rest.type} has ${sizeBytes} bytes; ${EVENT_BYTES_MAX} is the most.`,
    "Make the text shorter, or split it into several notes.",
  );
}

type ReadLines = (bytes: Buffer, path: string, fromByte: number) => RecordLines<ReadEvent>;

function linesOf(bytes: Buffer, path: string, fromByte: number): RecordLines<ReadEvent> {
  return readRecordLines(bytes, { path, fromByte, accept: eventOf });
}

/** What was appended to a file since; undefined where that is damaged, since only who reads all of it can say on which line. */
function addedLines(
  bytes: Buffer,
  path: string,
  { nextByte, hasTornTail }: RecordLines<ReadEvent>,
): RecordLines<ReadEvent> | undefined {
  if (hasTornTail) return undefined;
  const added = linesOf(bytes.subarray(nextByte), path, nextByte);
  return added.damage.length > 0 ? undefined : added;
}

function read(folder: string, position: JournalPosition, readLines: ReadLines): JournalRead {
  const files = namesIn(folder).flatMap((name) => {
    const machine = machineOf(name);
    if (machine === undefined) return [];
    const lines = readSettled(join(folder, name), position[machine] ?? 0, readLines);
    return [{ machine, events: lines.items, nextByte: lines.nextByte, damage: lines.damage }];
  });
  return {
    events: inJournalOrder(files),
    position: Object.fromEntries(files.map(({ machine, nextByte }) => [machine, nextByte])),
    damage: files.flatMap((file) => file.damage),
  };
}

/** How often a record that is being written is waited for; each time the file has grown in between. */
const TAIL_LOOKS_MAX = 20;
/** A write of one batch takes microseconds: what has not grown after this is not being written. */
const TAIL_PAUSE_MS = 2;

/** Reads from the position (from the start if the file is shorter: it is another one), again while its last record is being written. */
function readSettled(path: string, fromByte: number, readLines: ReadLines): RecordLines<ReadEvent> {
  let sizeBytes = -1;
  for (let looks = 1; ; looks += 1) {
    const part = readPartIfThere(path, fromByte) ?? { bytes: Buffer.alloc(0), sizeBytes: 0 };
    if (part.sizeBytes < fromByte) return readSettled(path, 0, readLines);
    const lines = readLines(part.bytes, path, fromByte);
    if (!lines.hasTornTail || part.sizeBytes === sizeBytes || looks >= TAIL_LOOKS_MAX) return lines;
    sizeBytes = part.sizeBytes;
    pauseMs(TAIL_PAUSE_MS);
  }
}
