import type { NoteId } from "../base/id.ts";
import { isNoteField, type Note, type NoteFields, type NoteKind, sameFields } from "../session/note.ts";
import type { DocumentView } from "./document.ts";
import { isHorizon } from "./fields.ts";
import { normalText } from "./item-text.ts";
import type { ParsedItem } from "./parsed.ts";
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

type Entries = Pick<DocumentView, "notes" | "files" | "commands" | "hidden">;

/** All items of a view: notes that are not dropped, then files and commands that no note is about already. */
export function entriesOf(view: Entries): readonly Entry[] {
  return [...view.notes.flatMap((note) => entryOf(note) ?? []), ...foundEntries(view)];
}

/** Undefined for a note that was dropped, and for one without a word in it: that can't be written as an item. */
export function entryOf(note: Note): Entry | undefined {
  const { id, kind, state } = note;
  const text = state === "dropped" ? "" : normalText(note.text);
  if (text === "") return undefined;
  return {
    id,
    kind,
    text,
    fields: fieldsOf(note),
    done: state === "done",
    unconfirmed: state === "proposed",
  };
}

/**
 * Whether an item says already what the entry of a note would: nearly every one does in a long document, and needs none.
 * What was read is as {@link normalText} gives it, so that a note that says the same is, too.
 */
export function isAsNoted(item: ParsedItem, { kind, text, fields, state }: Note): boolean {
  return (
    item.text === text &&
    item.kind === kind &&
    state !== "dropped" &&
    item.unconfirmed === (state === "proposed") &&
    (item.checked === true) === (state === "done") &&
    sameFields(item.fields, fields) &&
    (kind !== "next" || fields.horizon === undefined || isShownHorizon(fields.horizon))
  );
}

/** Files and commands of a view that no note is about already, and no person took out. */
export function foundEntries({ notes, files, commands, hidden }: Entries): readonly Entry[] {
  const known = new Set(hidden);
  for (const { kind, text } of notes) {
    if (kind === "file" || kind === "command") known.add(derivedId(kind, aboutOf(kind, text)));
  }
  return [...files.flatMap(fileEntry), ...commands.flatMap(commandEntry)].filter(({ id }) => {
    const isNew = !known.has(id);
    known.add(id);
    return isNew;
  });
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
