import type { AgentName, Usage } from "../agent/agent.ts";
import type { ConversationId } from "../base/id.ts";
import type { Evidence, NoteFields, NoteKind } from "../session/note.ts";
import type { Carry } from "./carry.ts";
import type { Stretch } from "./stretch.ts";

/**
 * What one conversation did, out of its transcript alone: plain JSON, bounded, so that it can be kept in `state/` and
 * continued from there. Deterministic; the same records give the same facts however they were batched.
 */
export interface ConversationFacts {
  readonly version: 1;
  readonly conversation: ConversationId;
  readonly agent: AgentName;
  readonly startedAtMs: number | undefined;
  readonly lastAtMs: number | undefined;
  readonly title: string | undefined;
  readonly gitBranches: readonly string[];
  /** Prompts of the person so far; `turns` keeps only the newest. */
  readonly turnCount: number;
  /** Newest last. */
  readonly turns: readonly Turn[];
  /** Most recently touched last. */
  readonly files: readonly FileFact[];
  /** Newest last, like everything below. */
  readonly commands: readonly CommandFact[];
  /** As the agent's own list stands now, in its order. */
  readonly todos: readonly TodoFact[];
  readonly commits: readonly CommitFact[];
  readonly fixes: readonly FixFact[];
  readonly undone: readonly UndoneFact[];
  readonly refusals: readonly RefusalFact[];
  readonly answers: readonly AnswerFact[];
  /** Tool name → number of calls. */
  readonly tools: { readonly [name: string]: number };
  readonly usage: Usage & { readonly replies: number };
  readonly compactions: number;
  /** When it was worked on, and how much was done then, oldest first. Absent in facts of older versions, which measured nothing. */
  readonly stretches?: readonly Stretch[];
  /** What the agent's context held at its last reply; undefined before the first one, and after a compaction. Absent in facts of older versions. */
  readonly context?: ContextUse | undefined;
  /**
   * What looks like a note, newest last; becomes `note.proposed` events. Those of kind `next` are what stands now: one that
   * is gone was done, or the agent named others.
   */
  readonly proposals: readonly Proposal[];
  /** What later items need to know of earlier ones; nobody else's business. */
  readonly carry: Carry;
}

/** How full a conversation's context is, by the usage that its model reported. */
export interface ContextUse {
  /** Everything that was sent, from the cache or not, and the reply. */
  readonly tokens: number;
  readonly model: string;
  /** leftoff has told the agent since the last compaction. */
  readonly noticed: boolean;
}

export interface Turn {
  readonly promptRecord: string | undefined;
  readonly promptId: string | undefined;
  /** With what the person said while the agent worked, in lines of its own. */
  readonly prompt: string;
  /** The agent's last words of the turn (of a failed turn: the error's); undefined while it works, or when it was cut short. */
  readonly answer: string | undefined;
  readonly startedAtMs: number | undefined;
  readonly endedAtMs: number | undefined;
  readonly outcome: "open" | "answered" | "interrupted" | "failed";
  /** Files changed or made in it. */
  readonly files: readonly string[];
  readonly commandsFailed: readonly string[];
  /** The prompt corrects what the agent did before. */
  readonly corrects?: true;
  /** The person went back to before this turn: its files may have been put back too, and the agent no longer knows of it. */
  readonly rewound?: true;
}

export interface FileFact {
  /** As the agent named it: absolute, or relative to its folder. */
  readonly path: string;
  /** Each at most once, in the order they first happened. */
  readonly ops: readonly FileOp[];
  readonly lastAtMs: number | undefined;
}

export type FileOp = "read" | "created" | "modified";

export interface CommandFact {
  readonly command: string;
  /** Undefined where it is not known: a background command, one that was cut short or ran out of time. */
  readonly exitCode: number | undefined;
  readonly atMs: number | undefined;
  /** For test runners whose closing line we know. */
  readonly tests: TestCounts | undefined;
}

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

export interface TodoFact {
  readonly id: string | undefined;
  readonly text: string;
  readonly status: "pending" | "in_progress" | "completed";
  /** Where it first stood, and as which of its list, so that a guess about it keeps its key. */
  readonly record: string | undefined;
  readonly ordinal: number;
}

export interface CommitFact {
  readonly hash: string;
  readonly subject: string;
  readonly gitBranch: string | undefined;
  /** When git said so. Absent in facts of older versions. */
  readonly atMs?: number | undefined;
}

/** A command failed, files were changed, the same command passed. */
export interface FixFact {
  readonly command: string;
  /** The line of its output that says what was wrong. */
  readonly error: string;
  /** How often it failed before it passed; ≥ 1. */
  readonly runs: number;
  readonly files: readonly string[];
  readonly atMs: number | undefined;
}

/** An edit that a later one took back. */
export interface UndoneFact {
  readonly path: string;
  /** The first line of what was put in. */
  readonly what: string;
  /** The failure or the words of the person that came between; undefined where nothing did. */
  readonly why: string | undefined;
  readonly atMs: number | undefined;
}

/** The person said no to a plan or to a tool. */
export interface RefusalFact {
  readonly what: string;
  readonly reason: string | undefined;
  readonly atMs: number | undefined;
}

export interface AnswerFact {
  readonly question: string;
  readonly answer: string;
  readonly atMs: number | undefined;
}

/** A guess with its evidence. `key` is a SHA-256 of conversation, record and kind: the same guess has the same key for ever. */
export interface Proposal {
  readonly key: string;
  readonly kind: NoteKind;
  readonly text: string;
  readonly fields: NoteFields;
  readonly evidence: Evidence;
}
