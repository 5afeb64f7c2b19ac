import { type ContextChange, contextLog } from "../app/context-log.ts";
import { type ContextKept, keepContext } from "../app/keep-context.ts";
import { localTime } from "./ago.ts";
import { type Door, type Run, show, showExact } from "./door.ts";

/** `context`, `context --log`. */
export const run: Run = async (door, given) => {
  if (given.options.log === true) return log(door);
  const dryRun = given.options.dryRun === true;
  const kept = await keepContext(door.app, { dryRun });
  showExact(door, { schema: "leftoff.context/1", dryRun, ...kept } as { schema: string }, () =>
    kept.text.trimEnd(),
  );
  for (const line of told(kept, dryRun)) door.say(line);
};

function told(kept: ContextKept, dryRun: boolean): readonly string[] {
  const { path, created, changed, redacted, suspicious, tracked } = kept;
  const done = dryRun ? "would be" : "was";
  return [
    ...(created && changed
      ? [`${path} ${done} made. Architecture, dependencies and how to test are yours to write.`]
      : changed
        ? [`${path} ${done} brought up to date.`]
        : [`${path} is up to date.`]),
    ...(redacted === 0 ? [] : [`${redacted} secrets were left out of leftoff's lines.`]),
    ...(suspicious.length === 0
      ? []
      : [`Before you commit it: line ${suspicious.join(", ")} looks as if it held a secret.`]),
    ...(tracked === "unchanged" && changed && !dryRun
      ? ["git tracks it: between your commits, only this command writes into it."]
      : []),
  ];
}

async function log(door: Door): Promise<void> {
  const { path, changes } = await contextLog(door.app);
  show(door, { schema: "leftoff.contextlog/1", path, changes } as { schema: string }, () =>
    changes.length === 0
      ? `Nothing is known of how ${path} changed.`
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
