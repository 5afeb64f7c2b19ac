import { readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, makeAppBox } from "../../test/app-box.ts";
import { loadConversation, saveConversation } from "../app/conversation.ts";
import { searchNotes } from "../app/search-notes.ts";
import type { ConversationId } from "../base/id.ts";
import { asObject, parseJson } from "../base/parse.ts";
import { serveMcp } from "./mcp.ts";

let box: AppBox;
let client: Client;

beforeEach(async () => {
  box = makeAppBox();
  client = connect();
  await client.ask("initialize", {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "scripted", version: "1" },
  });
});
afterEach(async () => {
  await client.leave();
  box.dispose();
});

interface Message {
  readonly id?: string | number | null;
  readonly result?: { readonly [key: string]: unknown };
  readonly error?: { readonly code: number; readonly message: string };
}

interface Client {
  /** Sends a line as it is. */
  line(text: string): void;
  send(message: object): void;
  /** Sends a request and resolves with its answer. */
  ask(method: string, params?: object): Promise<Message>;
  call(
    name: string,
    args?: object,
    meta?: object,
  ): Promise<{ readonly text: string; readonly isError: boolean }>;
  /** The next message with this id (null for those that answer to none). */
  answer(id: string | number | null): Promise<Message>;
  /** Ends the input and resolves when the server has ended. */
  leave(): Promise<void>;
}

function connect(open = () => box.again(), resources = true): Client {
  const input = new PassThrough();
  const output = new PassThrough();
  const messages: Message[] = [];
  let arrived: () => void = () => undefined;
  output.setEncoding("utf8").on("data", (text: string) => {
    for (const line of text.split("\n").filter((one) => one !== ""))
      messages.push(JSON.parse(line) as Message);
    arrived();
  });
  const ended = serveMcp({
    input,
    output,
    version: "1.2.3",
    resources,
    openApp: open,
    stopped: new Promise(() => undefined),
  });
  let lastId = 0;
  const line = (text: string) => void input.write(`${text}\n`);
  const answer = async (id: string | number | null): Promise<Message> => {
    for (;;) {
      const at = messages.findIndex((message) => message.id === id);
      const [found] = at < 0 ? [] : messages.splice(at, 1);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        arrived = resolve;
      });
    }
  };
  const send = (message: object) => line(JSON.stringify({ jsonrpc: "2.0", ...message }));
  const ask = (method: string, params?: object) => {
    lastId += 1;
    send({ id: lastId, method, params });
    return answer(lastId);
  };
  return {
    line,
    send,
    ask,
    answer,
    call: async (name, args, meta) => {
      const { result } = await ask("tools/call", { name, arguments: args, _meta: meta });
      const [content] = (result?.content as readonly { text: string }[] | undefined) ?? [];
      return { text: content?.text ?? "", isError: result?.isError === true };
    },
    leave: async () => {
      input.end();
      await ended;
    },
  };
}

test("a note that is written through a tool is told by the others", async () => {
  await client.call("session", { action: "new", title: "Refresh token rotation" });

  const noted = await client.call("note", {
    kind: "failed",
    text: "A Redis lock",
    fields: { why: "runs hang" },
  });
  const brief = await client.call("brief");
  const found = await client.call("search_notes", { query: "REDIS" });

  expect(noted.text).toMatch(/^Noted in \S+ \(failed [0-9a-f]{6}\)\.$/);
  expect(brief.text).toContain("- A Redis lock. Why: runs hang [agent scripted,");
  expect(found.text).toContain("- failed: A Redis lock; why: runs hang [agent scripted,");
});

test("a checkpoint of counted work says where it goes on, and the memory shows it", async () => {
  await client.call("session", { action: "new", title: "CSS migration" });

  const noted = await client.call("memory", {
    note: "COMPLETED: files 1-150 of 500\nDECISION: keep names — tests need them\nNEXT: imports\nfirst",
  });
  const { text } = await client.call("memory");

  expect(noted.text).toMatch(
    /^Noted in \S+: progress [0-9a-f]{6}, decision [0-9a-f]{6}, next [0-9a-f]{6}\.\nStart at file 151 of 500: files 1-150 are completed, not to be done again$/,
  );
  expect(text).toContain("- COMPLETED: files 1-150 of 500\n- PENDING: files 151-500 of 500\n");
  expect(text).toMatch(/^- \S+ — keep names — tests need them$/m);
  expect(text).toContain("- imports first");
  expect((await client.call("memory", { action: "checkpoint" })).text).toMatch(
    /^input_invalid: A checkpoint needs/,
  );
});

