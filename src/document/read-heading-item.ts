import type { NoteKind } from "../session/note.ts";
import { fieldOf, ITEM_FORMS, isHeadLabel, labelOf } from "./fields.ts";
import type { Line, Scan } from "./scan.ts";

/**
 * Where an item ends whose name is a heading and whose fields are a list below it; undefined where the heading is none:
 * its first list item must be a field. A list item that is an attempt or a decision by itself ends it.
 */
export function headingItemEnd(
  text: string,
  { lines }: Scan,
  { kind, at, to }: { kind: NoteKind; at: number; to: number },
): number | undefined {
  if (ITEM_FORMS[kind].label === undefined) return undefined;
  let end = at + 1;
  let hasField = false;
  for (let next = at + 1; next < to; next += 1) {
    const line = lines[next];
    if (line === undefined || line.kind === "heading") break;
    const is = line.kind === "list" && line.indent < 2 ? pointOf(text, line, kind) : "below";
    if (is === "item" || (is === "point" && !hasField)) break;
    hasField ||= is === "field";
    if (line.kind !== "blank") end = next + 1;
  }
  return hasField ? end : undefined;
}

function pointOf(text: string, line: Line, kind: NoteKind): "field" | "point" | "item" {
  const content = text.slice(line.body, line.to).trimEnd();
  if (content.startsWith("[")) return "item";
  const label = labelOf(content);
  if (label === undefined) return "point";
  if (isHeadLabel(kind, label.name)) return "item";
  return fieldOf(label.name) === undefined ? "point" : "field";
}
