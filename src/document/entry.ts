import type { NoteId } from "../base/id.ts";
import { NOTE_FIELDS, type Note, type NoteFields, type NoteKind } from "../session/note.ts";
import type { DocumentView } from "./document.ts";
import { isHorizon } from "./fields.ts";
import { normalText } from "./item-text.ts";
import { aboutOf, derivedId } from "./written.ts";

/** What one item of the document shall say: a note, or a file or command that leftoff found, in the form it is written in. */
export interface Entry {
  readonly id: NoteId;
  readonly kind: NoteKind;
  readonly text: string;
  readonly fields: NoteFields;
  readonly done: boolean;
  readonly unconfirmed: boolean;
}

/** All items of a view: notes that are not dropped, then files and commands that no note is about already. */
export function entriesOf(
  view: Pick<DocumentView, "notes" | "files" | "commands" | "hidden">,
): readonly Entry[] {
  const notes = view.notes.filter(({ state }) => state !== "dropped").flatMap(entryOf);
  const told = new Set(
    view.notes.flatMap(({ kind, text }) => (isFound(kind) ? [derivedId(kind, aboutOf(kind, text))] : [])),
  );
  const hidden = new Set([...told, ...(view.hidden ?? [])]);
  const found = [...view.files.flatMap(fileEntry), ...view.commands.flatMap(commandEntry)];
  return [...notes, ...found.filter(({ id }) => !hidden.has(id) && hidden.add(id))];
}

function isFound(kind: NoteKind): kind is "file" | "command" {
  return kind === "file" || kind === "command";
}

/** A note without a word in it can't be written as an item. */
function entryOf(note: Note): readonly Entry[] {
  const text = normalText(note.text);
  if (text === "") return [];
  const { id, kind, state } = note;
  const unconfirmed = state === "proposed";
  return [{ id, kind, text, fields: fieldsOf(note), done: state === "done", unconfirmed }];
}

function fieldsOf({ kind, fields }: Note): NoteFields {
  const shown: { -readonly [Field in keyof NoteFields]: NoteFields[Field] } = {};
  for (const field of NOTE_FIELDS) {
    const value = fields[field];
    if (value === undefined) continue;
    const text = normalText(value);
    if (text !== "") shown[field] = text;
  }
  // No horizon means immediate, and what is no horizon of ours means nothing in a list of next steps.
  if (kind === "next" && (!isHorizon(shown.horizon) || shown.horizon === "immediate")) delete shown.horizon;
  return shown;
}

function fileEntry({ path, what }: DocumentView["files"][number]): readonly Entry[] {
  const name = normalText(path);
  if (name === "") return [];
  const text = normalText(
    `${name.includes("`") ? name : `\`${name}\``}${what.trim() === "" ? "" : ` - ${what}`}`,
  );
  return [foundEntry("file", text, {})];
}

function commandEntry({ command, what }: DocumentView["commands"][number]): readonly Entry[] {
  const text = normalText(command);
  const why = normalText(what);
  return text === "" ? [] : [foundEntry("command", text, why === "" ? {} : { why })];
}

function foundEntry(kind: "file" | "command", text: string, fields: NoteFields): Entry {
  return { id: derivedId(kind, aboutOf(kind, text)), kind, text, fields, done: false, unconfirmed: false };
}