test("several notes are settled in one call, all or none", async () => {
  await client.call("session", { action: "new", title: "Rotation" });
  const ids = [];
  for (const text of ["first", "second", "third"])
    ids.push(/([0-9a-f]{6})\)/.exec((await client.call("note", { kind: "next", text })).text)?.[1] ?? "");

  const refused = await client.call("notes", { done: [ids[0]], drop: ["ffffff"] });
  const settled = await client.call("notes", {
    done: [ids[0]],
    drop: [ids[1]],
    edit: [{ note: ids[2], text: "the third" }],
  });

  expect(refused).toMatchObject({ isError: true });
  expect(refused.text).toContain("note_not_found");
  expect(settled.text.split("\n").slice(1)).toEqual([
    expect.stringContaining("(done) next: first"),
    expect.stringContaining("(dropped) next: second"),
    expect.stringContaining("next: the third"),
  ]);
});

test("what is no message is answered by its code, and the next one is served", async () => {
  client.line("nonsense");
  expect((await client.answer(null)).error?.code).toBe(-32700);
  client.line('[{"jsonrpc":"2.0","id":1,"method":"ping"}]');
  expect((await client.answer(null)).error?.code).toBe(-32600);
  client.line('{"jsonrpc":"1.0","id":"a","method":"ping"}');
  expect((await client.answer("a")).error?.code).toBe(-32600);
  client.line('{"jsonrpc":"2.0","id":1.5,"method":"ping"}');
  expect((await client.answer(null)).error?.code).toBe(-32600);
  client.line('{"jsonrpc":"2.0","id":"b","method":"ping","params":[1]}');
  expect((await client.answer("b")).error?.code).toBe(-32602);
  expect((await client.ask("server/discover")).error?.code).toBe(-32601);
  expect((await client.ask("tools/forget")).error?.code).toBe(-32601);
  expect((await client.ask("ping")).result).toEqual({});
});

test("what is not there, and params that a method does not take, are invalid params", async () => {
  const codes = [
    await client.ask("tools/call", { name: "rm" }),
    await client.ask("tools/call", { arguments: {} }),
    await client.ask("tools/call", { name: "brief", arguments: "all" }),
    await client.ask("resources/read", { uri: "file:///etc/passwd" }),
    await client.ask("resources/read", {}),
    await client.ask("prompts/get", { name: "forget" }),
    await client.ask("prompts/get", { name: 1 }),
  ].map(({ error }) => error?.code);
  expect(codes).toEqual(codes.map(() => -32602));
});

test("arguments that a tool does not take are told to the model, with what is wrong", async () => {
  expect(await client.call("note", { kind: "idea", text: "x" })).toEqual({
    isError: true,
    text: expect.stringMatching(
      /^input_invalid: kind: A note is one of: summary, .*\nThe input schema of `note`/,
    ),
  });
  expect((await client.call("note", { kind: "next" })).isError).toBe(true);
  expect((await client.call("show", { session: "x", path: "../../etc" })).isError).toBe(true);
  expect((await client.call("note", { kind: "next", text: "x".repeat(10 * 1024 * 1024) })).isError).toBe(
    true,
  );
  expect((await client.ask("ping")).result).toEqual({});
});

test("a session's name is never a path", async () => {
  await client.call("session", { action: "new", title: "Rotation" });
  for (const session of ["../../etc/passwd", "/etc/passwd", "..%2f..", "%00", "%"]) {
    const read = await client.ask("resources/read", {
      uri: `leftoff://session/${encodeURIComponent(session)}/document`,
    });
    expect(read.error?.code).toBe(-32602);
    expect((await client.call("show", { session, part: "document" })).text).toMatch(/^session_not_found/);
  }
  expect((await client.ask("resources/read", { uri: "leftoff://session/%/brief" })).error?.code).toBe(-32602);
});

test("a line that is too long is passed over and answered", async () => {
  client.line(
    `{"jsonrpc":"2.0","id":"long","method":"ping","params":{"x":"${"x".repeat(17 * 1024 * 1024)}"}}`,
  );
  expect((await client.answer(null)).error?.code).toBe(-32600);
  expect((await client.ask("ping")).result).toEqual({});
});

test("an id in use is refused without an answer under that id", async () => {
  client.send({
    id: "twice",
    method: "tools/call",
    params: { name: "session", arguments: { action: "list" } },
  });
  client.send({ id: "twice", method: "ping" });
  expect((await client.answer(null)).error?.code).toBe(-32600);
  expect(asObject((await client.answer("twice")).result)).toHaveProperty("content");
});

