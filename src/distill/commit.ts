import type { CommitFact } from "./facts.ts";
import { brief } from "./prose.ts";
import { gitCommand, type SimpleCommand, simpleCommands } from "./shell.ts";

const SUBJECT_CHARS_MAX = 200;
const LINE_CHARS_MAX = 500;

/** A commit that a command made. Without its hash where git was told to be quiet and nothing else named it. */
export interface CommitMade extends Omit<CommitFact, "hash"> {
  readonly hash: string | undefined;
  /** It took the place of the commit before it. */
  readonly amends: boolean;
}

/**
 * The commits that a command made and its output tells of: `[main abc1234] subject`, or, where git was quiet, what
 * `git log --oneline` printed behind it, or the message it was given.
 */
export function commitsMade(command: string, output: string): readonly CommitMade[] {
  if (!command.includes("git")) return [];
  const commands = simpleCommands(command);
  const commits = commands
    .map(gitCommand)
    .filter((git) => git?.verb === "commit")
    .map((git) => git?.args ?? []);
  const amends = commits.some((args) => args.includes("--amend"));
  const told = output.split("\n").flatMap((line) => toldBy(line.slice(0, LINE_CHARS_MAX)));
  if (told.length > 0) return told.map((commit) => ({ ...commit, amends }));
  const args = commits.at(-1);
  if (args === undefined || NOTHING_COMMITTED.test(output)) return [];
  const logged = commands.some(isLog) ? loggedIn(output)[0] : undefined;
  if (logged === undefined && !args.some(isQuiet)) return [];
  const subject = subjectOf(args, command) || logged?.subject || "";
  if (subject === "") return [];
  const hash = logged !== undefined && isSame(logged.subject, subject) ? logged.hash : undefined;
  return [{ hash, subject: brief(subject, SUBJECT_CHARS_MAX), gitBranch: undefined, amends }];
}

/** The hash that an output names for a commit whose subject is known, as `git log --oneline` does. */
export function hashIn(output: string, subject: string): string | undefined {
  return loggedIn(output).find((logged) => isSame(logged.subject, subject))?.hash;
}

/** How many of the newest commits a command took away: `git reset HEAD~2`; 0 for most. */
export function commitsTakenBack(command: string): number {
  if (!command.includes("reset")) return 0;
  const counts = simpleCommands(command).map((words) => {
    const git = gitCommand(words);
    if (git?.verb !== "reset") return 0;
    const [, carets, count] = git.args.map((word) => BACK.exec(word)).find((match) => match !== null) ?? [];
    return count === undefined || count === "" ? (carets?.length ?? 0) : Number(count);
  });
  return Math.max(0, ...counts);
}

const BACK = /^(?:HEAD|@)(?:(\^{1,9}|~)(\d{1,3})?)$/;

/** `[main abc1234] subject`, `[main (root-commit) abc1234] subject`. Source: git commit's summary line. */
const COMMIT_LINE = /^\[([^\]]{1,250}) ([0-9a-f]{7,40})\] (.+)$/;
/** `abc1234 subject`, `abc1234 (HEAD -> main) subject`. Source: git log --oneline. */
const LOG_LINE = /^(?:\* )?([0-9a-f]{7,40}) (?:\([^)]{1,200}\) )?(\S.*)$/;
const LOG_LINES_MAX = 20;
const NOTHING_COMMITTED =
  /^(?:nothing to commit|nothing added to commit|no changes added to commit|Aborting commit|error: )/m;

function toldBy(line: string): readonly CommitFact[] {
  const [, place = "", hash = "", subject = ""] = COMMIT_LINE.exec(line) ?? [];
  if (hash === "") return [];
  const gitBranch = place === "detached HEAD" ? undefined : place.replace(" (root-commit)", "");
  return [{ hash, subject: brief(subject, SUBJECT_CHARS_MAX), gitBranch }];
}

function loggedIn(output: string): readonly { readonly hash: string; readonly subject: string }[] {
  return output
    .slice(0, LOG_LINES_MAX * LINE_CHARS_MAX)
    .split("\n")
    .flatMap((line) => {
      const [, hash = "", subject = ""] = LOG_LINE.exec(line.slice(0, LINE_CHARS_MAX)) ?? [];
      return hash === "" ? [] : [{ hash, subject }];
    })
    .slice(0, LOG_LINES_MAX);
}

function isLog(words: SimpleCommand): boolean {
  const verb = gitCommand(words)?.verb;
  return verb === "log" || verb === "show";
}

function isQuiet(word: string): boolean {
  return word === "--quiet" || /^-[a-zA-Z]*q[a-zA-Z]*$/.test(word);
}

/** The first line of the message a commit was given; "" where an editor asked for it, or `-C` took another's. */
function subjectOf(args: SimpleCommand, command: string): string {
  const at = args.findIndex((word) => /^-[a-zA-Z]*m$/.test(word) || word === "--message");
  const equals = args.find((word) => word.startsWith("--message="));
  const given = at === -1 ? (equals?.slice("--message=".length) ?? "") : (args[at + 1] ?? "");
  const isHere = given.startsWith("$(cat <<") || args.includes("-F") || args.includes("--file=-");
  const message = isHere ? (HERE_DOCUMENT.exec(command)?.[1] ?? "") : given.replace(/^\$(?!\()/, "");
  return (
    message
      .split("\n")
      .find((line) => line.trim() !== "")
      ?.trim() ?? ""
  );
}

const HERE_DOCUMENT = /<<-?\s{0,3}['"]?\w{1,40}['"]?[^\n]{0,100}\n\s{0,80}([^\n]{1,500})/;

/** One of two may be cut. */
function isSame(a: string, b: string): boolean {
  const [short = "", long = ""] = [a, b]
    .map((text) => text.replace(/…$/, "").replaceAll(/\s+/g, " ").trim())
    .sort((x, y) => x.length - y.length);
  return short !== "" && long.startsWith(short);
}
