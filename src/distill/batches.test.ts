import fc from "fast-check";
import { expect, test } from "vitest";
import type { ToolCall, ToolResult, TranscriptItem } from "../agent/agent.ts";
import type { ConversationId } from "../base/id.ts";
import { distill, emptyFacts } from "./distill.ts";
import type { ConversationFacts } from "./facts.ts";

const empty = emptyFacts("c1" as ConversationId, "claude");

/** Items of every kind, over few names, so that they meet: the same files, commands, calls and replies again and again. */
const anyItem: fc.Arbitrary<TranscriptItem> = (() => {
  const text = fc.constantFrom(
    "no, use b",
    "revert that",
    "go",
    "Next steps:\n- x\n- y",
    "I chose a because b.",
    "let's go with c",
    "why?",
    "I'll put a lock around every write of b.",
    "Tried: a lock around every write. It failed because it deadlocks.",
    "no, not Redis: we run on one machine",
    "That builds.\nWhat is left:\n1. x\n2. write the docs",
  );
  const path = fc.constantFrom("/w/a", "/w/b");
  const code = fc.constantFrom("p", "q", "");
  const tool: fc.Arbitrary<ToolCall> = fc.oneof(
    fc.record({ kind: fc.constant("read" as const), name: fc.constant("Read"), path }),
    fc.record({ kind: fc.constant("write" as const), name: fc.constant("Write"), path, newText: code }),
    fc.record({
      kind: fc.constant("edit" as const),
      name: fc.constant("Edit"),
      path,
      oldText: code,
      newText: code,
    }),
    fc.record({
      kind: fc.constant("shell" as const),
      name: fc.constant("Bash"),
      command: fc.constantFrom(
        "make",
        "git reset --hard",
        "git reset HEAD~1",
        "git checkout a",
        "git stash",
        "git stash pop",
        "git commit -m x",
        "git commit -q --amend -m 'write the docs'",
        "git log --oneline",
        "ls",
      ),
      background: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant("todos" as const),
      name: fc.constant("TodoWrite"),
      whole: fc.boolean(),
      todos: fc.array(
        fc.record({
          id: fc.constantFrom(undefined, "1", "2"),
          text: fc.constantFrom(undefined, "t", "u"),
          status: fc.constantFrom("pending" as const, "completed" as const, "deleted" as const, undefined),
        }),
        { maxLength: 3 },
      ),
    }),
    fc.record({ kind: fc.constant("plan" as const), name: fc.constant("ExitPlanMode"), plan: code }),
    fc.record({
      kind: fc.constant("question" as const),
      name: fc.constant("Ask"),
      questions: fc.array(text, { maxLength: 2 }),
    }),
  );
  const result: fc.Arbitrary<ToolResult> = fc.record({
    ok: fc.boolean(),
    text: fc.constantFrom(
      "",
      "Error: x",
      "Tests  1 failed | 2 passed (3)",
      "Tests  3 passed (3)",
      "[main abc1234] s",
      "abc1235 write the docs",
    ),
    exitCode: fc.constantFrom(undefined, 0, 1),
    rejected: fc.constantFrom(undefined, undefined, { reason: undefined }, { reason: "because" }),
    created: fc.constantFrom(undefined, true, false),
    answers: fc.array(fc.constantFrom("", "yes"), { maxLength: 2 }),
    todoId: fc.constantFrom(undefined, "1", "2"),
  });
  const callId = fc.constantFrom("t1", "t2", "t3");
  const tokens = fc.nat(9);
  const body = fc.oneof(
    fc.record({
      type: fc.constant("prompt" as const),
      text,
      promptId: fc.constant("p"),
      duringTurn: fc.boolean(),
    }),
    fc.record({ type: fc.constant("answer" as const), text, failed: fc.boolean() }),
    fc.record({ type: fc.constant("tool_call" as const), callId, tool }),
    fc.record({ type: fc.constant("tool_result" as const), callId, result }),
    fc.record({
      type: fc.constant("usage" as const),
      messageId: fc.constantFrom("m1", "m2"),
      model: fc.constant("x"),
      usage: fc.record({
        inputTokens: tokens,
        outputTokens: tokens,
        cacheReadTokens: tokens,
        cacheWriteTokens: tokens,
      }),
    }),
    fc.record({ type: fc.constant("interruption" as const), duringTool: fc.boolean() }),
    fc.record({ type: fc.constant("compaction" as const), trigger: fc.constant("auto") }),
    fc.record({ type: fc.constant("title" as const), text, byPerson: fc.boolean() }),
    fc.record({ type: fc.constant("wake" as const) }),
    fc.record({ type: fc.constant("injected" as const), text, hookEvent: fc.constant("Stop") }),
  );
  const head = fc.record({
    record: fc.constantFrom(undefined, "r1", "r2", "r3", "r4"),
    parentRecord: fc.constantFrom(undefined, "r1", "r2"),
    atMs: fc.option(fc.nat(100), { nil: undefined }),
    subagent: fc.constantFrom(undefined, undefined, undefined, "a8"),
    cwd: fc.constant("/w"),
    gitBranch: fc.constantFrom(undefined, "main", "fix"),
  });
  return fc.tuple(head, body).map(([first, second]) => ({ ...first, ...second }) as TranscriptItem);
})();

test("the same items give the same facts however they are batched and whether or not the facts were saved between", () => {
  fc.assert(
    fc.property(
      fc.array(anyItem, { maxLength: 60 }),
      fc.array(fc.nat(60), { maxLength: 4 }),
      (items, cuts) => {
        const places = [
          0,
          ...cuts.map((cut) => Math.min(cut, items.length)).sort((a, b) => a - b),
          items.length,
        ];
        let parts = empty;
        for (const [index, place] of places.slice(0, -1).entries()) {
          const before = JSON.parse(JSON.stringify(parts)) as ConversationFacts;
          parts = distill(before, items.slice(place, places[index + 1]));
        }
        expect(parts).toEqual(JSON.parse(JSON.stringify(distill(empty, items))));
      },
    ),
    { numRuns: 400 },
  );
});

test("distilling changes neither the facts it is given nor the items", () => {
  fc.assert(
    fc.property(
      fc.array(anyItem, { maxLength: 30 }),
      fc.array(anyItem, { maxLength: 30 }),
      (before, items) => {
        const given = distill(empty, before);
        const copy = structuredClone(given);
        distill(given, items);
        expect(given).toEqual(copy);
      },
    ),
  );
});
