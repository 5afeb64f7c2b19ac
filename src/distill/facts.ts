import type { AgentName, Usage } from "../agent/agent.ts";
import type { ConversationId } from "../base/id.ts";
import type { Evidence, NoteFields, NoteKind } from "../session/note.ts";

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
  readonly files: readonly FileFact[];
  readonly commands: readonly CommandFact[];
  readonly todos: readonly TodoFact[];
  readonly commits: readonly CommitFact[];
  /** Tool name → number of calls. */
  readonly tools: { readonly [name: string]: number };
  readonly usage: Usage & { readonly replies: number };
  readonly compactions: number;
  /** What looks like a note, newest last; becomes `note.proposed` events. */
  readonly proposals: readonly Proposal[];
}

export interface Turn {
  readonly promptRecord: string | undefined;
  readonly promptId: string | undefined;
  readonly prompt: string;
  /** The agent's last text of the turn; undefined while it works, or when it was cut short. */
  readonly answer: string | undefined;
  readonly startedAtMs: number | undefined;
  readonly endedAtMs: number | undefined;
  readonly outcome: "open" | "answered" | "interrupted" | "failed";
  readonly files: readonly string[];
  readonly commandsFailed: readonly string[];
}

export interface FileFact {
  /** As the agent named it: absolute, or relative to its folder. */
  readonly path: string;
  readonly ops: readonly ("read" | "created" | "modified")[];
  readonly lastAtMs: number | undefined;
}

export interface CommandFact {
  readonly command: string;
  readonly exitCode: number | undefined;
  readonly atMs: number | undefined;
  /** For test runners whose closing line we know. */
  readonly tests: { readonly passed: number; readonly failed: number } | undefined;
}

export interface TodoFact {
  readonly id: string | undefined;
  readonly text: string;
  readonly status: "pending" | "in_progress" | "completed";
}

export interface CommitFact {
  readonly hash: string;
  readonly subject: string;
  readonly gitBranch: string | undefined;
}

/** A guess with its evidence. `key` is a SHA-256 of conversation, record and kind: the same guess has the same key for ever. */
export interface Proposal {
  readonly key: string;
  readonly kind: NoteKind;
  readonly text: string;
  readonly fields: NoteFields;
  readonly evidence: Evidence;
}
