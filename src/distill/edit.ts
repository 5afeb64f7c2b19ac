import type { TranscriptItem } from "../agent/agent.ts";
import { EDITS_REMEMBERED_MAX, PROPOSAL_CHARS_MAX } from "../base/limits.ts";
import type { EditTrace, SlimCall } from "./carry.ts";
import { type Draft, lastTurn, withNewest } from "./draft.ts";
import { propose, withdraw } from "./proposal.ts";
import { brief, sentencesOf, shortPath } from "./prose.ts";

type Result = Extract<TranscriptItem, { readonly type: "tool_result" }>;
type Edit = Extract<SlimCall, { readonly kind: "edit" }>;

/** An edit was made: it may take an earlier one back, or make one again that had been taken back. */
export function takeEdit(
  draft: Draft,
  { record, atMs }: Result,
  { path, oldHash, newHash, what }: Edit,
): void {
  const { edits, seq } = draft.carry;
  const same = edits.find(
    (edit) => edit.path === path && edit.oldHash === oldHash && edit.newHash === newHash,
  );
  if (same?.undoneKey !== undefined) withdraw(draft, same.undoneKey);
  const inverse = edits.findLast(
    (edit) =>
      edit.path === path &&
      edit.oldHash === newHash &&
      edit.newHash === oldHash &&
      edit.undoneKey === undefined,
  );
  if (inverse !== undefined) {
    undo(draft, inverse, { record, atMs });
    return;
  }
  const trace: EditTrace = { seq, record, path, oldHash, newHash, what };
  draft.carry.edits = withNewest(
    edits.filter((edit) => edit !== same),
    trace,
    EDITS_REMEMBERED_MAX,
  );
}

/** Git threw changes away: every edit of those files that is in no commit is undone. `paths` as typed; "*" is all. */
export function throwAway(draft: Draft, paths: readonly string[], { record, atMs }: Result): void {
  const { committedSeq } = draft.carry;
  const isMeant = ({ path, undoneKey, seq }: EditTrace) =>
    undoneKey === undefined &&
    seq > committedSeq &&
    paths.some((typed) => typed === "*" || path === typed || path.endsWith(`/${typed}`));
  for (const edit of draft.carry.edits.filter(isMeant)) undo(draft, edit, { record, atMs });
}

/** Without a reason between the two it is a change of mind in passing: a fact, but no failed approach. */
function undo(
  draft: Draft,
  edit: EditTrace,
  { record, atMs }: { readonly record: string | undefined; readonly atMs: number | undefined },
): void {
  const why = whyUndone(draft, edit);
  draft.undone = withNewest(draft.undone, { path: edit.path, what: edit.what, why, atMs });
  const text = brief(
    `Changed ${shortPath(edit.path)} to “${edit.what}” and took it back`,
    PROPOSAL_CHARS_MAX,
  );
  const isTelling = why !== undefined && edit.what !== "";
  const key = isTelling
    ? propose(draft, record, { kind: "failed", text, fields: { why, file: edit.path } })
    : undefined;
  draft.carry.edits = draft.carry.edits.map((other) =>
    other === edit ? { ...edit, undoneKey: key ?? "" } : other,
  );
}

function whyUndone(draft: Draft, edit: EditTrace): string | undefined {
  const { lastFailure } = draft.carry;
  if (lastFailure !== undefined && lastFailure.seq > edit.seq) return lastFailure.text;
  const turn = lastTurn(draft);
  return turn?.corrects ? brief(sentencesOf(turn.prompt)[0] ?? "", PROPOSAL_CHARS_MAX) : undefined;
}