test("a call that is taken back before its turn writes nothing", async () => {
  await client.call("session", { action: "new", title: "Rotation" });
  client.send({
    id: "slow",
    method: "tools/call",
    params: { name: "session", arguments: { action: "status" } },
  });
  client.send({
    id: "back",
    method: "tools/call",
    params: { name: "note", arguments: { kind: "next", text: "never" } },
  });
  client.send({ method: "notifications/cancelled", params: { requestId: "back" } });
  await client.answer("slow");
  expect((await client.call("notes")).text).not.toContain("never");
});

test("calls that are still waiting when the client goes are worked off", async () => {
  await client.call("session", { action: "new", title: "Rotation" });
  for (const text of ["one", "two", "three"])
    client.send({
      id: text,
      method: "tools/call",
      params: { name: "note", arguments: { kind: "next", text } },
    });

  await client.leave();
  client = connect();

  const { text } = await client.call("notes");
  for (const word of ["one", "two", "three"]) expect(text).toContain(`next: ${word}`);
});

test("secrets in what is written are replaced, also in the name that a client gives itself", async () => {
  await client.leave();
  client = connect();
  const secret = `ghp_${"a1B2".repeat(9)}`;
  await client.ask("initialize", {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: secret, version: "1" },
  });
  await client.call("session", { action: "new", title: `Rotate ${secret}` });
  await client.call("note", { kind: "finding", text: `the token is ${secret}` });
  const all = [
    await client.call("show"),
    await client.call("brief"),
    await client.call("show", { part: "document" }),
  ];
  expect(all.map(({ text }) => text).join("\n")).not.toContain(secret);
  expect(all[0]?.text).toContain("[REDACTED:");
});

test("a long answer is cut at a line, and says how to get the rest", async () => {
  await client.call("session", { action: "new", title: "Rotation" });
  for (let number = 0; number < 30; number += 1)
    await client.call("note", { kind: "finding", text: `${number} ${"many words ".repeat(150)}` });
  const { text } = await client.call("show");
  expect(text.length).toBeLessThanOrEqual(16_000);
  expect(text.split("\n").at(-1)).toMatch(
    /^… \d+ more characters are not shown; `show` with `part` gives one part\.$/,
  );
});

test("resources hold the brief and the document, by themselves and by session", async () => {
  const { text } = await client.call("session", { action: "new", title: "Rotation" });
  const slug = text.split(":")[0] ?? "";
  for (const uri of ["leftoff://brief", `leftoff://session/${slug}/brief`]) {
    const { result } = await client.ask("resources/read", { uri });
    expect(result?.contents).toEqual([
      { uri, mimeType: "text/markdown", text: expect.stringContaining('Session "Rotation"') },
    ]);
  }
  const { result } = await client.ask("resources/read", { uri: `leftoff://session/${slug}/document` });
  expect(result?.contents).toMatchObject([{ text: expect.stringContaining("# Session") }]);
});

test("a server without resources names none, and has the same tools", async () => {
  const { result } = await client.ask("tools/list");
  await client.leave();
  client = connect(() => box.again(), false);
  const hello = await client.ask("initialize", {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "scripted", version: "1" },
  });
  expect(asObject(hello.result?.capabilities)).toEqual({ tools: {}, prompts: {} });
  expect((await client.ask("resources/list")).error?.code).toBe(-32601);
  expect((await client.ask("tools/list")).result).toEqual(result);
});

test("start-work hands over the brief, and says so where there is none yet", async () => {
  const words = async (args?: object) => {
    const { result } = await client.ask("prompts/get", { name: "start-work", arguments: args });
    return (result?.messages as readonly { content: { text: string } }[] | undefined)?.[0]?.content.text;
  };
  expect(await words()).toContain("No session is open");
  await client.call("session", { action: "new", title: "Rotation" });
  expect(await words({ task: "the cookie" })).toMatch(/Session "Rotation"[\s\S]*work on this: the cookie$/);
});

const ONE = "11111111-1111-4111-8111-111111111111" as ConversationId;
const TWO = "22222222-2222-4222-8222-222222222222" as ConversationId;

/** The server in an environment that names a conversation, as Claude Code starts it. */
async function connectIn(conversation: ConversationId): Promise<void> {
  await client.leave();
  client = connect(() => ({
    ...box.again(),
    env: { ...box.app.env, CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: conversation },
  }));
  await client.ask("initialize", {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "claude-code", version: "2.1.197" },
  });
}

const toolUse = (id: string) => ({
  type: "assistant",
  cwd: box.project,
  message: { role: "assistant", content: [{ type: "tool_use", id, name: "mcp__leftoff__note", input: {} }] },
});

