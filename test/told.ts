import type { ToolCall, ToolResult, TranscriptItem } from "../src/agent/agent.ts";
import type { ConversationId } from "../src/base/id.ts";
import { distill, emptyFacts } from "../src/distill/distill.ts";
import type { ConversationFacts } from "../src/distill/facts.ts";

const empty = emptyFacts("c1" as ConversationId, "claude");
const OK: ToolResult = {
  ok: true,
  text: "",
  exitCode: undefined,
  rejected: undefined,
  created: undefined,
  answers: [],
  todoId: undefined,
};

/** An item without what every item carries. */
export type Body = TranscriptItem extends infer Item
  ? Item extends TranscriptItem
    ? Omit<Item, keyof typeof HEAD>
    : never
  : never;
const HEAD = {
  record: "",
  parentRecord: undefined,
  atMs: 0,
  subagent: undefined,
  cwd: "/w",
  gitBranch: "main",
};

/** A conversation told step by step, with records and times counted up. */
function told(...steps: readonly (Body | readonly Body[])[]): readonly TranscriptItem[] {
  return steps
    .flat()
    .map((body, index) => ({ ...HEAD, record: `r${index}`, atMs: 1000 * index, ...body }) as TranscriptItem);
}
export const facts = (...steps: readonly (Body | readonly Body[])[]): ConversationFacts =>
  distill(empty, told(...steps));

let calls = 0;
export const said = (text: string, more: object = {}): Body => ({
  type: "prompt",
  text,
  promptId: undefined,
  duringTurn: false,
  ...more,
});
export const answered = (text: string): Body => ({ type: "answer", text, failed: false });
export function used(tool: ToolCall, result: Partial<ToolResult> = {}): readonly Body[] {
  const callId = `t${calls++}`;
  return [
    { type: "tool_call", callId, tool },
    { type: "tool_result", callId, result: { ...OK, ...result } },
  ];
}
export const edited = (path: string, oldText: string, newText: string) =>
  used({ kind: "edit", name: "Edit", path, oldText, newText });
export const ran = (command: string, result: Partial<ToolResult> = {}) =>
  used({ kind: "shell", name: "Bash", command, background: false }, result);
export const failing = (text: string): Partial<ToolResult> => ({
  ok: false,
  exitCode: 1,
  text: `Exit code 1\n${text}`,
});
export const guesses = ({ proposals }: ConversationFacts) =>
  proposals.map(({ kind, text, fields }) => ({ kind, text, ...fields }));
