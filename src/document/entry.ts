import type { NoteId } from "../base/id.ts";
import { isNoteField, type Note, type NoteFields, type NoteKind } from "../session/note.ts";
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
  const entries: Entry[] = [];
  const hidden = new Set(view.hidden);
  for (const note of view.notes) {
    const entry = note.state === "dropped" ? undefined : entryOf(note);
    if (entry !== undefined) entries.push(entry);
    if (isFound(note.kind)) hidden.add(derivedId(note.kind, aboutOf(note.kind, note.text)));
  }
  const found = [...view.files.flatMap(fileEntry), ...view.commands.flatMap(commandEntry)];
  for (const entry of found) {
    if (hidden.has(entry.id)) continue;
    hidden.add(entry.id);
    entries.push(entry);
  }
  return entries;
}

function isFound(kind: NoteKind): kind is "file" | "command" {
  return kind === "file" || kind === "command";
}

/** A note without a word in it can't be written as an item. */
function entryOf(note: Note): Entry | undefined {
  const text = normalText(note.text);
  if (text === "") return undefined;
  const { id, kind, state } = note;
  const unconfirmed = state === "proposed";
  return { id, kind, text, fields: fieldsOf(note), done: state === "done", unconfirmed };
}

function fieldsOf({ kind, fields }: Note): NoteFields {
  if (areShowable(kind, fields)) return fields;
  const shown: { -readonly [Field in keyof NoteFields]: NoteFields[Field] } = {};
  for (const name in fields) {
    const text = isNoteField(name) ? normalText(fields[name] ?? "") : "";
    if (isNoteField(name) && text !== "") shown[name] = text;
  }
  if (kind === "next" && !isShownHorizon(shown.horizon)) delete shown.horizon;
  return shown;
}

/** Nearly all are shown as they are. */
function areShowable(kind: NoteKind, fields: NoteFields): boolean {
  for (const name in fields) {
    const value = isNoteField(name) ? fields[name] : undefined;
    if (value === undefined || value === "" || normalText(value) !== value) return false;
  }
  return kind !== "next" || fields.horizon === undefined || isShownHorizon(fields.horizon);
}

/** No horizon means immediate, and what is no horizon of ours means nothing in a list of next steps. */
function isShownHorizon(horizon: string | undefined): boolean {
  return isHorizon(horizon) && horizon !== "immediate";
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
