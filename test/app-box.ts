import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { HookCall, HookEvent } from "../src/agent/agent.ts";
import type { App } from "../src/app/app.ts";
import type { ConversationId } from "../src/base/id.ts";
import { openApp } from "../src/compose.ts";

/** A real program on real files below one temporary folder, with a clock that the test moves. */
export interface AppBox {
  readonly app: App;
  readonly folder: string;
  readonly project: string;
  /** The same program as an agent's shell starts it. */
  inShell(conversation: ConversationId): App;
  /** The program started once more, on the same files and the same clock. */
  again(): App;
  /** Moves the clock on. */
  pass(durationMs: number): void;
  /** Marks the project as initialised: documents lie in it. */
  initialise(): void;
  /** Appends records to a conversation's transcript, as the agent does. */
  say(conversation: ConversationId, ...records: readonly object[]): void;
  transcript(conversation: ConversationId): string;
  call(event: HookEvent, conversation: ConversationId, over?: Partial<HookCall>): HookCall;
  read(path: string): string;
  write(path: string, text: string): void;
  dispose(): void;
}

export function makeAppBox(): AppBox {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "leftoff-app-")));
  const project = join(folder, "project");
  mkdirSync(project);
  const env = { HOME: folder, LEFTOFF_HOME: join(folder, "leftoff"), PATH: process.env.PATH };
  let nowMs = Date.parse("2026-01-25T10:00:00Z");
  const clock = { nowMs: () => nowMs, monotonicMs: () => performance.now() };
  const app: App = { ...openApp({ cwd: project, env }), clock };
  const transcript = (conversation: string) =>
    join(folder, ".claude", "projects", project.replaceAll(/[^a-zA-Z0-9]/g, "-"), `${conversation}.jsonl`);
  return {
    app,
    folder,
    project,
    inShell: (conversation) => ({
      ...app,
      env: { ...env, CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: conversation },
    }),
    again: () => ({ ...openApp({ cwd: project, env }), clock }),
    pass: (durationMs) => {
      nowMs += durationMs;
    },
    initialise: () => {
      const { trees } = app.workspaces.read();
      for (const { id } of trees)
        app.workspaces.append([{ type: "work_tree.initialised", atMs: nowMs, workTree: id }]);
    },
    say: (conversation, ...records) => {
      const path = transcript(conversation);
      mkdirSync(dirname(path), { recursive: true });
      appendFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
    },
    transcript,
    call: (event, conversation, over = {}) => ({
      event,
      conversation,
      transcriptPath: transcript(conversation),
      cwd: project,
      promptId: undefined,
      prompt: undefined,
      answer: undefined,
      reason: undefined,
      subagent: undefined,
      sinceAnswerMs: undefined,
      ...over,
    }),
    read: (path) => readFileSync(path, "utf8"),
    write: (path, text) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    },
    dispose: () => {
      if (statSync(folder, { throwIfNoEntry: false })) rmSync(folder, { recursive: true, force: true });
    },
  };
}

let makers = 0;

/** Records as Claude Code 2.1.197 writes them (test/fixtures/claude has recorded ones). */
export function conversationRecords(conversation: ConversationId, cwd: string, startMs: number) {
  // No two records of a test share an id, also where two calls of this make records of one conversation.
  makers += 1;
  const maker = String(makers).padStart(4, "0");
  let number = 0;
  const head = () => {
    number += 1;
    return {
      uuid: `${conversation.slice(0, 8)}-${maker}-4000-8000-${String(number).padStart(12, "0")}`,
      parentUuid: null,
      isSidechain: false,
      sessionId: conversation,
      cwd,
      gitBranch: "main",
      version: "2.1.197",
      userType: "external",
      timestamp: new Date(startMs + number * 1000).toISOString(),
    };
  };
  const usage = {
    input_tokens: 100,
    output_tokens: 10,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
  };
  const reply = (content: object) => {
    const own = head();
    const message = {
      id: `msg_${own.uuid}`,
      type: "message",
      role: "assistant",
      model: "claude-opus-4-8",
      content: [content],
      usage,
    };
    return { ...own, type: "assistant", message };
  };
  return {
    prompt: (text: string, promptId: string) => ({
      ...head(),
      type: "user",
      promptId,
      permissionMode: "default",
      promptSource: "sdk",
      message: { role: "user", content: text },
    }),
    answer: (text: string) => reply({ type: "text", text }),
    call: (id: string, name: string, input: object) => reply({ type: "tool_use", id, name, input }),
    result: (id: string, content: string, more: { isError?: boolean; toolUseResult?: unknown } = {}) => ({
      ...head(),
      type: "user",
      message: {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: id, content, is_error: more.isError ?? false }],
      },
      toolUseResult: more.toolUseResult,
    }),
  };
}
