import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ConversationId } from "../../src/base/id.ts";
import { namesIn, readIfThere } from "../../src/disk/read.ts";
import { answerOf, type Box, promptIdOf, promptOf } from "./box.ts";
import { leftTroubles } from "./leftovers.ts";

/** The two hook calls of a turn, as the agent's payloads tell them. */
export function turnPayloads(box: Box, conversation: ConversationId, number: number) {
  const prompt_id = promptIdOf(number);
  return {
    prompt: box.payload("UserPromptSubmit", conversation, { prompt: promptOf(number), prompt_id }),
    stop: box.payload("Stop", conversation, { prompt_id, last_assistant_message: answerOf(number) }),
  };
}

/** Every event id in the journals of a box. */
export function eventIds(box: Box): readonly string[] {
  const { journal } = box.app().store;
  return journal.sessions().flatMap((session) => journal.read(session).events.map(({ id }) => id));
}

/** What is not as it would be, had nobody killed anything. `known`: events that were in the journal before. */
export function turnTroubles(
  box: Box,
  conversation: ConversationId,
  { known, sessions }: { readonly known: readonly string[]; readonly sessions: number },
): readonly string[] {
  return [
    ...archiveTroubles(box, conversation),
    ...journalTroublesOf(box, known),
    ...sessionTroubles(box, sessions),
    ...leftTroubles(box),
  ];
}

function archiveTroubles(box: Box, conversation: ConversationId): readonly string[] {
  const { records, damage } = box.app().store.archive.read({ agent: "claude", conversation, file: "main" });
  const kept = records.map(({ uuid }) => uuid);
  const said = readFileSync(box.transcript(conversation), "utf8").split("\n").filter(Boolean);
  const wanted = said.map((line) => (JSON.parse(line) as { uuid: string }).uuid);
  const isSame = JSON.stringify(kept) === JSON.stringify(wanted);
  return [
    ...(isSame ? [] : [`the archive has ${kept.length} records of ${wanted.length}, or in another order`]),
    ...damage.map(({ reason }) => `archive: ${reason}`),
  ];
}

function journalTroublesOf(box: Box, known: readonly string[]): readonly string[] {
  const ids = eventIds(box);
  const { journal } = box.app().store;
  const damage = journal.sessions().flatMap((session) => journal.read(session).damage);
  const lost = known.filter((id) => !ids.includes(id));
  return [
    ...(new Set(ids).size === ids.length ? [] : ["an event is there twice"]),
    ...(lost.length === 0 ? [] : [`${lost.length} events are lost`]),
    ...damage.map(({ reason }) => `journal: ${reason}`),
  ];
}

function sessionTroubles(box: Box, sessions: number): readonly string[] {
  const app = box.app();
  const ids = app.store.journal.sessions();
  const folder = join(box.project, ".claude", "sessions");
  const documents = namesIn(folder).filter((name) => name.endsWith(".tmp"));
  const twice = documents.flatMap((name) => {
    const lines = (readIfThere(join(folder, name))?.toString("utf8") ?? "").split("\n");
    const items = lines.filter((line) => /^\s*[-*] \S/.test(line));
    return items.filter((line, index) => items.indexOf(line) !== index);
  });
  return [
    ...(ids.length === sessions ? [] : [`${ids.length} sessions instead of ${sessions}`]),
    ...(documents.length === sessions ? [] : [`${documents.length} documents instead of ${sessions}`]),
    ...twice.map((line) => `twice in a document: ${line}`),
  ];
}
