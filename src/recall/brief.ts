import type { Note } from "../session/note.ts";

/** Everything a brief can be made of. Gathered by the shell; the packing is pure. Texts are redacted already. */
export interface BriefMaterial {
  readonly nowMs: number;
  readonly session: {
    readonly id: string;
    readonly slug: string;
    readonly title: string;
    /** Day of the work, from 1. */
    readonly day: number;
    readonly status: string;
    readonly statusReason: string | undefined;
    readonly gitBranch: string | undefined;
    /** The session was last on another git branch than the work tree is now. */
    readonly fromGitBranch: string | undefined;
    /** Whose work this goes on with, by a handoff: `@ada`. */
    readonly handedBy: string | undefined;
    /** Where the state document lies, as shown to people. */
    readonly document: string;
  };
  readonly notes: readonly NoteWithDrift[];
  readonly turns: readonly BriefTurn[];
  readonly drift: Drift | undefined;
  readonly otherSessions: readonly {
    readonly slug: string;
    readonly title: string;
    readonly lastAtMs: number;
  }[];
  /** Excerpts of the project's own pages and state, in the order they are told. */
  readonly sources: readonly BriefSource[];
  /** Bytes of transcripts that could not be read in time; said, never hidden. */
  readonly unreadBytes: number;
  /** Agents here record with leftoff's tools: a command in their shell would ask the person first. */
  readonly byTool: boolean;
}

export const SOURCE_NAMES = ["partition", "context", "readme", "architecture", "commits", "status"] as const;
export type SourceName = (typeof SOURCE_NAMES)[number];

/** What a brief can take from outside the session. Texts are redacted already. */
export interface BriefSource {
  readonly name: SourceName;
  /** What it is cited by: a path relative to the work tree, `git`, `leftoff partition`. */
  readonly path: string;
  /** The first the most important. */
  readonly lines: readonly string[];
  /** What its lines may cost in all. */
  readonly budgetTokens: number;
}

export interface NoteWithDrift {
  readonly note: Note;
  /** Files the note names that changed since it was last touched. */
  readonly staleFiles: readonly string[];
}

export interface BriefTurn {
  readonly conversation: string;
  readonly prompt: string;
  readonly answer: string | undefined;
  readonly atMs: number;
  readonly outcome: "open" | "answered" | "interrupted" | "failed";
  readonly files: readonly string[];
}

/** What changed in the repository since the session was last touched. */
export interface Drift {
  readonly commits: readonly { readonly hash: string; readonly author: string; readonly subject: string }[];
  /** Commits beyond those listed. */
  readonly commitsOmitted: number;
  readonly files: readonly string[];
  readonly gitBranchFrom: string | undefined;
  readonly gitBranchTo: string | undefined;
  /** Git was not asked to the end (its time ran out): there may be more. */
  readonly partial: boolean;
}

/** A packed brief: `text` is exactly what is injected. */
export interface Brief {
  readonly text: string;
  /** By our estimator, at or above a real tokenizer's count in 99.9 % of cases. */
  readonly tokens: number;
  readonly items: readonly BriefItem[];
  readonly omitted: number;
  /** Keys of what did not fit, so that a later delta does not take it for new. */
  readonly omittedKeys: readonly string[];
}

export interface BriefItem {
  /** Equal for the same thing in two briefs, and different once it says something else. */
  readonly key: string;
  readonly kind: string;
  readonly text: string;
  readonly tokens: number;
  /** Where it comes from: `not_…`, `conversation <id>`, `git`. */
  readonly source: string;
  /** Why it is in, in words. */
  readonly why: string;
}

export interface BriefLimits {
  readonly tokensMax: number;
  readonly charsMax: number;
}
