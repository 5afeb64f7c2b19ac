import { basename } from "node:path";
import type { ReadEvent } from "../../session/event.ts";
import { eventOf } from "./event-shape.ts";
import { type RecordLines, readRecordLines } from "./lines.ts";
import { openRecord, RECORD_START } from "./record.ts";

/** The lines of a journal without those that a later one makes void, and these as they stand there, by the ids they say they have. */
export interface LatestLines extends RecordLines<ReadEvent> {
  readonly passed: ReadonlyMap<string, Buffer>;
}

/** How events about the document begin to say so, and how one that tells all of it does. In a text the quotes would be escaped. */
const DOCUMENT_EVENT = Buffer.from(',"type":"document.');
const WHOLE_DOCUMENT = Buffer.from(',"type":"document.written"');
/** Damaged ones that are tried before the whole file is read instead. */
const WHOLE_TRIES_MAX = 3;
const BEGINNING = Buffer.from(RECORD_START);
const LINE_FEED = 0x0a;
const ID_CHARS = "evt_".length + 32;

/**
 * The events of a machine's journal that matter to whoever wants the session and not its history. Each turn adds an event about
 * the document, and where one tells all of it (`document.written`), those before it say nothing any more: they are passed over by
 * their bytes alone. Reading a journal then costs the same after a thousand turns as after a hundred.
 */
export function latestLinesOf(bytes: Buffer, path: string): LatestLines {
  const machine = basename(path, ".jsonl");
  const from = lastWhole(bytes, machine);
  const passed = new Map<string, Buffer>();
  const byMachine = Buffer.from(`,"machine":"${machine}"`);
  const lines = readRecordLines(bytes, {
    path,
    fromByte: 0,
    accept: eventOf,
    passOver: (line, fromByte) => {
      if (fromByte >= from || !isOneRecord(line) || !line.includes(DOCUMENT_EVENT)) return false;
      if (!line.includes(byMachine)) return false;
      passed.set(idIn(line), line);
      return true;
    },
  });
  // A copy of an event says nothing, wherever it stands: not even that all before it is void.
  if (from < bytes.length && passed.has(idIn(bytes.subarray(from)))) return everyLine(bytes, path);
  return { ...lines, items: lines.items.filter(({ id }) => !passed.has(id)), passed };
}

/** The lines after more was appended to the file that they were read from. */
export function grownLatestLines(before: LatestLines, added: RecordLines<ReadEvent>): LatestLines {
  const { passed } = before;
  const news = added.items.filter(({ id }) => !passed.has(id));
  return { ...added, items: [...before.items, ...news], damage: before.damage, passed };
}

/** False where there is damage among what was passed over. */
export function isSound({ passed }: LatestLines): boolean {
  return [...passed.values()].every((line) => {
    const record = openRecord(line);
    return record !== undefined && eventOf(record) !== undefined;
  });
}

function everyLine(bytes: Buffer, path: string): LatestLines {
  return { ...readRecordLines(bytes, { path, fromByte: 0, accept: eventOf }), passed: new Map() };
}

/** The byte at which the last undamaged event begins that tells all of the document; 0 if there is none. */
function lastWhole(bytes: Buffer, machine: string): number {
  let at = bytes.length;
  for (let tries = 0; tries < WHOLE_TRIES_MAX; tries += 1) {
    at = at === 0 ? -1 : bytes.lastIndexOf(WHOLE_DOCUMENT, at - 1);
    if (at === -1) return 0;
    const from = bytes.lastIndexOf(LINE_FEED, at) + 1;
    const end = bytes.indexOf(LINE_FEED, at);
    const record = openRecord(bytes.subarray(from, end === -1 ? bytes.length : end));
    const event = record && eventOf(record);
    if (event?.type === "document.written" && event.machine === machine) return from;
  }
  return 0;
}

/** False for what a torn write or two writers left on one line: there may be a note among it. */
function isOneRecord(line: Buffer): boolean {
  return line.indexOf(BEGINNING) === 0 && line.indexOf(BEGINNING, 1) === -1;
}

function idIn(line: Buffer): string {
  return line.toString("latin1", RECORD_START.length, RECORD_START.length + ID_CHARS);
}
