import { type SessionShown, showSession } from "../app/show-session.ts";
import { figureLines } from "../publish/figure-lines.ts";
import { NOTE_KINDS } from "../session/note.ts";
import { localTime } from "./ago.ts";
import { type Door, type Run, type Style, show } from "./door.ts";
import { phaseWord } from "./list.ts";
import { sessionJson } from "./session-json.ts";

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
  const { session, conversations, usage } = shown;
  const { bold, dim, red } = door.style;
  return [
    `${bold(session.title)}  ${phaseWord(door, session)}`,
    dim(
      `${session.slug} · ${session.gitBranches.join(", ") || "no git branch"} · since ${localTime(session.createdAtMs)}`,
    ),
    ...(session.document ? [dim(session.document)] : []),
    ...(shown.documentTrouble === undefined ? [] : [red(shown.documentTrouble)]),
    ...noteLines(door, shown),
    ...fileLines(door, shown),
    ...commandLines(door, shown),
    ...figureRows(door, shown),
    "",
    dim(
      `${conversations.length} conversations, ${conversations.reduce((sum, { turns }) => sum + turns, 0)} prompts; ` +
        `agent used ${usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens} tokens in, ${usage.outputTokens} out; leftoff used 0`,
    ),
  ].join("\n");
}

/** The line below says how many conversations. */
function figureRows({ style }: Door, { figures, approaches }: SessionShown): readonly string[] {
  const lines = figureLines(figures, approaches).filter(({ name }) => name !== "Conversations");
  const width = Math.max(...lines.map(({ name }) => name.length));
  return ["", style.bold("figures"), ...lines.map(({ name, value }) => `  ${name.padEnd(width)}  ${value}`)];
}

function noteLines({ style }: Door, { notes }: SessionShown): readonly string[] {
  const alive = notes.filter(({ state }) => state !== "dropped");
  return NOTE_KINDS.flatMap((kind) => {
    const own = alive.filter((note) => note.kind === kind);
    const lines = own.map((note) => noteLine(style, note));
    return lines.length === 0 ? [] : ["", style.bold(kind), ...lines];
  });
}

function noteLine(style: Style, { id, text, state, fields, stale }: SessionShown["notes"][number]): string {
  const mark = { proposed: style.yellow("?"), open: "·", done: style.green("✓"), dropped: style.dim("✗") }[
    state
  ];
  const why = fields.why === undefined ? "" : style.dim(` — ${fields.why}`);
  const changed = stale.length === 0 ? "" : style.yellow(` (stale: ${stale.join(", ")} changed)`);
  const guess = state === "proposed" ? style.yellow(" (unconfirmed)") : "";
  return `  ${mark} ${text}${why}${guess}${changed} ${style.dim(id.slice(-6))}`;
}

function fileLines({ style }: Door, { files }: SessionShown): readonly string[] {
  const changed = files.filter(({ ops }) => ops.some((op) => op !== "read"));
  if (changed.length === 0) return [];
  const rest = changed.length > FILES_MAX ? [style.dim(`  and ${changed.length - FILES_MAX} more`)] : [];
  return [
    "",
    style.bold("files"),
    ...changed.slice(0, FILES_MAX).map(({ path, ops }) => `  ${path} ${style.dim(ops.join(", "))}`),
    ...rest,
  ];
}

function commandLines({ style }: Door, { commands }: SessionShown): readonly string[] {
  const last = commands.slice(-COMMANDS_MAX);
  if (last.length === 0) return [];
  const lines = last.map(({ command, exitCode }) => {
    const mark =
      exitCode === undefined
        ? style.dim("?")
        : exitCode === 0
          ? style.green("0")
          : style.red(String(exitCode));
    return `  ${mark} ${command.split("\n")[0]}`;
  });
  return ["", style.bold("last commands"), ...lines];
}
