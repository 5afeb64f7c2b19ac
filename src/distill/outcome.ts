import type { ToolResult, TranscriptItem } from "../agent/agent.ts";
import { FAILURES_OPEN_MAX, PROPOSAL_CHARS_MAX } from "../base/limits.ts";
import type { OpenFailure, SlimCall } from "./carry.ts";
import { commandKey, doesWork, isCommit, pathsThrownAway, stashing } from "./command.ts";
import { takeCommits } from "./committed.ts";
import { addCommand, changeLastTurn, type Draft, lastTurn, withNewest } from "./draft.ts";
import { bringBack, putAside, throwAway, withinFolder } from "./edit.ts";
import { errorLine } from "./error-line.ts";
import type { TestCounts } from "./facts.ts";
import { propose } from "./proposal.ts";
import { brief, shortPaths } from "./prose.ts";
import { testsOf } from "./runner.ts";

type Result = Extract<TranscriptItem, { readonly type: "tool_result" }>;
type Shell = Extract<SlimCall, { readonly kind: "shell" }>;

const TURN_FAILURES_MAX = 20;
/** Fixed at the second run is how tests are used; from here on it was a struggle that is worth knowing. */
const STRUGGLE_RUNS = 2;
/** As far back as `git reset HEAD~n` goes. */
const COMMITS_REMEMBERED_MAX = 20;

/** A command ended (or went to the background): what it says about tests, commits, failures and what fixed them. */
export function takeCommand(
  draft: Draft,
  {
    call,
    item,
    calledAtMs,
  }: { readonly call: Shell; readonly item: Result; readonly calledAtMs: number | undefined },
): void {
  const { command, background } = call;
  const { result } = item;
  const exitCode = result.exitCode ?? (result.ok && !background ? 0 : undefined);
  const tests = testsOf(result.text);
  addCommand(draft, { command, exitCode, atMs: item.atMs ?? calledAtMs, tests });
  const failed = hasFailed(result, exitCode, tests);
  if (tests !== undefined) noteTests(draft, failed ? undefined : tests);
  takeCommits(draft, item, command);
  if (failed) takeFailure(draft, { command, output: result.text });
  else if (exitCode === 0) takePass(draft, command, item);
  if (exitCode === 0) takeGit(draft, command, item);
}

function noteTests(draft: Draft, passed: TestCounts | undefined): void {
  draft.carry.testsPassed =
    passed === undefined || passed.passed === 0 ? undefined : { seq: draft.carry.seq, passed: passed.passed };
}

/** What git did to changes that are in no commit. */
function takeGit(draft: Draft, command: string, item: Result): void {
  throwAway(draft, pathsThrownAway(command), item);
  const stash = stashing(command);
  if (stash === "put") putAside(draft, item);
  if (stash === "back") bringBack(draft);
  if (isCommit(command))
    draft.carry.commitSeqs = withNewest(draft.carry.commitSeqs, draft.carry.seq, COMMITS_REMEMBERED_MAX);
}

/** Behind a pipe the exit code is the last program's; the runner's own words count too. */
function hasFailed(result: ToolResult, exitCode: number | undefined, tests: TestCounts | undefined): boolean {
  return !result.ok || (exitCode !== undefined && exitCode !== 0) || (tests?.failed ?? 0) > 0;
}

function takeFailure(
  draft: Draft,
  { command, output }: { readonly command: string; readonly output: string },
): void {
  if (!doesWork(command)) return;
  const key = commandKey(command);
  const error = errorLine(output);
  const before = draft.carry.failures.find((failure) => failure.key === key);
  const failure: OpenFailure = {
    key,
    command: brief(key, 100),
    error: before?.error || error,
    runs: (before?.runs ?? 0) + 1,
    files: before?.files ?? [],
  };
  const others = draft.carry.failures.filter((other) => other !== before);
  draft.carry.failures = withNewest(others, failure, FAILURES_OPEN_MAX);
  const text = error === "" ? `\`${failure.command}\` failed` : `\`${failure.command}\` failed: ${error}`;
  draft.carry.lastFailure = { seq: draft.carry.seq, key, text: brief(text, PROPOSAL_CHARS_MAX) };
  const failed = lastTurn(draft)?.commandsFailed ?? [];
  if (!failed.includes(failure.command)) {
    changeLastTurn(draft, { commandsFailed: withNewest(failed, failure.command, TURN_FAILURES_MAX) });
  }
}

function takePass(draft: Draft, command: string, item: Result): void {
  const key = commandKey(command);
  const failure = draft.carry.failures.find((other) => other.key === key);
  if (failure === undefined) return;
  draft.carry.failures = draft.carry.failures.filter((other) => other !== failure);
  // What passes now is no reason for what is taken back later.
  if (draft.carry.lastFailure?.key === key) draft.carry.lastFailure = undefined;
  const { error, runs, files } = failure;
  // A failure that went away without a change was a flaky test or a missing service, not a fix.
  if (files.length === 0) return;
  draft.fixes = withNewest(draft.fixes, { command: failure.command, error, runs, files, atMs: item.atMs });
  if (runs < STRUGGLE_RUNS || error === "") return;
  const names = shortPaths(files.map((path) => withinFolder(path, item.cwd)));
  const fixed = propose(draft, item.record, {
    kind: "worked",
    text: brief(`Fixed in ${names}: ${error}`, PROPOSAL_CHARS_MAX),
    fields: { result: `\`${failure.command}\` had failed ${runs} times and passes` },
  });
  if (fixed !== undefined) draft.carry.fixed = withNewest(draft.carry.fixed, fixed, COMMITS_REMEMBERED_MAX);
}
