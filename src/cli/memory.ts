import { checkpointMemory } from "../app/checkpoint-memory.ts";
import { initMemory } from "../app/init-memory.ts";
import { CheckpointInput } from "../app/memory.input.ts";
import { listMemory, type MemoryShown, showMemory } from "../app/show-memory.ts";
import { AppError } from "../base/error.ts";
import { parseInput } from "../base/parse.ts";
import { minuteOf } from "../memory/memory.ts";
import { renderMemory } from "../memory/render.ts";
import { whereToStart } from "../session/progress.ts";
import { bytes } from "./amount.ts";
import { type Door, type Given, type Run, show, showExact, textOption } from "./door.ts";
import { tableIn } from "./table.ts";

/** `memory init [task]`, `memory checkpoint [note]`, `memory show`, `memory list`. */
export const run: Run = (door, given) => {
  const [action = "show", ...rest] = given.args;
  const acted = ACTIONS.get(action);
  if (acted !== undefined) return acted(door, given, rest);
  throw new AppError(
    "input_invalid",
    `"${action}" is nothing to do with a memory.`,
    `One of: ${[...ACTIONS.keys()].join(", ")}.`,
  );
};

type Action = (door: Door, given: Given, rest: readonly string[]) => Promise<void>;

const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ["init", init],
  ["checkpoint", checkpoint],
  ["show", shown],
  ["list", listed],
]);

async function init(door: Door, given: Given, rest: readonly string[]): Promise<void> {
  const [task, ...more] = rest;
  if (more.length > 0) throw tooMany("A task's name is one word, or stands in quotes.");
  const dryRun = given.options.dryRun === true;
  const made = await initMemory(door.app, {
    session: textOption(given, "session"),
    task,
    dated: given.options.dated === true,
    dryRun,
  });
  // A function that somebody copies keeps its lines.
  showExact(door, { schema: "leftoff.memoryfile/1", ...made, dryRun } as { schema: string }, () =>
    [
      `${made.path} ${dryRun ? "would keep" : "keeps"} the memory of ${made.slug}.`,
      door.style.dim("A script appends to it with this function, and leftoff reads it:"),
      ...functionLines(made.task),
    ].join("\n"),
  );
}

/** As people have it in their scripts already; TASK_ID is set in an agent's shell where the task is the session's slug. */
function functionLines(task: string): readonly string[] {
  return [
    "checkpoint() {",
    `  echo "- $(date -u +%Y-%m-%dT%H:%MZ) — $1" >> "working/\${TASK_ID:-${task}}/session_memory.md"`,
    "}",
  ];
}

async function checkpoint(door: Door, given: Given, rest: readonly string[]): Promise<void> {
  const made = await checkpointMemory(
    door.app,
    parseInput(CheckpointInput, {
      session: textOption(given, "session"),
      note: rest.length === 0 ? undefined : rest.join(" "),
      completed: textOption(given, "completed"),
      in_progress: textOption(given, "inProgress"),
      pending: textOption(given, "pending"),
      decision: textOption(given, "decision"),
      why: textOption(given, "why"),
      discovery: textOption(given, "discovery"),
      next: textOption(given, "next"),
    }),
  );
  const { session, slug, notes } = made;
  const start = made.counted.flatMap((work) => whereToStart(work) ?? []);
  show(door, { schema: "leftoff.memorynotes/1", session, slug, notes, start } as { schema: string }, () =>
    [
      `Noted in ${slug}: ${notes.map(({ note, kind }) => `${kind} ${note.slice(-6)}`).join(", ")}.`,
      ...start,
    ].join("\n"),
  );
}

async function shown(door: Door, given: Given, rest: readonly string[]): Promise<void> {
  if (rest.length > 0) throw tooMany("Name a session with --session.");
  const found = await showMemory(door.app, { session: textOption(given, "session") });
  show(door, memoryJson(found) as { schema: string }, () => renderMemory(found.memory).trimEnd());
  if (found.trouble !== undefined) door.say(door.style.yellow(found.trouble));
}

/** The names of `decisions` and `progress` are those of users' own scripts (seed 001). */
function memoryJson({ session, slug, memory, files, trouble }: MemoryShown) {
  const { completed, inProgress, pending } = memory.progress;
  return {
    schema: "leftoff.memory/1",
    session,
    slug,
    task: memory.task,
    files,
    decisions: memory.decisions.map(({ atMs, decision, reason }) => ({
      timestamp: minuteOf(atMs),
      decision,
      reason: reason ?? "",
    })),
    progress: { completed, in_progress: inProgress.join("; "), pending },
    discoveries: memory.discoveries.map(({ atMs, discovery }) => ({ timestamp: minuteOf(atMs), discovery })),
    next_session_start: memory.nextStart,
    start_at: memory.counted.flatMap(({ unit, total, startAt }) =>
      startAt === undefined ? [] : [{ unit, number: startAt, ...(total === undefined ? {} : { total }) }],
    ),
    ...(trouble === undefined ? {} : { trouble }),
  };
}

async function listed(door: Door, _given: Given, rest: readonly string[]): Promise<void> {
  if (rest.length > 0) throw tooMany("`memory list` takes nothing more.");
  const files = await listMemory(door.app);
  show(door, { schema: "leftoff.memoryfiles/1", files } as { schema: string }, () => {
    if (files.length === 0) return "No session here has a memory file; `leftoff memory init` makes one.";
    const rows = files.map(({ slug, path, sizeBytes, fileChangedAtMs }) => [
      path,
      bytes(sizeBytes),
      minuteOf(fileChangedAtMs),
      door.style.dim(slug),
    ]);
    return tableIn(door, ["FILE", "SIZE", "CHANGED", "SESSION"].map(door.style.dim), rows);
  });
}

function tooMany(hint: string): AppError {
  return new AppError("input_invalid", "There is more than the command takes.", hint);
}
