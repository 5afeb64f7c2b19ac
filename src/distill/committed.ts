import type { TranscriptItem } from "../agent/agent.ts";
import { PROPOSAL_CHARS_MAX } from "../base/limits.ts";
import { type CommitMade, commitsMade, commitsTakenBack, hashIn } from "./commit.ts";
import { type Draft, withNewest } from "./draft.ts";
import type { CommitFact } from "./facts.ts";
import { propose, revise, withdraw } from "./proposal.ts";
import { brief } from "./prose.ts";

type Result = Extract<TranscriptItem, { readonly type: "tool_result" }>;

/** Subjects of one turn, for telling which next steps are done. */
const SUBJECTS_MAX = 20;
/** Commits that keep work safe or put branches together say nothing of what works. */
const NO_NEWS =
  /^(?:wip\b|fixup!|squash!|amend!|tmp\b|temp\b|checkpoint\b|save\b|merge (?:branch|pull|remote|tag|commit)\b|revert\b|initial commit\b|typo\b|\W*$)/i;

/**
 * What a command committed, as facts, and as what worked: a commit is the best evidence there is. One that is amended,
 * reset or reverted no longer counts.
 */
export function takeCommits(draft: Draft, item: Result, command: string): void {
  const output = item.result.text;
  nameUnnamed(draft, output, item.atMs);
  const takenBack = item.result.ok ? commitsTakenBack(command) : 0;
  if (takenBack > 0) takeBack(draft, takenBack);
  for (const commit of commitsMade(command, output)) {
    if (!draft.commits.some(({ hash }) => hash === commit.hash)) takeCommit(draft, item, commit);
  }
}

function takeCommit(draft: Draft, item: Result, commit: CommitMade): void {
  const { hash, subject } = commit;
  const before = commit.amends ? draft.commits.at(-1) : undefined;
  if (before !== undefined) draft.commits = draft.commits.slice(0, -1);
  if (hash !== undefined) {
    const gitBranch = commit.gitBranch ?? item.gitBranch;
    draft.commits = withNewest(draft.commits, { hash, subject, gitBranch, atMs: item.atMs });
  }
  draft.carry.subjects = withNewest(draft.carry.subjects, subject, SUBJECTS_MAX);
  const reverted = /^Revert "(.{1,300})"$/.exec(subject)?.[1];
  if (reverted !== undefined) withdrawWorked(draft, reverted);
  // What was fixed on the way is in the commit now.
  for (const key of draft.carry.fixed) withdraw(draft, key);
  draft.carry.fixed = [];
  draft.carry.unnamed = undefined;
  if (NO_NEWS.test(subject)) return;
  const text = brief(subject, PROPOSAL_CHARS_MAX);
  const fields = { result: resultOf(draft, hash) };
  const known = before === undefined ? undefined : workedAs(draft, before.subject);
  if (known !== undefined) revise(draft, known, { text, fields });
  const key = known ?? propose(draft, item.record, { kind: "worked", text, fields });
  if (hash === undefined && key !== undefined) draft.carry.unnamed = { subject, key };
}

/** `committed as abc1234; 5 tests pass`, the tests only where nothing was changed since they ran. */
function resultOf(draft: Draft, hash: string | undefined): string {
  const { testsPassed, changedSeq } = draft.carry;
  const committed = hash === undefined ? "committed" : `committed as ${hash}`;
  if (testsPassed === undefined || testsPassed.seq < changedSeq) return committed;
  const { passed } = testsPassed;
  return `${committed}; ${passed} ${passed === 1 ? "test passes" : "tests pass"}`;
}

/** A quiet commit gets its hash where a later command names it. */
function nameUnnamed(draft: Draft, output: string, atMs: number | undefined): void {
  const { unnamed } = draft.carry;
  if (unnamed === undefined) return;
  const hash = hashIn(output, unnamed.subject);
  if (hash === undefined) return;
  draft.carry.unnamed = undefined;
  const gitBranch = draft.gitBranches.at(-1);
  const commit: CommitFact = { hash, subject: unnamed.subject, gitBranch, atMs };
  draft.commits = withNewest(draft.commits, commit);
  draft.proposals = draft.proposals.map((known) =>
    known.key === unnamed.key
      ? {
          ...known,
          fields: {
            ...known.fields,
            result: (known.fields.result ?? "").replace(/^committed/, `committed as ${hash}`),
          },
        }
      : known,
  );
}

function takeBack(draft: Draft, count: number): void {
  for (const { subject } of draft.commits.slice(-count)) withdrawWorked(draft, subject);
  draft.commits = draft.commits.slice(0, -count);
  draft.carry.commitSeqs = draft.carry.commitSeqs.slice(0, -count);
}

/** What a turn committed was turned down: none of it worked. */
export function withdrawCommitted(draft: Draft, subjects: readonly string[]): void {
  for (const subject of subjects) withdrawWorked(draft, subject);
}

function withdrawWorked(draft: Draft, subject: string): void {
  const key = workedAs(draft, subject);
  if (key !== undefined) withdraw(draft, key);
}

function workedAs(draft: Draft, subject: string): string | undefined {
  const text = brief(subject, PROPOSAL_CHARS_MAX);
  return draft.proposals.findLast((known) => known.kind === "worked" && known.text === text)?.key;
}
