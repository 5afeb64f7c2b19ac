import type { CommitFact } from "./facts.ts";
import { brief, plain } from "./prose.ts";

const ERROR_CHARS_MAX = 160;

/** Programs whose exit code is an answer and not a failure: nothing found, different, not there. */
const ASKING = new Set(
  [
    "grep",
    "egrep",
    "fgrep",
    "rg",
    "ag",
    "diff",
    "cmp",
    "test",
    "[",
    "[[",
    "ls",
    "cat",
    "head",
    "tail",
    "find",
    "which",
  ].concat([
    "command",
    "type",
    "stat",
    "cd",
    "echo",
    "pgrep",
    "kill",
    "sleep",
    "true",
    "false",
    "curl",
    "wget",
    "exit",
  ]),
);

/** True if the command builds, tests or runs something, so that its failure says something about the work. */
export function doesWork(command: string): boolean {
  const [program = "", verb = ""] = commandKey(command).split(" ");
  if (program === "git")
    return !["diff", "grep", "status", "log", "show", "rev-parse", "check-ignore"].includes(verb);
  return program !== "" && !ASKING.has(program);
}

/** Equal for two ways of running the same thing: without a change of folder before it, without what becomes of its output. */
export function commandKey(command: string): string {
  const line = command.split("\n", 1)[0] ?? "";
  const run = line.replace(/^\s*cd\s[^&;|]{1,300}(?:&&|;)\s*/, "");
  const end = run.search(/\s(?:\||2>|>|&>)|;/);
  return (end === -1 ? run : run.slice(0, end)).replaceAll(/\s+/g, " ").trim();
}

const SAYS_ERROR =
  /error|fail|exception|assert|expected|cannot|can't|not found|no such|undefined|panic|denied|refused|invalid/i;
/** Lines that say that something failed and not what. */
const SAYS_NOTHING =
  /^(?:exit code \d+|npm (?:err!|error)|error: command failed|\d+ (?:tests? )?fail|fail(?:ed|ures?)?:?\s*\d*$)/i;

/** The line of an output that says what was wrong; the first one where none says so, "" where there is none. */
export function errorLine(output: string): string {
  const lines = output
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^Exit code \d+$/.test(line));
  const telling = lines.filter((line) => !SAYS_NOTHING.test(line.slice(0, ERROR_CHARS_MAX)));
  const found = telling.find((line) => SAYS_ERROR.test(line.slice(0, ERROR_CHARS_MAX)));
  return brief(plain(found ?? telling[0] ?? lines[0] ?? ""), ERROR_CHARS_MAX);
}

/** The commits that a command's output tells of: `[main abc1234] subject`, `[main (root-commit) abc1234] subject`. */
export function commitsOf(command: string, output: string): readonly CommitFact[] {
  if (!command.includes("git")) return [];
  return output.split("\n").flatMap((line) => {
    const [, place = "", hash = "", subject = ""] = COMMIT_LINE.exec(line.slice(0, 500)) ?? [];
    if (hash === "") return [];
    const gitBranch = place === "detached HEAD" ? undefined : place.replace(" (root-commit)", "");
    return [{ hash, subject: brief(subject, SUBJECT_CHARS_MAX), gitBranch }];
  });
}

const COMMIT_LINE = /^\[([^\]]{1,250}) ([0-9a-f]{7,40})\] (.+)$/;
const SUBJECT_CHARS_MAX = 200;

/** The paths whose changes a git command threw away: ["*"] for all of them, [] for any other command. */
export function pathsThrownAway(command: string): readonly string[] {
  const words = commandKey(command).split(" ");
  if (words[0] !== "git") return [];
  const paths = words.slice(2).filter((word) => !word.startsWith("-"));
  if (words[1] === "reset") return words.includes("--hard") ? ["*"] : [];
  if (words[1] === "restore" && !words.includes("--staged")) return paths.map(dotIsAll);
  if (words[1] === "checkout" && words.includes("--"))
    return words.slice(words.indexOf("--") + 1).map(dotIsAll);
  return [];
}

function dotIsAll(path: string): string {
  return path === "." ? "*" : path;
}
