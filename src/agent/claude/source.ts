import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { sha256 } from "../../base/digest.ts";
import { errnoOf } from "../../base/error.ts";
import { type ConversationId, isConversationId } from "../../base/id.ts";
import {
  CALL_TAIL_BYTES,
  CALL_TRANSCRIPTS_MAX,
  READ_CHUNK_BYTES,
  RECORD_WINDOW_OVERLAP_BYTES,
  TRANSCRIPT_HEAD_BYTES,
} from "../../base/limits.ts";
import { asObject, type JsonObject, parseJson, stringField } from "../../base/parse.ts";
import type { SourcePosition } from "../../store/store.ts";
import type { AgentPlace, OnBatch, SourceRead, TranscriptFile } from "../agent.ts";
import { openLineReader } from "./line-reader.ts";
import { belongsTo, projectSlug } from "./place.ts";

const LINE_FEED = 0x0a;
const NUL = 0x00;
const SUFFIX = ".jsonl";

/**
 * Claude Code's transcripts of a work tree, newest first: those begun at its top, and those begun in folders below that are
 * part of it. Reads folders, and the first few kB of each file; never throws.
 */
export function findTranscripts(
  { workTreePath, owns, env }: AgentPlace,
  wanted: (file: TranscriptFile) => boolean = () => true,
): readonly TranscriptFile[] {
  const home = env.HOME || env.USERPROFILE;
  const config = env.CLAUDE_CONFIG_DIR || (home ? join(home, ".claude") : undefined);
  if (config === undefined) return [];
  const projects = join(config, "projects");
  const slug = projectSlug(workTreePath);
  const own = transcriptsIn(join(projects, slug), wanted).filter((file) =>
    belongsTo(workTreePath, foldersInHead(file.path)),
  );
  if (owns === undefined) return [...own].sort(newestFirst);
  const isOwn = (folder: string) => folder.startsWith(`${workTreePath}/`) && owns(folder);
  const below = entriesIn(projects)
    .filter((name) => name.startsWith(`${slug}-`))
    .flatMap((name) => transcriptsIn(join(projects, name), wanted))
    .filter(({ path }) => foldersInHead(path).slice(0, 1).some(isOwn));
  return [...own, ...below].sort(newestFirst);
}

function transcriptsIn(folder: string, wanted: (file: TranscriptFile) => boolean): readonly TranscriptFile[] {
  return namesIn(folder)
    .map((name) => transcriptAt(join(folder, name), conversationOf(name), "main"))
    .filter((file) => file !== undefined)
    .filter(wanted);
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
  return entriesIn(folder).filter((name) => name.endsWith(SUFFIX));
}

function entriesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
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
 * The conversation whose transcript, or a subagent's, ends with records that hold this tool call: of those that moved last
 * the first. A text that quotes the id is none: quotes within a string are escaped. See {@link Agent.conversationOfCall}.
 */
export function findCall(place: AgentPlace, callId: string): ConversationId | undefined {
  if (!/^[\w-]{1,128}$/.test(callId)) return undefined;
  const record = Buffer.from(`"id":"${callId}"`);
  return findTranscripts(place)
    .slice(0, CALL_TRANSCRIPTS_MAX)
    .find((main) =>
      [main, ...findSubagentTranscripts(main)].some(({ path }) =>
        endOf(path, CALL_TAIL_BYTES).includes(record),
      ),
    )?.conversation;
}

/** See {@link Agent.readEnd}. The line that the bytes begin in is none of them, nor one that is not ended yet. */
export function readEnd({ path }: TranscriptFile, bytesMax: number): readonly JsonObject[] {
  const bytes = endOf(path, bytesMax);
  const from = bytes.length < bytesMax ? 0 : bytes.indexOf(LINE_FEED) + 1;
  const text = bytes.subarray(from, Math.max(from, bytes.lastIndexOf(LINE_FEED))).toString("utf8");
  return text
    .split("\n")
    .map((line) => asObject(parseJson(line)))
    .filter((record) => record !== undefined);
}

