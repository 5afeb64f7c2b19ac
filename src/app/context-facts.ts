import {
  CONTEXT_COMMITS_MAX,
  CONTEXT_GIT_MS,
  CONTEXT_ITEM_CHARS_MAX,
  CONTEXT_LINES_MAX,
  CONTEXT_SESSIONS_MAX,
} from "../base/limits.ts";
import { normalText, writeText } from "../document/item-text.ts";
import { type ContextFacts, type ContextItem, type ContextList, writtenAs } from "../publish/context-page.ts";
import { notesInOrder } from "../recall/note-order.ts";
import type { Note } from "../session/note.ts";
import type { Session } from "../session/session.ts";
import { localDate } from "../session/slug.ts";
import { recentCommits } from "../workspace/recent.ts";
import type { App } from "./app.ts";
import type { Here } from "./here.ts";
import { currentSession } from "./resolve-session.ts";
import { loadSession } from "./session-log.ts";
import { type SessionSummary, summaries } from "./summary.ts";

/** What the context page of a work tree is made of. */
export interface ContextMaterial {
  /** Redacted. */
  readonly facts: ContextFacts;
  /** The one that its history belongs to. */
  readonly session: Session | undefined;
  /** Every line that a note known here could have on the page, whatever became of it. */
  readonly known: readonly string[];
}

const SUBJECT_CHARS_MAX = 72;
/** Settled issues that are still shown as ticked off. */
const SETTLED_MAX = 3;
const ABBREVIATED = 7;

export async function contextMaterial(app: App, here: Here): Promise<ContextMaterial> {
  const all = summaries(app, here.workTree);
  const current = currentSession(app, here);
  const others = all.filter(({ id }) => id !== current?.id).slice(0, CONTEXT_SESSIONS_MAX);
  const sessions = [
    ...(current === undefined ? [] : [current]),
    ...others.map(({ id }) => loadSession(app, id)),
  ];
  const notes = sessions.flatMap((session) => [...session.notes.values()]);
  const summary = all.find(({ id }) => id === current?.id);
  const facts: Omit<ContextFacts, "titles"> = {
    work: current?.title,
    status: summary === undefined ? undefined : statusIn(summary),
    namesGit: true,
    gitBranch: gitBranchOf(here),
    commits: await commitsOf(here),
    lists: listsOf(notes, [...(current?.notes.values() ?? [])]),
  };
  return {
    facts: {
      ...(app.redactor.value(facts) as typeof facts),
      titles: new Set(all.map(({ title }) => app.redactor.text(normalText(title)))),
    },
    session: current,
    known: notes.flatMap(linesOf).map((line) => app.redactor.text(line)),
  };
}

function statusIn({ phase, status, reason }: SessionSummary): string {
  const because = reason === undefined || reason === "" ? "" : `: ${normalText(reason)}`;
  if (status === "blocked") return `blocked${because}`;
  if (phase === "cancelled") return `cancelled${because}`;
  if (phase === "paused" || phase === "archived") return phase;
  return phase === "complete" ? "completed" : "in progress";
}

function gitBranchOf({ head }: Here): string | undefined {
  if (head.gitBranch !== undefined) return head.gitBranch;
  return head.detached ? `(detached at ${head.commit?.slice(0, ABBREVIATED)})` : undefined;
}

async function commitsOf({ location }: Here): Promise<readonly string[] | undefined> {
  const commits = await recentCommits(location, CONTEXT_COMMITS_MAX, CONTEXT_GIT_MS);
  if (commits.length === 0) return undefined;
  return commits.map(({ hash, subject }) => `${hash} ${shortened(normalText(subject), SUBJECT_CHARS_MAX)}`);
}

function listsOf(notes: readonly Note[], current: readonly Note[]): ContextFacts["lists"] {
  const open = notes.filter(({ state }) => state === "open");
  const standing = notesInOrder({
    notes: [...open, ...current.filter(isOpen)].map((note) => ({ note, staleFiles: [] })),
  });
  const inOrder = standing.map(({ note }) => note);
  const latest = (chosen: readonly Note[]): readonly Note[] =>
    [...chosen].sort((a, b) => a.atMs - b.atMs).slice(-CONTEXT_LINES_MAX);
  const isIssue = ({ kind }: Note): boolean => kind === "issue" || kind === "blocker";
  const settled = notes
    .filter((note) => isIssue(note) && note.state === "done")
    .sort((a, b) => a.changedAtMs - b.changedAtMs)
    .slice(-SETTLED_MAX);
  const own = new Set(current.map(({ id }) => id));
  const issues = latest(inOrder.filter(isIssue)).slice(-(CONTEXT_LINES_MAX - settled.length));
  const next = inOrder.filter(({ kind, id }) => kind === "next" && own.has(id)).slice(0, CONTEXT_LINES_MAX);
  return {
    architecture: latest(inOrder.filter(({ kind }) => kind === "file")).map(itemOf),
    decisions: latest(inOrder.filter(({ kind }) => kind === "decision")).map(itemOf),
    issues: [...issues, ...settled].map(itemOf),
    testing: latest(inOrder.filter(isTest)).map(itemOf),
    next: next.map(itemOf),
  };
}

function isOpen({ state }: Note): boolean {
  return state === "open";
}

const TEST = /\b(?:tests?|spec|specs|lint|check|vitest|jest|pytest)\b/i;

function isTest({ kind, text }: Note): boolean {
  return kind === "command" && TEST.test(text);
}

function itemOf(note: Note): ContextItem {
  const text = shortened(
    writeText(normalText(note.text), { behindLabel: false, marks: "none" }),
    CONTEXT_ITEM_CHARS_MAX,
  );
  if (note.kind !== "decision") {
    const box =
      note.kind === "file" || note.kind === "command" ? "" : note.state === "done" ? "[x] " : "[ ] ";
    return { text, line: `- ${box}${text}` };
  }
  const why = normalText(note.fields.why ?? "");
  const because = why === "" ? "" : `: ${shortened(why, CONTEXT_ITEM_CHARS_MAX)}`;
  return { text, line: `- ${text}${because} (${localDate(note.atMs)})` };
}

const LIST_OF: { readonly [kind: string]: ContextList } = {
  file: "architecture",
  decision: "decisions",
  issue: "issues",
  blocker: "issues",
  command: "testing",
  next: "next",
};

/** A note as it stands or stood on the page: open and ticked off. */
function linesOf(note: Note): readonly string[] {
  const list = LIST_OF[note.kind];
  if (list === undefined) return [];
  return (["open", "done"] as const).map((state) => writtenAs(list, itemOf({ ...note, state }).line));
}

function shortened(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : `${text.slice(0, charsMax - 1).trimEnd()}…`;
}
