import type { DocumentView } from "./document.ts";
import { type Draft, replaceRange } from "./draft.ts";
import { type HeadEntry, writeTitle } from "./head.ts";
import { isPlaceholder, normalText } from "./item-text.ts";
import type { Line } from "./scan.ts";
import { TITLE_START } from "./sections.ts";
import { readStatus, writeStatus } from "./status.ts";

/** A title must have a word in it: a heading without one is no title when it is read. */
const NO_TITLE = "Untitled session";

export function titleOf(view: DocumentView): string {
  return normalText(view.title) || NO_TITLE;
}

/** Brings title, dates and status up to date. A person's own words for the same status stay. */
export function editHead(draft: Draft, view: DocumentView): void {
  const { head } = draft.document;
  editTitle(draft, view);
  const created = head.entries.get("created");
  if (created && isPlaceholder(created.value)) putValue(draft, created, view.createdDate);
  const updated = head.entries.get("updated");
  if (updated) putValue(draft, updated, view.updatedDate);
  else if (created) addLine(draft, created.line, `**Updated**: ${view.updatedDate}`);
  editStatus(draft, view);
  const thread = head.entries.get("thread");
  if (thread && isPlaceholder(thread.value) && view.thread) putValue(draft, thread, normalText(view.thread));
}

function editTitle(draft: Draft, view: DocumentView): void {
  const { titleRange, title } = draft.document.head;
  const wanted = titleOf(view);
  if (titleRange === undefined || title === wanted) return;
  // A title that itself begins with "Session:" would lose it when it is read: ours goes before it.
  const bare = !draft.document.text.slice(0, titleRange.from).endsWith(": ");
  const prefix = bare && /^(?:session|세션)/i.test(wanted) ? TITLE_START : "";
  replaceRange(draft, titleRange, `${prefix}${writeTitle(wanted)}`);
}

function editStatus(draft: Draft, view: DocumentView): void {
  const { entries, titleLine } = draft.document.head;
  const entry = entries.get("status");
  const value = writeStatus({ status: view.status, reason: view.statusReason });
  if (entry) {
    const said = readStatus(entry.value);
    const wanted = readStatus(value);
    const keeps =
      said?.status === view.status && (wanted?.reason === undefined || wanted.reason === said.reason);
    if (!keeps) putValue(draft, entry, value);
    return;
  }
  // A document that never had a status gets one only when there is something to say.
  const above =
    (entries.get("updated") ?? entries.get("created"))?.line ?? draft.document.scan.lines[titleLine];
  if (above && view.status !== "in_progress") addLine(draft, above, `**Status**: ${value}`);
}

function putValue(draft: Draft, { valueRange, value }: HeadEntry, wanted: string): void {
  if (value === wanted) return;
  const before = draft.document.text[valueRange.from - 1] ?? "";
  replaceRange(draft, valueRange, /\s/.test(before) ? wanted : ` ${wanted}`);
}

function addLine(draft: Draft, above: Line, line: string): void {
  const { text } = draft.document;
  const lead = above.kind === "list" ? text.slice(above.from, above.body) : "";
  draft.edits.push({ from: above.to, to: above.to, text: `${draft.eol}${lead}${line}` });
}
