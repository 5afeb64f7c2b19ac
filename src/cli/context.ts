import { type ContextChange, contextLog } from "../app/context-log.ts";
import { addGitHooks, type GitHooksKept, removeGitHooks } from "../app/init/git-hooks.ts";
import { type ContextKept, keepContext } from "../app/keep-context.ts";
import { counted } from "../base/count.ts";
import { localTime } from "./ago.ts";
import { type Door, fitted, type Given, type Run, show } from "./door.ts";
import { shownPath } from "./shown-path.ts";

/** `context`, `context --log`, `context --git-hooks`, `context --no-git-hooks`. */
export const run: Run = async (door, given) => {
  if (given.options.log === true) return log(door);
  const dryRun = given.options.dryRun === true;
  if (given.options.gitHooks === false) return withoutHooks(door, dryRun);
  const hooks = await wantedHooks(door, given, dryRun);
  const kept = await keepContext(door.app, { dryRun });
  const document = { schema: "leftoff.context/1", dryRun, ...kept, gitHooks: hooks };
  show(door, document, () => kept.text.trimEnd());
  for (const line of [...told(door, kept, dryRun), ...hookLinesOf(hooks, dryRun)])
    door.say(fitted(door, line));
};

async function wantedHooks(door: Door, given: Given, dryRun: boolean): Promise<GitHooksKept | undefined> {
  if (given.options.gitHooks !== true) return undefined;
  return addGitHooks(door.app, { setup: await door.setup(), program: door.program }, { dryRun });
}

async function withoutHooks(door: Door, dryRun: boolean): Promise<void> {
  const hooks = await removeGitHooks(door.app, { setup: await door.setup() }, { dryRun });
  show(door, { schema: "leftoff.githooks/1", dryRun, ...hooks } as { schema: string }, () =>
    hooks.changed.length === 0
      ? "This repository has no hooks of leftoff's."
      : hookLinesOf(hooks, dryRun).join("\n"),
  );
}

function hookLinesOf(hooks: GitHooksKept | undefined, dryRun: boolean): readonly string[] {
  if (hooks === undefined) return [];
  const { changed, warnings } = hooks;
  return [
    ...changed.map(({ path, what }) => `${dryRun ? "Would change" : "Changed"} ${path}: ${what}.`),
    ...warnings,
  ];
}

function told(door: Door, kept: ContextKept, dryRun: boolean): readonly string[] {
  const { created, changed, redacted, suspicious, tracked } = kept;
  const path = shownPath(door.app, kept.path);
  const done = dryRun ? "would be" : "was";
  return [
    ...(created && changed
      ? [`${path} ${done} made. Architecture, dependencies and how to test are yours to write.`]
      : changed
        ? [`${path} ${done} brought up to date.`]
        : [`${path} is up to date.`]),
    ...(redacted === 0 ? [] : [`${counted(redacted, "secret")} left out of leftoff's lines.`]),
    ...(suspicious.length === 0
      ? []
      : [`Before you commit it: line ${suspicious.join(", ")} looks as if it held a secret.`]),
    ...(tracked === "unchanged" && changed && !dryRun
      ? [
          "git tracks it: git branch and commits are told here and in the brief, and stand in no file that others have.",
        ]
      : []),
  ];
}

async function log(door: Door): Promise<void> {
  const { path, changes } = await contextLog(door.app);
  show(door, { schema: "leftoff.contextlog/1", path, changes } as { schema: string }, () =>
    changes.length === 0
      ? `Nothing is known of how ${shownPath(door.app, path)} changed.`
      : changes.map((change) => linesFor(door, change)).join("\n"),
  );
}

function linesFor({ style }: Door, change: ContextChange): string {
  const when = style.dim(localTime(change.atMs));
  if (change.kind === "commit") {
    return `${when}  ${style.yellow(change.hash)} ${change.subject} ${style.dim(change.author)}`;
  }
  const lines = [
    ...change.removed.map((line) => style.red(`  - ${line}`)),
    ...change.added.map((line) => style.green(`  + ${line}`)),
  ];
  return [`${when}  ${change.session}`, ...lines].join("\n");
}
