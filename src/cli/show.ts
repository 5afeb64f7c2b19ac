import { type SessionShown, showSession } from "../app/show-session.ts";
import { figureLines } from "../publish/figure-lines.ts";
import { localTime } from "./ago.ts";
import { grouped } from "./amount.ts";
import { type Door, type Run, show } from "./door.ts";
import { noteGroups } from "./note-lines.ts";
import { phaseWord } from "./phase-word.ts";
import { sessionJson } from "./session-json.ts";
import { shownPath } from "./shown-path.ts";

const COMMANDS_MAX = 10;
const FILES_MAX = 20;

export const run: Run = async (door, { args }) => {
  const shown = await showSession(door.app, { session: args.length > 0 ? args.join(" ") : undefined });
  show(door, json(shown), () => textOf(door, shown));
};

function json(shown: SessionShown) {
  const notes = shown.notes.map(({ id, kind, text, fields, state, by, atMs, evidence, stale }) => ({
    id,
    kind,
    text,
    fields,
    state,
    by,
    atMs,
    evidence: evidence ?? null,
    stale,
  }));
  const { session, files, commands, conversations, usage, tools, variables, figures, approaches } = shown;
  return {
    schema: "leftoff.session/1",
    session: sessionJson(session),
    notes,
    files,
    commands,
    conversations,
    usage,
    tools,
    variables,
    figures,
    approaches: approaches.map(({ notes: ids, text, outcome, activeMs, said }) => ({
      notes: ids,
      text,
      outcome,
      activeMs: activeMs ?? null,
      said: said ?? null,
    })),
  };
}

function textOf(door: Door, shown: SessionShown): string {
  const { session, notes } = shown;
  const { bold, dim, red } = door.style;
  const reason = session.reason ? `: ${session.reason}` : "";
  const gitBranches = session.gitBranches.map((name) => dim(`git branch ${name}`));
  const since = dim(`since ${localTime(session.createdAtMs)}`);
  return [
    bold(session.title),
    [`${phaseWord(door, session)}${reason}`, since].join(dim(" · ")),
    ...gitBranches,
    dim(session.document === undefined ? session.slug : shownPath(door.app, session.document)),
    ...(shown.documentTrouble === undefined ? [] : [red(shown.documentTrouble)]),
    ...noteGroups(
      door,
      notes.filter(({ state }) => state !== "dropped"),
    ),
    ...fileLines(door, shown),
    ...commandLines(door, shown),
    ...figureRows(door, shown),
  ].join("\n");
}

/** Figures in a column, and what the agent used for it. */
function figureRows({ style }: Door, { figures, approaches, usage }: SessionShown): readonly string[] {
  const inTokens = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const used = {
    name: "Tokens used",
    value: `${grouped(inTokens)} in, ${grouped(usage.outputTokens)} out by the agent; 0 by leftoff`,
  };
  // A session out of a document by hand was not measured: its figures are in the document.
  const measured = figures.conversations === 0 ? [] : figureLines(figures, []);
  const lines = [...measured, ...(inTokens === 0 ? [] : [used])];
  if (lines.length === 0) return [];
  const width = Math.max(...lines.map(({ name }) => name.length));
  return [
    "",
    style.bold("Figures"),
    ...lines.map(({ name, value }) => `  ${style.dim(name.padEnd(width))}  ${value}`),
    ...(approaches.length === 0 ? [] : [style.dim("  by day and by approach: leftoff stats SESSION")]),
  ];
}

function fileLines({ style }: Door, { files }: SessionShown): readonly string[] {
  const changed = files.filter(({ ops }) => ops.some((op) => op !== "read"));
  if (changed.length === 0) return [];
  const rest = changed.length > FILES_MAX ? [style.dim(`  and ${changed.length - FILES_MAX} more`)] : [];
  return [
    "",
    style.bold("Files changed"),
    ...changed.slice(0, FILES_MAX).map(({ path, ops }) => `  ${path} ${style.dim(ops.join(", "))}`),
    ...rest,
  ];
}

function commandLines({ style }: Door, { commands }: SessionShown): readonly string[] {
  const last = commands.slice(-COMMANDS_MAX);
  if (last.length === 0) return [];
  const lines = last.map(({ command, exitCode }) => {
    const [first] = command.split("\n");
    if (exitCode === undefined) return `  ${style.dim("?")} ${first}`;
    return exitCode === 0
      ? `  ${style.green("✓")} ${first}`
      : `  ${style.red("✗")} ${first} ${style.dim(`exit code ${exitCode}`)}`;
  });
  return ["", style.bold("Last commands"), ...lines];
}
