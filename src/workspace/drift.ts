import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { Clock } from "../base/clock.ts";
import {
  COMMIT_SUBJECT_CHARS_MAX,
  DRIFT_COMMITS_MAX,
  DRIFT_GIT_MS,
  FILE_MARKS_MAX,
  GIT_CONFIG_MS,
} from "../base/limits.ts";
import type { Drift } from "../recall/brief.ts";
import { runGit } from "./git.ts";
import { type Head, isCommitHash, readHead } from "./head.ts";
import type { WorkTreeLocation } from "./locate.ts";

/** What a session remembers of its work tree, to see later what others did there. */
export interface DriftQuestion {
  readonly location: WorkTreeLocation;
  readonly sinceCommit: string | undefined;
  readonly sinceGitBranch: string | undefined;
  /** Marks of the session's own files, made when it was last active. */
  readonly marks: FileMarks;
  readonly clock: Clock;
  /** For git in all; DRIFT_GIT_MS where nothing is said. */
  readonly timeoutMs?: number;
}

/** Size and time of files as they were, by the path under which they were asked for. A file that was not there has none. */
export type FileMarks = { readonly [path: string]: FileMark };
export interface FileMark {
  readonly mtimeMs: number;
  readonly sizeBytes: number;
}

/**
 * What changed since; undefined if nothing did, and then git is not started. Both git branches are given whether or not
 * they differ. Texts are git's and not redacted: author, subject and paths are anybody's words.
 *
 * A commit that is gone (rebased and collected) leaves `commits` empty and the answer `partial`.
 */
export async function readDrift(question: DriftQuestion): Promise<Drift | undefined> {
  const { location, sinceCommit, sinceGitBranch } = question;
  const head = readHead(location);
  const touched = changedSince(location.root, question.marks);
  const hasMoved = sinceCommit !== undefined && head.commit !== undefined && head.commit !== sinceCommit;
  // Outside git, and where refs are not files, no git branch is known: that is no change of it.
  const hasSwitched = sinceGitBranch !== undefined && head.gitBranch !== sinceGitBranch && isKnown(head);
  if (!hasMoved && !hasSwitched && touched.length === 0) return undefined;
  const history = hasMoved ? await readHistory(question, head.commit) : NO_HISTORY;
  return {
    commits: history.commits,
    commitsOmitted: history.commitsOmitted,
    files: [...new Set([...history.files, ...touched])],
    gitBranchFrom: sinceGitBranch,
    gitBranchTo: head.gitBranch,
    partial: history.partial,
  };
}

/** Marks of the first FILE_MARKS_MAX files; those that are not there are left out. Paths are absolute, or relative to `root`. */
export function fileMarks(root: string, paths: readonly string[]): FileMarks {
  const marks: [string, FileMark][] = [];
  for (const path of paths.slice(0, FILE_MARKS_MAX)) {
    const mark = markOf(root, path);
    if (mark !== undefined) marks.push([path, mark]);
  }
  return Object.fromEntries(marks);
}

/** Paths whose file is another one now, or gone. */
export function changedSince(root: string, marks: FileMarks): readonly string[] {
  return Object.entries(marks)
    .slice(0, FILE_MARKS_MAX)
    .filter(([path, before]) => {
      const now = markOf(root, path);
      return now?.mtimeMs !== before.mtimeMs || now.sizeBytes !== before.sizeBytes;
    })
    .map(([path]) => path);
}

/** The person's name as git knows it, for saying who did something; undefined where git has none. Starts git: never in a hook. */
export async function gitUserName(location: WorkTreeLocation): Promise<string | undefined> {
  const answer = await runGit(location.root, ["config", "--null", "user.name"], GIT_CONFIG_MS);
  const name = answer.ok ? answer.stdout.replaceAll("\0", "").trim() : "";
  return name === "" ? undefined : name;
}

type History = Pick<Drift, "commits" | "commitsOmitted" | "files" | "partial">;

const NO_HISTORY: History = { commits: [], commitsOmitted: 0, files: [], partial: false };
const UNKNOWN_HISTORY: History = { ...NO_HISTORY, partial: true };

/** Commits that came in, and files that differ between the two states: a reset or a rebase has the second without the first. */
async function readHistory(question: DriftQuestion, to: string | undefined): Promise<History> {
  const { location, sinceCommit: from, clock, timeoutMs = DRIFT_GIT_MS } = question;
  if (from === undefined || to === undefined || !isCommitHash(from)) return UNKNOWN_HISTORY;
  const untilMs = clock.monotonicMs() + timeoutMs;
  const run = (args: readonly string[]) => runGit(location.root, args, untilMs - clock.monotonicMs());
  const log = ["log", "-z", `-n${DRIFT_COMMITS_MAX + 1}`, "--no-color", "--format=%H%x00%an%x00%s"];
  // diff-tree is plumbing: it knows no external diff, no textconv and no setting that changes its output.
  const diff = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", from, to, "--"];
  const [logged, differing] = await Promise.all([run([...log, `${from}..${to}`, "--"]), run(diff)]);
  const commits = parseLog(logged.stdout, logged.ok);
  const isMore = commits.length > DRIFT_COMMITS_MAX;
  const counted = isMore ? await run(["rev-list", "--count", `${from}..${to}`, "--"]) : undefined;
  const total = counted?.ok ? Number.parseInt(counted.stdout, 10) : commits.length;
  return {
    commits: commits.slice(0, DRIFT_COMMITS_MAX),
    commitsOmitted: Math.max(0, total - DRIFT_COMMITS_MAX),
    files: wholeParts(differing.stdout),
    partial: !(logged.ok && differing.ok && (counted?.ok ?? true)),
  };
}

/** Three parts a commit; the last commit of an answer that was cut off is left out. */
function parseLog(stdout: string, whole: boolean): Drift["commits"] {
  const parts =
    whole && stdout !== "" && !stdout.endsWith("\0") ? [...stdout.split("\0")] : wholeParts(stdout);
  const commits: { hash: string; author: string; subject: string }[] = [];
  for (let at = 0; at + 2 < parts.length; at += 3) {
    const [hash = "", author = "", subject = ""] = parts.slice(at, at + 3);
    if (!isCommitHash(hash)) break;
    commits.push({ hash, author: shortened(author), subject: shortened(subject) });
  }
  return commits;
}

/** Parts that end in NUL: a path that was cut off in the middle is none. */
function wholeParts(stdout: string): readonly string[] {
  return stdout.split("\0").slice(0, -1);
}

function shortened(text: string): string {
  return text.length <= COMMIT_SUBJECT_CHARS_MAX
    ? text
    : `${text.slice(0, COMMIT_SUBJECT_CHARS_MAX - 1).trimEnd()}…`;
}

function isKnown(head: Head): boolean {
  return head.detached || head.gitBranch !== undefined;
}

function markOf(root: string, path: string): FileMark | undefined {
  try {
    const stat = statSync(resolve(root, path), { throwIfNoEntry: false });
    return stat === undefined ? undefined : { mtimeMs: stat.mtimeMs, sizeBytes: stat.size };
  } catch {
    return undefined;
  }
}
