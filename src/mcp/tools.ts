import type { z } from "zod";
import { NoteInput } from "../app/note.input.ts";
import { addNote } from "../app/note.ts";
import { NotesInput } from "../app/notes.input.ts";
import { listNotes, type NotesChanged, settleNotes } from "../app/notes.ts";
import { SearchNotesInput } from "../app/search-notes.input.ts";
import { searchNotes } from "../app/search-notes.ts";
import { ShowBriefInput } from "../app/show-brief.input.ts";
import { showBrief } from "../app/show-brief.ts";
import { showDocument } from "../app/show-document.ts";
import { ShowSessionInput } from "../app/show-session.input.ts";
import { showSession } from "../app/show-session.ts";
import { sessionTool } from "./session-tool.ts";
import { foundText, noteLine, noteLines, shownText } from "./text.ts";
import { type Annotations, type Tool, tool } from "./tool.ts";

const READS: Annotations = { readOnlyHint: true, openWorldHint: false };

const brief = tool({
  name: "brief",
  description:
    "Where earlier conversations left off: next steps, failed attempts, decisions. A conversation starts with it; call this for another session or to see what is new.",
  input: ShowBriefInput,
  annotations: READS,
  run: async (app, input) => {
    const { brief: made } = await showBrief(app, input);
    return { text: made.text === "" ? "Nothing is recorded yet." : made.text };
  },
});

const search = tool({
  name: "search_notes",
  description:
    "Search what was recorded, by words: whether something was tried, decided or found before. Best first, dropped notes left out.",
  input: SearchNotesInput,
  annotations: READS,
  run: async (app, input) => ({
    text: foundText(await searchNotes(app, input), app.clock.nowMs()),
    rest: "search for more words, or one kind",
  }),
});

const show = tool({
  name: "show",
  description: "A session in full (notes with ids, files, commands, conversations), or one part of it.",
  input: ShowSessionInput,
  annotations: READS,
  run: async (app, { session, part }) => {
    if (part === "document") {
      const { slug, text } = await showDocument(app, { session });
      return { text, rest: `the resource leftoff://session/${slug}/document has all of it` };
    }
    const rest =
      part === undefined ? "`show` with `part` gives one part" : "`search_notes` finds notes by words";
    return { text: shownText(await showSession(app, { session }), part, app.clock.nowMs()), rest };
  },
});

const note = tool({
  name: "note",
  // An agent that would have to look for it first does not note. The others are named to it, and looked for when needed.
  alwaysLoad: true,
  description:
    "Record what only you know, when you know it: a decision or failed approach with fields.why, what worked with fields.result, a finding, blocker or next step. Files, commands and test results are recorded by themselves.",
  input: NoteInput,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  run: async (app, input) => {
    const { slug, kind, note: id } = await addNote(app, input);
    return { text: `Noted in ${slug} (${kind} ${id.slice(-6)}).` };
  },
});

const notes = tool({
  name: "notes",
  description:
    "Settle notes by id, all changes in one call: confirm or drop unconfirmed proposals, done ticks off, reopen, edit. Without changes it lists them.",
  input: NotesInput,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  run: async (app, input) => {
    const nowMs = app.clock.nowMs();
    const changes = changesIn(input);
    if (changes.length === 0)
      return listed(await listNotes(app, { session: input.session, all: input.all === true }), input, nowMs);
    const { session, notes: changed } = await settleNotes(app, { session: input.session, changes });
    return {
      text: [`Changed in ${session.slug}:`, ...changed.map((one) => noteLine(one, nowMs))].join("\n"),
    };
  },
});

function listed(
  { session, notes: all }: Awaited<ReturnType<typeof listNotes>>,
  { kind }: z.infer<typeof NotesInput>,
  nowMs: number,
) {
  const lines = noteLines(
    all.filter((one) => kind === undefined || one.kind === kind),
    nowMs,
  );
  const text =
    lines.length === 0 ? `${session.slug} has no such notes.` : [`${session.slug}:`, ...lines].join("\n");
  return { text, rest: "ask for one `kind`, or `search_notes`" };
}

function changesIn({
  confirm,
  edit,
  done,
  reopen,
  drop,
}: z.infer<typeof NotesInput>): readonly NotesChanged[] {
  const lists = { confirm, done, reopen, drop } as const;
  const settled = Object.entries(lists).flatMap(([change, ids]) =>
    ids === undefined || ids.length === 0 ? [] : [{ change: change as keyof typeof lists, notes: ids }],
  );
  return [
    ...settled,
    ...(edit ?? []).map(({ note: id, text }) => ({ change: "edit" as const, notes: [id], text })),
  ];
}

/** The tools of the server, in the order they are listed. */
export const TOOLS: readonly Tool[] = [brief, search, show, note, notes, sessionTool];
