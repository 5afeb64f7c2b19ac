import { layeredSummary } from "../app/layered-summary.ts";
import { NoteInput } from "../app/note.input.ts";
import { addNote } from "../app/note.ts";
import { NotesInput } from "../app/notes.input.ts";
import { listNotes, type NoteList, type NotesChanged, settleNotes } from "../app/notes.ts";
import { SearchNotesInput } from "../app/search-notes.input.ts";
import { searchNotes } from "../app/search-notes.ts";
import { ShowBriefInput } from "../app/show-brief.input.ts";
import { showBrief } from "../app/show-brief.ts";
import { showDocument } from "../app/show-document.ts";
import { partOf, SHOWN_PARTS, ShowSessionInput } from "../app/show-session.input.ts";
import { showSession } from "../app/show-session.ts";
import { NOTE_KINDS } from "../session/note.ts";
import type { Said } from "./answer.ts";
import { memoryTool } from "./memory-tool.ts";
import { sessionTool } from "./session-tool.ts";
import { foundText, noteLine, noteLines, shownText } from "./text.ts";
import { type Annotations, type Tool, tool } from "./tool.ts";

/**
 * What an agent is offered: files and commands are recorded by themselves. Words in a line cost half of what an enumeration
 * does; what is none of them is answered with all of them.
 */
const KINDS = NOTE_KINDS.filter((kind) => kind !== "file" && kind !== "command").join(" ");
const FIELDS = "why, lesson, result, cause, file, priority…; horizon: short-term or future; scope: project";
const READS: Annotations = { readOnlyHint: true, openWorldHint: false };

const brief = tool({
  name: "brief",
  description: "Where earlier conversations left off: of another session, or what is new.",
  input: ShowBriefInput,
  annotations: READS,
  run: async (app, input) => {
    const { brief: made } = await showBrief(app, input);
    return { text: made.text === "" ? "Nothing is recorded yet." : made.text };
  },
});

const search = tool({
  name: "search_notes",
  description: "Search notes: was this tried, decided or found before?",
  input: SearchNotesInput,
  listedAs: { kind: undefined },
  annotations: READS,
  run: async (app, input) => ({
    text: foundText(await searchNotes(app, input), app.clock.nowMs()),
    rest: "search for more words, or one `kind`",
  }),
});

const show = tool({
  name: "show",
  description: "A session in full, or one part of it.",
  input: ShowSessionInput,
  listedAs: { part: { type: "string", description: SHOWN_PARTS.join(" ") } },
  annotations: READS,
  run: async (app, { session, part }) => {
    const wanted = part === undefined ? undefined : partOf(part);
    if (wanted?.name === "summary")
      return { text: (await layeredSummary(app, { session, lastMs: wanted.lastMs })).text };
    if (wanted?.name === "document") {
      const { slug, text } = await showDocument(app, { session });
      return { text, rest: `the resource leftoff://session/${slug}/document has all of it` };
    }
    const rest =
      wanted === undefined ? "`show` with `part` gives one part" : "`search_notes` finds notes by words";
    return { text: shownText(await showSession(app, { session }), wanted?.name, app.clock.nowMs()), rest };
  },
});

const note = tool({
  name: "note",
  // An agent that would have to look for it first does not note. The others are named to it, and looked for when needed.
  alwaysLoad: true,
  description:
    "Record what only you know. A decision or failed approach needs fields.why, one that worked fields.result.",
  input: NoteInput,
  listedAs: {
    session: undefined,
    kind: { type: "string", description: KINDS },
    fields: { type: "object", description: FIELDS },
  },
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  run: async (app, input) => {
    const { slug, kind, note: id } = await addNote(app, input);
    return { text: `Noted in ${slug} (${kind} ${id.slice(-6)}).` };
  },
});

const notes = tool({
  name: "notes",
  description:
    "Change notes by id, all in one call: confirm or drop guesses, tick off steps. With nothing: list.",
  input: NotesInput,
  listedAs: {
    session: undefined,
    all: undefined,
    reopen: undefined,
    edit: { type: "array", items: { type: "object", description: "{note, text}" } },
  },
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  run: async (app, input) => {
    const nowMs = app.clock.nowMs();
    const changes = changesIn(input);
    if (changes.length === 0)
      return listed(await listNotes(app, { session: input.session, all: input.all === true }), nowMs);
    const { session, notes: changed, project } = await settleNotes(app, { session: input.session, changes });
    const lines = [...changed.map((one) => noteLine(one, nowMs)), ...projectLines(project, nowMs)];
    return { text: [`Changed in ${session.slug}:`, ...lines].join("\n") };
  },
});

/** Notes of the project say which session they are of. */
function projectLines(project: NoteList["project"], nowMs: number): readonly string[] {
  return project.map(({ slug, note: one }) => noteLine(one, nowMs, slug));
}

function listed({ session, notes: all, project }: NoteList, nowMs: number): Said {
  const lines = [...noteLines(all, nowMs), ...projectLines(project, nowMs)];
  const text =
    lines.length === 0 ? `${session.slug} has no notes.` : [`${session.slug}:`, ...lines].join("\n");
  return { text, rest: "`search_notes` finds them by words and kind" };
}

function changesIn({ confirm, edit, done, reopen, drop }: NotesInput): readonly NotesChanged[] {
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
export const TOOLS: readonly Tool[] = [brief, search, show, note, notes, memoryTool, sessionTool];