function endOf(path: string, bytesMax: number): Buffer {
  let fd: number | undefined;
  try {
    fd = openSync(path, "r");
    const { size } = fstatSync(fd);
    return bytesAt(fd, Math.max(0, size - bytesMax), size);
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

/** How much before a place is remembered, so that it is known again: a transcript's lines never end alike. */
const TAIL_BYTES = 64;

function readOpen({ file, fd, position, onBatch }: OpenFile): SourceRead {
  const stat = fstatSync(fd);
  if (!stat.isFile()) return unopened(file, { code: "EISDIR" });
  const from = startAt(fd, stat, position);
  const restarts = from === 0 && position !== undefined && position.offset > 0;
  const knownTo = restarts ? stat.size : (position?.knownTo ?? 0);
  const reader = openLineReader({
    path: file.path,
    fromByte: from,
    inRecord: from > 0 && position?.inRecord === true,
    restarts,
    bytesBefore: () => bytesAt(fd, Math.max(0, from - RECORD_WINDOW_OVERLAP_BYTES), from),
    recordFrom: () => recordAround(fd, from),
    countLines: () => 1 + countLineFeeds(fd, from),
    // What is appended while we read is the next read's.
    positionAt: (offset, inRecord) => ({
      inode: stat.ino,
      sizeBytes: stat.size,
      offset,
      ...(offset > 0 ? { tail: tailAt(fd, offset) } : {}),
      ...(inRecord ? { inRecord } : {}),
      ...(offset < knownTo ? { knownTo } : {}),
    }),
    onBatch,
  });
  forEachChunk(fd, { from, to: stat.size }, (chunk) => reader.take(chunk));
  return { position: reader.end(), damage: [] };
}

/** Where to go on: at the saved offset if this is still the file it was, else at the beginning. */
function startAt(
  fd: number,
  stat: { ino: number; size: number },
  position: SourcePosition | undefined,
): number {
  if (position === undefined || position.inode !== stat.ino || stat.size < position.offset) return 0;
  if (position.offset === 0) return 0;
  // A file that was truncated and has grown again keeps its inode; other bytes stand there now.
  const isSame =
    position.tail === undefined
      ? bytesAt(fd, position.offset - 1, position.offset)[0] === LINE_FEED
      : tailAt(fd, position.offset) === position.tail;
  return isSame ? position.offset : 0;
}

function tailAt(fd: number, offset: number): string {
  const bytes = bytesAt(fd, Math.max(0, offset - TAIL_BYTES), offset);
  return sha256(bytes).slice(0, 8);
}

function bytesAt(fd: number, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(to - from);
  return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, from));
}

/** Where what lies at a place begins: after the last line feed before it, or after the last hole. */
function recordAround(fd: number, at: number): number {
  for (let to = at; to > 0; to -= READ_CHUNK_BYTES) {
    const from = Math.max(0, to - READ_CHUNK_BYTES);
    const bytes = bytesAt(fd, from, to);
    const end = Math.max(bytes.lastIndexOf(LINE_FEED), bytes.lastIndexOf(NUL));
    if (end !== -1) return from + end + 1;
  }
  return 0;
}

function countLineFeeds(fd: number, to: number): number {
  let count = 0;
  forEachChunk(fd, { from: 0, to }, (chunk) => {
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, at + 1)) count += 1;
  });
  return count;
}

function forEachChunk(
  fd: number,
  { from, to }: { readonly from: number; readonly to: number },
  onChunk: (chunk: Buffer) => unknown,
): void {
  const chunk = Buffer.allocUnsafe(Math.max(1, Math.min(READ_CHUNK_BYTES, to - from)));
  for (let at = from; at < to; ) {
    const bytes = readSync(fd, chunk, 0, Math.min(chunk.length, to - at), at);
    if (bytes === 0) return;
    if (onChunk(chunk.subarray(0, bytes)) === "stop") return;
    at += bytes;
  }
}
