import type { ItemHead, TranscriptItem } from "../agent/agent.ts";
import { EDITS_REMEMBERED_MAX, PROPOSAL_CHARS_MAX } from "../base/limits.ts";
import type { EditTrace, SlimCall } from "./carry.ts";
import { type Draft, lastTurn, withNewest } from "./draft.ts";
import { proposeUndone } from "./failed.ts";
import { withdraw } from "./proposal.ts";
import { brief, sentencesOf, shortPath } from "./prose.ts";

type Result = Extract<TranscriptItem, { readonly type: "tool_result" }>;
type Change = Extract<SlimCall, { readonly kind: "edit" | "write" }>;

/** A file was changed: that may take an earlier edit back, or make one again that had been taken back. */
export function takeEdit(draft: Draft, item: Result, change: Change): void {
  const { edits, seq, intent } = draft.carry;
  const { path, what } = change;
  const hashes = hashesOf(change);
  if (change.kind === "edit") {
    const { oldHash, newHash } = hashes;
    const inverse = edits.findLast(
      (edit) =>
        edit.path === path &&
        edit.oldHash === newHash &&
        edit.newHash === oldHash &&
        edit.undoneKey === undefined,
    );
    const same = edits.find(
      (edit) => edit.path === path && edit.oldHash === oldHash && edit.newHash === newHash,
    );
    if (same?.undoneKey !== undefined) withdraw(draft, same.undoneKey);
    if (inverse !== undefined) {
      undo(draft, inverse, item);
      return;
    }
    draft.carry.edits = edits.filter((edit) => edit !== same);
  }
  const trace: EditTrace = { seq, record: item.record, path, ...hashes, what, intent };
  draft.carry.edits = withNewest(draft.carry.edits, trace, EDITS_REMEMBERED_MAX);
}

function hashesOf(change: Change): Pick<EditTrace, "oldHash" | "newHash"> {
  return change.kind === "edit"
    ? { oldHash: change.oldHash, newHash: change.newHash }
    : { oldHash: undefined, newHash: undefined };
}

/** Git threw changes away: every edit of those files that is in no commit is undone. `paths` as typed; "*" is all. */
export function throwAway(draft: Draft, paths: readonly string[], item: Result): void {
  if (paths.length === 0) return;
  for (const edit of draft.carry.edits.filter(
    (known) => isUncommitted(draft, known) && isAmong(known, paths, item.cwd),
  ))
    undo(draft, edit, item);
}

/** `git stash`: what was not committed is gone for now. */
export function putAside(draft: Draft, item: Result): void {
  const edits = draft.carry.edits.filter((edit) => isUncommitted(draft, edit));
  for (const edit of edits) undo(draft, edit, item);
  const seqs = new Set(edits.map(({ seq }) => seq));
  draft.carry.edits = draft.carry.edits.map((edit) =>
    seqs.has(edit.seq) ? { ...edit, stashed: true } : edit,
  );
}

/** `git stash pop`: it is there again, and nothing was undone. */
export function bringBack(draft: Draft): void {
  const back = draft.carry.edits.filter(({ stashed }) => stashed);
  if (back.length === 0) return;
  for (const { undoneKey = "" } of back) withdraw(draft, undoneKey);
  draft.undone = draft.undone.filter(
    ({ path, what }) => !back.some((edit) => edit.path === path && edit.what === what),
  );
  draft.carry.edits = draft.carry.edits.map((edit) => {
    if (!edit.stashed) return edit;
    const { stashed: _, undoneKey: __, ...there } = edit;
    return there;
  });
}

function isUncommitted(draft: Draft, { seq, undoneKey }: EditTrace): boolean {
  return undoneKey === undefined && seq > (draft.carry.commitSeqs.at(-1) ?? 0);
}

/** Git's paths are relative to the folder it runs in, which a command may have changed on the way. */
function isAmong({ path }: EditTrace, paths: readonly string[], cwd: string | undefined): boolean {
  const within = withinFolder(path, cwd);
  return paths.some((typed) => {
    const name = typed.replace(/\/+$/, "");
    return typed === "*" || path === name || path.endsWith(`/${name}`) || within.startsWith(`${name}/`);
  });
}

/** Without a reason between the two it is a change of mind in passing: a fact, but no failed approach. */
function undo(draft: Draft, edit: EditTrace, { record, atMs, cwd }: ItemHead): void {
  const why = whyUndone(draft, edit);
  draft.undone = withNewest(draft.undone, { path: edit.path, what: edit.what, why, atMs });
  const isTelling = why !== undefined && (edit.what !== "" || edit.intent !== "");
  const key = isTelling
    ? proposeUndone(draft, { record, text: approachOf(edit), why, file: withinFolder(edit.path, cwd) })
    : undefined;
  draft.carry.edits = draft.carry.edits.map((other) =>
    other === edit ? { ...edit, undoneKey: key ?? "" } : other,
  );
}

function approachOf({ intent, path, what }: EditTrace): string {
  return intent || brief(`A change of ${shortPath(path)} (“${what}”)`, PROPOSAL_CHARS_MAX);
}

/** As people write it; a path outside stays whole. */
export function withinFolder(path: string, folder: string | undefined): string {
  const start = folder === undefined || folder === "" ? "/" : `${folder.replace(/\/+$/, "")}/`;
  return start.length > 1 && path.startsWith(start) ? path.slice(start.length) : path;
}

function whyUndone(draft: Draft, edit: EditTrace): string | undefined {
  const { lastFailure } = draft.carry;
  if (lastFailure !== undefined && lastFailure.seq > edit.seq) return lastFailure.text;
  const turn = lastTurn(draft);
  return turn?.corrects ? brief(sentencesOf(turn.prompt)[0] ?? "", PROPOSAL_CHARS_MAX) : undefined;
}
