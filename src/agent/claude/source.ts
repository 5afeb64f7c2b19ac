import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { errnoOf } from "../../base/error.ts";
import { type ConversationId, isConversationId } from "../../base/id.ts";
import {
  ARCHIVE_MEMBER_BYTES,
  DAMAGE_REPORTS_MAX,
  READ_CHUNK_BYTES,
  RECORD_BYTES_MAX,
  TRANSCRIPT_HEAD_BYTES,
} from "../../base/limits.ts";
import { asObject, type JsonObject, parseJson, stringField } from "../../base/parse.ts";
import type { Damage, SourcePosition } from "../../store/store.ts";
import type { AgentPlace, OnBatch, SourceRead, TranscriptFile } from "../agent.ts";
import { readLine } from "./line.ts";
import { belongsTo, projectSlug } from "./place.ts";

const LINE_FEED = 0x0a;
const SUFFIX = ".jsonl";

/** Claude Code's transcripts of a work tree, newest first. Reads folders, and the first few kB of each file; never throws. */
export function findTranscripts(
  { workTreePath, env }: AgentPlace,
  wanted: (file: TranscriptFile) => boolean = () => true,
): readonly TranscriptFile[] {
  const home = env.HOME || env.USERPROFILE;
  const config = env.CLAUDE_CONFIG_DIR || (home ? join(home, ".claude") : undefined);
  if (config === undefined) return [];
  const folder = join(config, "projects", projectSlug(workTreePath));
  return namesIn(folder)
    .map((name) => transcriptAt(join(folder, name), conversationOf(name), "main"))
    .filter((file) => file !== undefined)
    .filter(wanted)
    .filter((file) => belongsTo(workTreePath, foldersInHead(file.path)))
    .sort(newestFirst);
}

/** The files of the subagents of a conversation: `<conversation>/subagents/agent-<id>.jsonl` beside its transcript. */
export function findSubagentTranscripts(main: TranscriptFile): readonly TranscriptFile[] {
  const folder = join(dirname(main.path), main.conversation, "subagents");
  return namesIn(folder)
    .filter((name) => name.startsWith("agent-") && conversationOf(name) !== undefined)
    .map((name) => transcriptAt(join(folder, name), main.conversation, basename(name, SUFFIX)))
    .filter((file) => file !== undefined)
    .sort(newestFirst);
}

function conversationOf(fileName: string): ConversationId | undefined {
  const id = fileName.slice(0, -SUFFIX.length);
  return isConversationId(id) ? id : undefined;
}

function transcriptAt(
  path: string,
  conversation: ConversationId | undefined,
  name: string,
): TranscriptFile | undefined {
  if (conversation === undefined) return undefined;
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return undefined;
    return { path, conversation, name, sizeBytes: stat.size, modifiedAtMs: stat.mtimeMs };
  } catch {
    // Deleted between listing and asking (the agent cleans up at its start), or not ours to see.
    return undefined;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(SUFFIX));
  } catch {
    return [];
  }
}

function newestFirst(a: TranscriptFile, b: TranscriptFile): number {
  return b.modifiedAtMs - a.modifiedAtMs || (a.path < b.path ? -1 : 1);
}

/** The folders that the first records of a transcript say the agent was in. */
function foldersInHead(path: string): readonly string[] {
  const head = readHead(path);
  const lines = head
    .subarray(0, head.lastIndexOf(LINE_FEED) + 1)
    .toString("utf8")
    .split("\n");
  return lines
    .map((line) => stringField(asObject(parseJson(line)), "cwd"))
    .filter((folder) => folder !== undefined);
}

