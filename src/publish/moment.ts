import type { Turn } from "../distill/facts.ts";
import type { Note } from "../session/note.ts";

/** Something that happened in a session, as a summary tells it. All texts are redacted; `atMs` is when it was over. */
export type Moment = { readonly atMs: number } & (
  | TurnPart
  | { readonly type: "note"; readonly note: Note }
  | { readonly type: "commit"; readonly hash: string; readonly subject: string }
  /** A command failed, and passed after changes. */
  | {
      readonly type: "fix";
      readonly command: string;
      readonly error: string;
      readonly files: readonly string[];
    }
  /** The person answered a question of the agent. */
  | { readonly type: "choice"; readonly question: string; readonly answer: string }
);

interface TurnPart extends Pick<Turn, "prompt" | "answer" | "outcome" | "commandsFailed"> {
  readonly type: "turn";
  readonly startedAtMs: number;
  readonly files: readonly FileChange[];
}

export interface FileChange {
  readonly path: string;
  readonly what: "created" | "modified";
}

export type TurnMoment = Extract<Moment, { readonly type: "turn" }>;
