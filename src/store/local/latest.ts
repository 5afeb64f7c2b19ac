import { basename } from "node:path";
import { DAMAGE_REPORTS_MAX } from "../../base/limits.ts";
import type { ReadEvent } from "../../session/event.ts";
import { eventOf } from "./event-shape.ts";
import { type RecordLines, readRecordLines } from "./lines.ts";
import { openRecord, RECORD_START } from "./record.ts";

/** The lines of a journal without those that a later one makes void, and these as they stand there, by the ids they say they have. */
export interface LatestLines extends RecordLines<ReadEvent> {
  readonly passed: VoidLines;
}

/** Lines with one character for each byte. */
type VoidLines = ReadonlyMap<string, string>;

/** How events about the document begin to say so, and how one that tells all of it does. In a text the quotes would be escaped. */
const DOCUMENT_EVENT = ',"type":"document.';
const WHOLE_DOCUMENT = `${DOCUMENT_EVENT}written"`;
/** Damaged ones that are tried before the whole file is read instead. */
const WHOLE_TRIES_MAX = 3;
/** No text is longer than half a gigabyte; a journal that is, is read line by line. */
const SEARCHED_BYTES_MAX = 256 * 1024 * 1024;
const LINE_FEED = 0x0a;
const ID_AT = RECORD_START.length;
const ID_CHARS = "evt_".length + 32;

/**
 * The events of a machine's journal that matter to whoever wants the session and not its history. Each turn adds an event about
 * the document, and where one tells all of it (`document.written`), those before it say nothing any more: they are passed over by
 * their bytes alone. Reading a journal then costs nearly the same after a thousand turns as after a hundred.
 */
export function latestLinesOf(bytes: Buffer, path: string): LatestLines {
  const machine = basename(path, ".jsonl");
  const fromByte = lastWhole(bytes, machine);
  const before = linesBefore(bytes.toString("latin1", 0, fromByte), machine);
  const { passed } = before;
  // A copy of an event says nothing, wherever it stands: not even that all before it is void.
  if (passed.has(bytes.toString("latin1", fromByte + ID_AT, fromByte + ID_AT + ID_CHARS)))
    return everyLine(bytes, path);
  const parts = [...before.parts, { fromByte, toByte: bytes.length, fromLine: before.lines }];
  const read = parts.map((part) =>
    readRecordLines(bytes.subarray(part.fromByte, part.toByte), { ...part, path, accept: eventOf }),
  );
  return {
    items: read.flatMap(({ items }) => items).filter(({ id }) => !passed.has(id)),
    nextByte: read.at(-1)?.nextByte ?? fromByte,
    hasTornTail: read.at(-1)?.hasTornTail ?? false,
    damage: read.flatMap(({ damage }) => damage).slice(0, DAMAGE_REPORTS_MAX),
    passed,
  };
}

/** A part of a file: whole lines, the first of which is its `fromLine`th. */
interface Part {
  readonly fromByte: number;
  readonly toByte: number;
  readonly fromLine: number;
}

/** What stands before the event that tells all of the document: what it makes void, and all other lines. */
interface LinesBefore {
  readonly passed: VoidLines;
  readonly parts: readonly Part[];
  /** How many lines there are, the one that begins behind the last line feed included. */
  readonly lines: number;
}

/** As one text and its lines: looking at a hundred lines in a buffer, one by one, takes a hook a millisecond. */
function linesBefore(text: string, machine: string): LinesBefore {
  const byMachine = `,"machine":"${machine}"`;
  const lines = text.split("\n");
  const passed = new Map<string, string>();
  const parts: Part[] = [];
  let [fromByte, fromLine] = [0, 1];
  for (const line of lines) {
    const toByte = fromByte + line.length + 1;
    if (isOneRecord(line) && line.includes(DOCUMENT_EVENT) && line.includes(byMachine))
      passed.set(idIn(line), line);
    else if (line !== "") parts.push({ fromByte, toByte, fromLine });
    fromByte = toByte;
    fromLine += 1;
  }
  return { passed, parts, lines: lines.length };
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
    const record = openRecord(Buffer.from(line, "latin1"));
    return record !== undefined && eventOf(record) !== undefined;
  });
}

function everyLine(bytes: Buffer, path: string): LatestLines {
  return { ...readRecordLines(bytes, { path, fromByte: 0, accept: eventOf }), passed: new Map() };
}

/** The byte at which the last undamaged event begins that tells all of the document; 0 if there is none. */
function lastWhole(bytes: Buffer, machine: string): number {
  if (bytes.length > SEARCHED_BYTES_MAX) return 0;
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
function isOneRecord(line: string): boolean {
  return line.startsWith(RECORD_START) && !line.includes(RECORD_START, 1);
}

function idIn(line: string): string {
  return line.slice(ID_AT, ID_AT + ID_CHARS);
}
