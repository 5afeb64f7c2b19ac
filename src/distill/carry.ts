import type { Usage } from "../agent/agent.ts";
import type { Change } from "./change.ts";

/** What the next items need to know of the earlier ones. Bounded like everything in the facts. */
export interface Carry {
  /** Items seen: tells which of two things came first. */
  readonly seq: number;
  readonly titleByPerson: boolean;
  /** What the agent had answered before it went on by itself. */
  readonly answerBefore: string | undefined;
  /** The record of the agent's last words. */
  readonly answerRecord: string | undefined;
  /** The record each kept prompt follows, to see that the person went back. */
  readonly prompts: readonly { readonly record: string; readonly parent: string }[];
  readonly calls: readonly WaitingCall[];
  readonly replies: readonly { readonly messageId: string; readonly usage: Usage }[];
  readonly failures: readonly OpenFailure[];
  readonly edits: readonly EditTrace[];
  /** When something was committed, newest last: git throws away only what came after. */
  readonly commitSeqs: readonly number[];
  /** When a file was changed last: what tests said before tells nothing of it. */
  readonly changedSeq: number;
  /** The last test run in which nothing failed. */
  readonly testsPassed: { readonly seq: number; readonly passed: number } | undefined;
  /** A commit that git made quietly: a later command may name its hash. */
  readonly unnamed: { readonly subject: string; readonly key: string } | undefined;
  /** Keys of guesses that something was fixed and is in no commit yet. */
  readonly fixed: readonly string[];
  /** What was committed in this turn. */
  readonly subjects: readonly string[];
  /** The failure seen last, as a reason for what is taken back after it. */
  readonly lastFailure: { readonly seq: number; readonly key: string; readonly text: string } | undefined;
  /** What the agent said last, in one sentence: what it was about to do. */
  readonly intent: string;
  /** Guesses of this turn that something failed, and where they come from. */
  readonly failed: readonly FailedGuess[];
  /** Next steps that earlier answers named. */
  readonly steps: readonly Step[];
  /** What the agent was saying when the person cut its turn short. */
  readonly cutAnswer: string | undefined;
  /** A plan was refused without a word: the next prompt may say why. */
  readonly refused: { readonly record: string; readonly what: string } | undefined;
}

export const emptyCarry: Carry = {
  seq: 0,
  titleByPerson: false,
  answerBefore: undefined,
  answerRecord: undefined,
  prompts: [],
  calls: [],
  replies: [],
  failures: [],
  edits: [],
  commitSeqs: [],
  changedSeq: 0,
  testsPassed: undefined,
  unnamed: undefined,
  fixed: [],
  subjects: [],
  lastFailure: undefined,
  intent: "",
  failed: [],
  steps: [],
  cutAnswer: undefined,
  refused: undefined,
};

/** A tool call without its result, without its texts. */
export interface WaitingCall {
  readonly callId: string;
  readonly atMs: number | undefined;
  readonly subagent: string | undefined;
  readonly call: SlimCall;
}

export type SlimCall =
  | { readonly kind: "read"; readonly path: string }
  | { readonly kind: "write"; readonly path: string; readonly what: string; readonly change?: Change }
  | {
      readonly kind: "edit";
      readonly path: string;
      readonly oldHash: string;
      readonly newHash: string;
      readonly what: string;
      /** By the call's own texts, where the result does not say better. */
      readonly change?: Change;
    }
  | { readonly kind: "shell"; readonly command: string; readonly background: boolean }
  | { readonly kind: "todos"; readonly todos: readonly SlimTodo[]; readonly whole: boolean }
  | { readonly kind: "plan"; readonly what: string }
  | { readonly kind: "question"; readonly questions: readonly string[] }
  | { readonly kind: "other"; readonly name: string };

export interface SlimTodo {
  readonly id: string | undefined;
  readonly text: string | undefined;
  readonly status: "pending" | "in_progress" | "completed" | "deleted" | undefined;
}

/** A command that failed and has not passed since. */
export interface OpenFailure {
  /** Equal for two ways of running the same thing. */
  readonly key: string;
  readonly command: string;
  readonly error: string;
  readonly runs: number;
  /** Files changed since it failed first. */
  readonly files: readonly string[];
}

export interface EditTrace {
  readonly seq: number;
  readonly record: string | undefined;
  readonly path: string;
  /** Undefined for a file written whole. */
  readonly oldHash: string | undefined;
  readonly newHash: string | undefined;
  readonly what: string;
  /** What the agent said it was doing; "" where it said nothing. */
  readonly intent: string;
  /** Key of the guess that it was taken back, "" where there is none; once it is made again, that is no longer so. */
  readonly undoneKey?: string;
  /** It is not gone but put aside: `git stash pop` brings it back. */
  readonly stashed?: true;
}

export interface FailedGuess {
  readonly key: string;
  /** Words say better than an undone edit what was tried; both may be about the same. */
  readonly by: "words" | "undo";
}

export interface Step {
  readonly text: string;
  readonly record: string;
  readonly ordinal: number;
}