async function authorOf(text: string): Promise<unknown> {
  const { found } = await searchNotes(box.app, { query: text, all: true });
  return found[0]?.note.by;
}

test("a call belongs to the conversation whose transcript holds it, also where that comes a moment later", async () => {
  await connectIn(ONE);
  box.say(TWO, toolUse("toolu_early"));
  await client.call("note", { kind: "finding", text: "early" }, { "claudecode/toolUseId": "toolu_early" });
  const late = client.call(
    "note",
    { kind: "finding", text: "late" },
    { "claudecode/toolUseId": "toolu_late" },
  );
  setTimeout(() => box.say(ONE, toolUse("toolu_late")), 100);
  await late;
  expect(await authorOf("early")).toEqual({ kind: "agent", name: "claude", conversation: TWO });
  expect(await authorOf("late")).toEqual({ kind: "agent", name: "claude", conversation: ONE });
});

test("a call that stands in no transcript belongs to the conversation of the call before", async () => {
  await connectIn(ONE);
  await client.call("note", { kind: "finding", text: "first" }, { "claudecode/toolUseId": "toolu_a" });
  box.say(TWO, toolUse("toolu_b"));
  await client.call("note", { kind: "finding", text: "second" }, { "claudecode/toolUseId": "toolu_b" });
  await client.call("note", { kind: "finding", text: "third" }, { "claudecode/toolUseId": "toolu_c" });
  expect(await authorOf("first")).toMatchObject({ conversation: ONE });
  expect(await authorOf("third")).toMatchObject({ conversation: TWO });
});

test("a conversation that has ended makes no calls: what is written then is the work tree's", async () => {
  await client.call("session", { action: "new", title: "Rotation" });
  await connectIn(ONE);
  box.say(ONE, toolUse("toolu_a"));
  await client.call("note", { kind: "finding", text: "before" }, { "claudecode/toolUseId": "toolu_a" });
  const state = loadConversation(box.app, ONE);
  if (state === undefined) throw new Error("The conversation is not known.");
  saveConversation(box.app, { ...state, phase: "ended" });
  const { text } = await client.call("note", { kind: "finding", text: "after" });
  expect(text).toMatch(/-rotation /);
  expect(await authorOf("after")).toEqual({ kind: "agent", name: "claude" });
});

test("another agent is named as it named itself, whatever the environment says", async () => {
  await client.leave();
  client = connect(() => ({
    ...box.again(),
    env: { ...box.app.env, CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: ONE },
  }));
  await client.ask("initialize", {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "codex-mcp-client\n<x>", version: "1" },
  });
  await client.call("session", { action: "new", title: "Rotation" });
  await client.call("note", { kind: "finding", text: "by codex" });
  expect(await authorOf("codex")).toEqual({ kind: "agent", name: "codex-mcp-clientx" });
});

test("whatever comes in, every line is answered by protocol and the next one is served", async () => {
  const line = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc
      .record(
        {
          jsonrpc: fc.constantFrom("2.0", "1.0", 2),
          id: fc.oneof(fc.string(), fc.double(), fc.constant(null)),
          method: fc.oneof(
            fc.constantFrom("ping", "tools/call", "resources/read", "prompts/get", "initialize"),
            fc.anything(),
          ),
          params: fc.object(),
        },
        { requiredKeys: [] },
      )
      .map((message) => JSON.stringify(message)),
  );
  let number = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 5 }), async (lines) => {
      for (const text of lines) client.line(text.replaceAll("\n", " "));
      number += 1;
      client.send({ id: `alive-${number}`, method: "ping" });
      expect((await client.answer(`alive-${number}`)).result).toEqual({});
    }),
    { numRuns: 50 },
  );
});

test("the examples of the format page are what the server takes and answers", async () => {
  const page = readFileSync(new URL("../../docs/formats/mcp.md", import.meta.url), "utf8");
  const examples = [...page.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, json = ""]) =>
    asObject(parseJson(json)),
  );
  const request = asObject(examples.find((one) => one?.example === "call")?.request);
  const error = asObject(examples.find((one) => one?.example === "error")?.result);
  await client.call("session", { action: "new", title: "Feature auth" });

  client.send({ ...request });
  const { result } = await client.answer(7);
  const shown = await client.call("notes", { drop: ["ffffff"] });

  // There are no such notes here, so the example's arguments are taken and answered by the example's error.
  expect(result?.isError).toBe(true);
  const steady = (text: unknown) => String(text).replaceAll(/\d{4}-\d{2}-\d{2}/g, "2026-01-25");
  const [content] = (error?.content as readonly { readonly text: string }[] | undefined) ?? [];
  expect(steady(shown.text)).toBe(content?.text);
});
