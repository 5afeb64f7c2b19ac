import { approachesOf } from "../distill/approaches.ts";
import { figuresOf } from "../distill/figures.ts";
import type { DocumentView } from "../document/document.ts";
import { normalText } from "../document/item-text.ts";
import { type FigureLine, figureLines } from "../publish/figure-lines.ts";
import type { Session } from "../session/session.ts";
import { statusOf } from "../session/session.ts";
import { localDate } from "../session/slug.ts";
import type { App } from "./app.ts";
import type { ConversationState } from "./conversation.ts";
import { displayPath, type Here } from "./here.ts";
import { conversationsIn } from "./summary.ts";
import { turnsOf } from "./turns.ts";

/** Files and commands that a document names: enough to find the work again, few enough to read. */
const FILES_MAX = 20;
const COMMANDS_MAX = 10;
const CONTINUITY_LINES_MAX = 6;
const LINE_CHARS_MAX = 160;

/** What the document of a session shall say: its notes, and what leftoff keeps beside them from its conversations. */
export function documentView(app: App, here: Here, session: Session): DocumentView {
  const own = [...conversationsIn(app, session)].sort(
    (a, b) => (a.facts.startedAtMs ?? 0) - (b.facts.startedAtMs ?? 0),
  );
  const lastAtMs = Math.max(
    session.createdAtMs,
    session.updatedAtMs,
    ...own.map(({ facts }) => facts.lastAtMs ?? 0),
  );
  const createdAtMs = Math.min(
    session.createdAtMs,
    ...own.map(({ facts }) => facts.startedAtMs ?? session.createdAtMs),
  );
  return {
    title: session.title,
    createdDate: localDate(createdAtMs),
    updatedDate: localDate(lastAtMs),
    status: statusOf(session),
    statusReason: session.reason,
    thread: threadOf(own),
    notes: [...session.notes.values()].filter(
      ({ id, state }) => state !== "dropped" && !session.putAway.has(id),
    ),
    files: filesOf(here, own),
    commands: commandsOf(own),
    continuity: {
      previous: continuityOf(session, own.at(-2)),
      current: continuityOf(session, own.at(-1)),
      next: nextSteps(session),
    },
    metrics: [...figureLinesOf(session, own), ...olderPartLine(here, session)],
    hidden: [...session.hidden],
  };
}

function threadOf(own: readonly ConversationState[]): string | undefined {
  const first = own[0];
  return first === undefined ? undefined : `${first.agent} conversation ${first.conversation}`;
}

export function filesOf(here: Here, own: readonly ConversationState[]): DocumentView["files"] {
  const changed = own
    .flatMap(({ facts }) => facts.files)
    .filter(({ ops }) => ops.some((op) => op !== "read"));
  const newest = [...changed].sort((a, b) => (b.lastAtMs ?? 0) - (a.lastAtMs ?? 0));
  const byPath = new Map(
    newest.map(({ path, ops }) => [
      displayPath(here, path),
      ops.includes("created") ? "created" : "modified",
    ]),
  );
  return [...byPath].slice(0, FILES_MAX).map(([path, what]) => ({ path, what }));
}

/** Commands that ended well and came more than once, or that ran tests: what somebody would run again. */
export function commandsOf(own: readonly ConversationState[]): DocumentView["commands"] {
  const counts = new Map<string, { times: number; tests: boolean }>();
  for (const { command, exitCode, tests } of own.flatMap(({ facts }) => facts.commands)) {
    if (command.includes("\n") || command.length > LINE_CHARS_MAX) continue;
    if (exitCode !== 0 && !tests) continue;
    const known = counts.get(command);
    if (known === undefined) counts.set(command, { times: 1, tests: tests !== undefined });
    else {
      known.times += 1;
      known.tests ||= tests !== undefined;
    }
  }
  return [...counts]
    .filter(([, { times, tests }]) => tests || times > 1)
    .slice(-COMMANDS_MAX)
    .map(([command, { tests }]) => ({ command, what: tests ? "runs tests" : "" }));
}

function continuityOf(
  session: Session,
  state: ConversationState | undefined,
): DocumentView["continuity"]["current"] {
  if (state === undefined) return undefined;
  const lines = turnsOf(session, state).map(({ prompt }) => oneLine(prompt));
  return {
    when: localDate(state.facts.startedAtMs ?? session.createdAtMs),
    lines: lines.slice(-CONTINUITY_LINES_MAX),
  };
}

function nextSteps(session: Session): readonly string[] {
  return [...session.notes.values()]
    .filter(({ kind, state, fields }) => kind === "next" && state === "open" && isImmediate(fields.horizon))
    .slice(0, CONTINUITY_LINES_MAX)
    .map(({ text }) => oneLine(text));
}

function isImmediate(horizon: string | undefined): boolean {
  return horizon === undefined || horizon === "immediate";
}

function olderPartLine(here: Here, { parts }: Session): readonly FigureLine[] {
  const paths = parts.map(({ path }) => displayPath(here, path));
  if (paths.length === 0) return [];
  const before = paths.length === 1 ? "" : ` and ${paths.length - 1} before it`;
  return [{ name: "Older part", value: `${paths.at(-1)}${before}` }];
}

/** What a session took and what came of it, as its pages say it. */
export function figureLinesOf(session: Session, own: readonly ConversationState[]): readonly FigureLine[] {
  const facts = own.map((state) => state.facts);
  return figureLines(figuresOf(facts, session), approachesOf(facts, session.notes.values()));
}

function oneLine(text: string): string {
  const line = normalText(text);
  return line.length <= LINE_CHARS_MAX ? line : `${line.slice(0, LINE_CHARS_MAX - 1)}…`;
}