function readHead(path: string): Buffer {
  let fd: number | undefined;
  try {
    fd = openSync(path, "r");
    const head = Buffer.alloc(TRANSCRIPT_HEAD_BYTES);
    return head.subarray(0, readSync(fd, head, 0, head.length, 0));
  } catch {
    return Buffer.alloc(0);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/**
 * Reads the complete lines of a transcript after `position` and hands them over in batches. See {@link Agent.read}.
 *
 * Memory is bounded by one chunk, one record and one batch, whatever the file's size; time is linear in what is read.
 * A file that cannot be opened (but for one that is not there) is reported as damage; nothing is thrown.
 */
export function readTranscript(
  file: TranscriptFile,
  position: SourcePosition | undefined,
  onBatch: OnBatch,
): SourceRead {
  let fd: number;
  try {
    fd = openSync(file.path, "r");
  } catch (error) {
    return unopened(file, error);
  }
  try {
    return readOpen({ file, fd, position, onBatch });
  } finally {
    closeSync(fd);
  }
}

function unopened(file: TranscriptFile, error: unknown): SourceRead {
  const code = errnoOf(error);
  if (code === "ENOENT" || code === "ENOTDIR") return { position: undefined, damage: [] };
  const reason = `cannot be read (${code ?? "unknown error"})`;
  return {
    position: undefined,
    damage: [{ path: file.path, line: undefined, fromByte: 0, toByte: 0, reason }],
  };
}

interface OpenFile {
  readonly file: TranscriptFile;
  readonly fd: number;
  readonly position: SourcePosition | undefined;
  readonly onBatch: OnBatch;
}

/** What is being read: where we are in the file, the line in progress, the batch in progress. */
interface Reading {
  readonly path: string;
  readonly inode: number;
  /** Size when the file was opened: what is appended meanwhile is the next read's. */
  readonly sizeBytes: number;
  readonly onBatch: OnBatch;
  /** Whoever reads has had enough: their time is up. */
  stopped: boolean;
  /** Number of the line in progress, or undefined when reading began in the middle of the file. */
  line: number | undefined;
  lineFrom: number;
  /** Parts of the line in progress; dropped when it grows too long to be kept. */
  held: Buffer[];
  heldBytes: number;
  batchFrom: number;
  records: JsonObject[];
  ends: number[];
  readonly damage: Damage[];
}

function readOpen({ file, fd, position, onBatch }: OpenFile): SourceRead {
  const stat = fstatSync(fd);
  if (!stat.isFile()) return unopened(file, { code: "EISDIR" });
  const from = startAt(fd, stat, position);
  const reading: Reading = {
    path: file.path,
    inode: stat.ino,
    sizeBytes: stat.size,
    onBatch,
    stopped: false,
    line: from === 0 ? 1 : undefined,
    lineFrom: from,
    held: [],
    heldBytes: 0,
    batchFrom: from,
    records: [],
    ends: [],
    damage: [],
  };
  const chunk = Buffer.allocUnsafe(Math.max(1, Math.min(READ_CHUNK_BYTES, stat.size - from)));
  for (let at = from; at < stat.size && !reading.stopped; ) {
    const bytes = readSync(fd, chunk, 0, Math.min(chunk.length, stat.size - at), at);
    if (bytes === 0) break;
    takeChunk(reading, chunk.subarray(0, bytes));
    at += bytes;
  }
  handOver(reading);
  return { position: positionOf(reading), damage: reading.damage };
}

/** Where to go on: at the saved offset if this is still the file it was, else at the beginning. */
function startAt(
  fd: number,
  stat: { ino: number; size: number },
  position: SourcePosition | undefined,
): number {
  if (position === undefined || position.inode !== stat.ino || stat.size < position.offset) return 0;
  if (position.offset === 0) return 0;
  // A file that was truncated and has grown again keeps its inode; its lines end elsewhere.
  const before = Buffer.alloc(1);
  const bytes = readSync(fd, before, 0, 1, position.offset - 1);
  return bytes === 1 && before[0] === LINE_FEED ? position.offset : 0;
}

function takeChunk(reading: Reading, chunk: Buffer): void {
  let from = 0;
  for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
    endLine(reading, chunk.subarray(from, end));
    from = end + 1;
    if (reading.stopped) return;
  }
  if (from < chunk.length) hold(reading, chunk.subarray(from));
}

/** Keeps the beginning of a line until its end is read. Copies, because the chunk is written over. */
function hold(reading: Reading, part: Buffer): void {
  reading.heldBytes += part.length;
  if (reading.heldBytes > RECORD_BYTES_MAX) reading.held = [];
  else reading.held.push(Buffer.from(part));
}

function endLine(reading: Reading, part: Buffer): void {
  const sizeBytes = reading.heldBytes + part.length;
  const end = reading.lineFrom + sizeBytes + 1;
  if (sizeBytes > RECORD_BYTES_MAX) {
    report(reading, { fromByte: 0, toByte: sizeBytes, reason: `longer than ${RECORD_BYTES_MAX} bytes` });
  } else {
    const line = reading.heldBytes === 0 ? part : Buffer.concat([...reading.held, part]);
    const read = readLine(line);
    for (const record of read.records) {
      reading.records.push(record);
      reading.ends.push(end);
    }
    for (const loss of read.losses) report(reading, loss);
  }
  reading.held = [];
  reading.heldBytes = 0;
  reading.lineFrom = end;
  if (reading.line !== undefined) reading.line++;
  if (end - reading.batchFrom >= ARCHIVE_MEMBER_BYTES) handOver(reading);
}

function report(reading: Reading, loss: { fromByte: number; toByte: number; reason: string }): void {
  const fromByte = reading.lineFrom + loss.fromByte;
  const toByte = reading.lineFrom + loss.toByte;
  const last = reading.damage.at(-1);
  if (last !== undefined && reading.damage.length >= DAMAGE_REPORTS_MAX) {
    reading.damage[DAMAGE_REPORTS_MAX - 1] = { ...last, toByte, reason: "and more up to here" };
    return;
  }
  reading.damage.push({ path: reading.path, line: reading.line, fromByte, toByte, reason: loss.reason });
}

function handOver(reading: Reading): void {
  if (reading.records.length === 0) return;
  const { records, ends, batchFrom: fromByte } = reading;
  reading.records = [];
  reading.ends = [];
  reading.batchFrom = reading.lineFrom;
  reading.stopped = reading.onBatch({ records, ends, fromByte, position: positionOf(reading) }) === "stop";
}

function positionOf(reading: Reading): SourcePosition {
  return { inode: reading.inode, sizeBytes: reading.sizeBytes, offset: reading.lineFrom };
}
