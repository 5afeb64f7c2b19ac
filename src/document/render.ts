import { NOTE_FIELDS, type NoteField } from "../session/note.ts";
import type { Entry } from "./entry.ts";
import { FIELD_LABELS, ITEM_FORMS } from "./fields.ts";
import { isPlaceholder, type TextPlace, UNCONFIRMED, writeText } from "./item-text.ts";

/** How the items around a new one are written, so that it looks like them. */
export interface ItemStyle {
  /** White space before the marker, as it stands in the file. */
  readonly indent: string;
  /** `-`, `*`, `3.`: of this very item. */
  readonly marker: string;
}

/** A list item as lines, without their endings. */
export function renderItem(entry: Entry, style: ItemStyle): readonly string[] {
  const below = `${style.indent}${" ".repeat(style.marker.length + 1)}`;
  const fields = fieldsInOrder(entry).map((field) => renderField(entry, field, `${below}- `));
  return [renderHead(entry, style, hasBox(entry)), ...fields];
}

export function renderHead(entry: Entry, { indent, marker }: ItemStyle, box: boolean): string {
  const { label, tick } = ITEM_FORMS[entry.kind];
  const ticked = tick && !box;
  const place: TextPlace = {
    behindLabel: label !== undefined,
    marks: ticked ? "unconfirmed_and_tick" : "unconfirmed",
  };
  const parts = [
    `${indent}${marker}`,
    ...(box ? [entry.done ? "[x]" : "[ ]"] : []),
    ...(label === undefined ? [] : [`**${label}**:`]),
    writeText(entry.text, place),
    ...(entry.unconfirmed ? [UNCONFIRMED] : []),
    ...(ticked && entry.done ? [TICK] : []),
  ];
  return parts.join(" ");
}

export const TICK = "✓";

function hasBox({ kind }: Entry): boolean {
  return ITEM_FORMS[kind].box;
}

/** `  - **Why it failed**: sticky sessions`; `lead` is everything before the label. */
export function renderField({ kind, fields }: Entry, field: NoteField, lead: string): string {
  return `${lead}**${fieldLabel(kind, field)}**: ${writeText(fields[field] ?? "", { behindLabel: true, marks: "none" })}`;
}

export function fieldLabel(kind: Entry["kind"], field: NoteField): string {
  return ITEM_FORMS[kind].labels[field] ?? FIELD_LABELS[field];
}

/** The section's own fields first. The horizon of a next step is the group it stands in. */
export function fieldsInOrder({ kind, fields }: Entry): readonly NoteField[] {
  const own = Object.keys(ITEM_FORMS[kind].labels) as NoteField[];
  const order = [...own, ...NOTE_FIELDS.filter((field) => !own.includes(field))];
  return order.filter((field) => fields[field] !== undefined && !(kind === "next" && field === "horizon"));
}

/** A paragraph of the context summary. */
export function renderProse({ text, unconfirmed }: Entry): string {
  const written = writeText(text, { behindLabel: false, marks: "unconfirmed" });
  return unconfirmed ? `${written} ${UNCONFIRMED}` : written;
}

/** A command in a code fence, below what it is for. */
export function renderCommand({ text, fields, unconfirmed }: Entry): readonly string[] {
  const why =
    fields.why === undefined ? "" : writeText(fields.why, { behindLabel: true, marks: "unconfirmed" });
  const comment = [why, ...(unconfirmed ? [UNCONFIRMED] : [])].filter((part) => part !== "").join(" ");
  return comment === "" ? [text] : [`# ${comment}`, text];
}

/** Whether a command can stand in a code fence and be read again; one that can't becomes a list item. */
export function fitsFence({ text }: Entry): boolean {
  return (
    !/^(?:#|`{3}|~{3}|\$ |[❯>] )|\\$|<<|^(?:done|fi|esac|then|do|else|elif|[})])(?:[\s;|>&]|$)|^[<>=|]{7}/.test(
      text,
    ) && !isPlaceholder(text)
  );
}
