import type { RecordBatch, TranscriptFile } from "../agent/agent.ts";
import type { ArchiveFile, ArchiveFilling, ArchiveGap, ArchiveGaps, Repair } from "../store/store.ts";
import type { App } from "./app.ts";
import { transcriptOf } from "./call-transcript.ts";
import { loadConversation } from "./conversation.ts";
import { archivedRecords, recordKey } from "./known-records.ts";
import { redactedBatch, withoutKnown } from "./read-conversation.ts";

/** What an archive had lost of a transcript, and was read there again. */
export interface Refilled {
  readonly file: ArchiveFile;
  /** Of the transcript. */
  readonly path: string;
  readonly records: number;
}

/** Reads again what an archive lost, where the agent still has it, and puts it back to where it stood. Undefined: nothing of it. */
export async function refillArchive(
  app: App,
  repair: Repair,
  { file, gaps }: ArchiveGaps,
): Promise<Refilled | undefined> {
  const source = file.agent === app.agent.name ? await sourceOf(app, file) : undefined;
  if (source === undefined) return undefined;
  const filling = repair.fill(file);
  const known = new Set(archivedRecords(app, file));
  for (const gap of gaps) {
    if (await isSameSource(app, source, gap)) await readGap(app, source, { gap, filling, known });
  }
  const records = filling.end();
  return records === 0 ? undefined : { file, path: source.path, records };
}

/** The agent's file that this one was read from: where we read it last, else where its work tree's transcripts lie. */
async function sourceOf(app: App, { conversation, file }: ArchiveFile): Promise<TranscriptFile | undefined> {
  const transcriptPath = loadConversation(app, conversation)?.transcriptPath;
  const there = transcriptOf({ transcriptPath, conversation });
  const main = there.kind === "file" ? there.file : await mainOf(app, conversation);
  if (main === undefined || file === "main") return main;
  const others = await app.agent.subagentTranscripts(main);
  return others.find(({ name }) => name === file);
}

async function mainOf(
  app: App,
  conversation: ArchiveFile["conversation"],
): Promise<TranscriptFile | undefined> {
  for (const { root } of app.workspaces.read().trees) {
    const place = { workTreePath: root, env: app.env };
    const [main] = await app.agent.transcripts(place, (file) => file.conversation === conversation);
    if (main !== undefined) return main;
  }
  return undefined;
}

/** Whether the file has, at a place that was read behind the gap, what stood there then. */
async function isSameSource(app: App, source: TranscriptFile, { knownBy }: ArchiveGap): Promise<boolean> {
  let restarts = false;
  const { position } = await app.agent.read(source, knownBy, (batch) => {
    restarts ||= batch.restarts;
    return "stop";
  });
  return !restarts && (position?.offset ?? 0) >= knownBy.offset;
}

async function readGap(
  app: App,
  source: TranscriptFile,
  to: { readonly gap: ArchiveGap; readonly filling: ArchiveFilling; readonly known: Set<string> },
): Promise<void> {
  const { gap, filling, known } = to;
  await app.agent.read(source, gap.from, (batch) => {
    if (batch.restarts) return "stop";
    const kept = withoutKnown(redactedBatch(app, cutTo(batch, gap.toByte)), known);
    filling.take(gap, kept);
    for (const record of kept.records) known.add(recordKey(record));
    return batch.position.offset >= gap.toByte ? "stop" : undefined;
  });
}

/** The part of a batch that lies before this byte. */
function cutTo(batch: RecordBatch, toByte: number): RecordBatch {
  const { position } = batch;
  if (position.offset <= toByte) return batch;
  const count = batch.ends.filter((end) => end <= toByte).length;
  return {
    ...batch,
    records: batch.records.slice(0, count),
    ends: batch.ends.slice(0, count),
    losses: batch.losses.filter(({ fromByte }) => fromByte < toByte),
    position: { inode: position.inode, sizeBytes: position.sizeBytes, offset: toByte },
  };
}
