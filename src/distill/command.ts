import { gitCommand, type SimpleCommand, simpleCommands } from "./shell.ts";

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

/** The paths whose changes a command line threw away: "*" for all of them, [] for most. */
export function pathsThrownAway(command: string): readonly string[] {
  if (!command.includes("git")) return [];
  return simpleCommands(command).flatMap((words) => {
    const git = gitCommand(words);
    return git === undefined ? [] : thrownAwayBy(git).map(dotIsAll);
  });
}

function thrownAwayBy({
  verb,
  args,
}: {
  readonly verb: string;
  readonly args: SimpleCommand;
}): SimpleCommand {
  const paths = args.filter((word) => !word.startsWith("-"));
  switch (verb) {
    case "reset":
      return args.includes("--hard") ? ["*"] : [];
    case "restore":
      return args.includes("--staged") || args.includes("-S") ? [] : paths;
    case "checkout":
      if (args.some((word) => MAKES_GIT_BRANCH.test(word))) return [];
      if (args.includes("--")) return args.slice(args.indexOf("--") + 1);
      // What is a path and what a git branch, only git knows; a name like a file's is compared with the files changed.
      return paths.filter((word) => /[./]/.test(word));
    default:
      return [];
  }
}

const MAKES_GIT_BRANCH = /^(?:-[bBt]|--orphan|--track|--detach)$/;

function dotIsAll(path: string): string {
  return path === "." || path === ":/" ? "*" : path.replace(/^\.\//, "");
}

/** Whether a command line put changes aside (`git stash`) or took them back (`git stash pop`); undefined for both and for neither. */
export function stashing(command: string): "put" | "back" | undefined {
  if (!command.includes("stash")) return undefined;
  const verbs = simpleCommands(command).flatMap((words) => {
    const git = gitCommand(words);
    return git?.verb === "stash" ? [git.args[0] ?? "push"] : [];
  });
  const puts = verbs.some((verb) => verb === "push" || verb === "save" || verb.startsWith("-"));
  const takes = verbs.some((verb) => verb === "pop" || verb === "apply");
  if (puts === takes) return undefined;
  return puts ? "put" : "back";
}

/** True for a command line that commits, whatever it says. */
export function isCommit(command: string): boolean {
  return (
    command.includes("commit") &&
    simpleCommands(command).some((words) => gitCommand(words)?.verb === "commit")
  );
}
