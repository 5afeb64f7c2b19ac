import { changeNotes, listNotes, type NoteChange, type NoteList } from "../app/notes.ts";
import { SearchNotesInput } from "../app/search-notes.input.ts";
import { type NotesFound, searchNotes } from "../app/search-notes.ts";
import { counted } from "../base/count.ts";
import { AppError } from "../base/error.ts";
import { parseInput } from "../base/parse.ts";
import { isOfProject, isPinned, type Note, tagsIn } from "../session/note.ts";
import { type Door, type Given, type Run, show, textOption } from "./door.ts";
import { noteGroups, noteLines } from "./note-lines.ts";

const CHANGES: readonly NoteChange[] = [
  ...(["confirm", "drop", "done", "reopen", "edit"] as const),
  ...(["pin", "unpin", "project", "session", "tag", "untag", "link"] as const),
];
/** These take one note, and words for it. */
const WORDED: readonly NoteChange[] = ["edit", "tag", "untag", "link"];

export const run: Run = async (door, given) => {
  if (textOption(given, "search") !== undefined) return searched(door, given);
  const list = given.args.length === 0 ? await listed(door, given) : await changed(door, given);
  const notes = list.notes.map(shownNote);
  const project = list.project.map(({ session, slug, note }) => ({ session, slug, ...shownNote(note) }));
  show(
    door,
    { schema: "leftoff.notes/1", session: list.session.id, notes, project } as { schema: string },
    () => textOf(door, list),
  );
};

/** What `--json` says of a note. */
function shownNote(note: Note) {
  const { id, kind, text, state, by, atMs, fields } = note;
  const { tags, link } = fields;
  return {
    ...{ id, kind, text, state, by, atMs },
    ...(isPinned(note) ? { pinned: true } : {}),
    ...(isOfProject(note) ? { scope: "project" } : {}),
    ...(tags === undefined ? {} : { tags: tagsIn(tags) }),
    ...(link === undefined ? {} : { link }),
  };
}

/** Options of a list that make no sense for a search are refused rather than passed over. */
async function searched(door: Door, given: Given): Promise<void> {
  if (given.args.length > 0 || given.options.session !== undefined)
    throw new AppError(
      "input_invalid",
      "--search looks through all sessions, and changes nothing.",
      'For example: leftoff notes --search "refresh token"',
    );
  const result = await searchNotes(
    door.app,
    parseInput(SearchNotesInput, {
      query: textOption(given, "search"),
      kind: textOption(given, "kind"),
      all: given.options.all === true,
    }),
  );
  const notes = result.found.map(({ session, note }) => ({
    session: session.id,
    slug: session.slug,
    ...shownNote(note),
  }));
  const { omitted, sections, sessionsSearched, sessionsOmitted, pagesOmitted } = result;
  const pages = result.pages.map(({ path, line, heading, text }) => ({
    path,
    line,
    heading: heading ?? null,
    text,
  }));
  const document = {
    schema: "leftoff.search/1",
    notes,
    omitted,
    sections,
    pages,
    pagesOmitted,
    sessionsSearched,
    sessionsOmitted,
  };
  show(door, document as { schema: string }, () => foundText(door, result));
}

function foundText(door: Door, result: NotesFound): string {
  const { found, omitted, sections, sessionsSearched, pages, pagesOmitted } = result;
  const { dim } = door.style;
  const lines = found.flatMap(({ session, note }) =>
    noteLines(door, note, ` · ${note.kind}, ${session.slug}`),
  );
  const own = sections.map(({ slug, heading, text }) => `${heading}: ${text} ${dim(`section, ${slug}`)}`);
  const places = pages.map(({ path, line, heading, text }) =>
    [`${text} ${dim(`page, ${path}:${line}`)}`, ...(heading === undefined ? [] : [dim(heading)])].join(" "),
  );
  const none = `No note in ${counted(sessionsSearched, "session")} has these words.`;
  return [
    ...(lines.length + own.length + places.length === 0 ? [none] : [...lines, ...own]),
    ...(omitted > 0 ? [dim(`and ${omitted} more`)] : []),
    ...places,
    ...(pagesOmitted > 0 ? [dim(`and ${pagesOmitted} more in pages of context/`)] : []),
  ].join("\n");
}

async function listed(door: Door, given: Given): Promise<NoteList> {
  const list = await listNotes(door.app, {
    session: textOption(given, "session"),
    all: given.options.all === true,
  });
  const tag = textOption(given, "tag")?.replace(/^#/, "").toLowerCase();
  if (tag === undefined) return list;
  const has = ({ fields }: Note) => tagsIn(fields.tags).some((own) => own.toLowerCase() === tag);
  return {
    ...list,
    notes: list.notes.filter(has),
    project: list.project.filter(({ note }) => has(note)),
  };
}

async function changed(door: Door, given: Given): Promise<NoteList> {
  const [word, ...rest] = given.args;
  const change = CHANGES.find((candidate) => candidate === word);
  if (change === undefined) {
    throw new AppError(
      "input_invalid",
      `"${word}" is nothing that can be done to a note.`,
      `One of: ${CHANGES.join(", ")}; or nothing, to list them.`,
    );
  }
  if (rest.length === 0)
    throw new AppError(
      "input_invalid",
      `Which notes shall be changed by \`${change}\`?`,
      "`leftoff notes` shows their ids.",
    );
  const edit = WORDED.includes(change)
    ? { notes: rest.slice(0, 1), text: rest.slice(1).join(" ") }
    : { notes: rest };
  return changeNotes(door.app, { change, session: textOption(given, "session"), ...edit });
}

function textOf(door: Door, { session, notes, project }: NoteList): string {
  if (notes.length + project.length === 0) return `${session.slug} has no notes to show.`;
  const others = project.flatMap(({ slug, note }) => noteLines(door, note, ` · ${note.kind}, ${slug}`));
  const groups = [
    ...noteGroups(door, notes),
    ...(others.length === 0 ? [] : ["", door.style.bold("Of the project"), ...others]),
  ];
  return groups.slice(1).join("\n");
}
