import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { asObject, type JsonObject } from "../../base/parse.ts";
import type { HookCall } from "../agent.ts";
import { hookOf } from "./hook.ts";

const DOCUMENT = new URL("../../../docs/formats/hooks.md", import.meta.url);

function examples(kind: string): readonly JsonObject[] {
  const blocks = readFileSync(DOCUMENT, "utf8").matchAll(/^```json\n([\s\S]*?)\n```$/gm);
  return [...blocks]
    .map(([, json = ""]) => JSON.parse(json) as JsonObject)
    .filter(({ example }) => example === kind);
}

const payload = (fields: object) =>
  JSON.stringify({
    session_id: "99d4a751-d406-48db-a63c-32e9354bfee2",
    transcript_path: "/home/dev/t.jsonl",
    cwd: "/home/dev/project",
    prompt_id: "294ed0f7",
    hook_event_name: "UserPromptSubmit",
    ...fields,
  });

test("the inputs in docs/formats/hooks.md call for what it says", () => {
  const inputs = examples("input");

  expect(inputs.length).toBeGreaterThan(2);
  for (const { payload: given, call } of inputs) expect(hookOf(JSON.stringify(given)) ?? null).toEqual(call);
});

test("the output and the entry in docs/formats/hooks.md are what the client takes", () => {
  for (const { event, output } of examples("output")) {
    expect(asObject(asObject(output)?.hookSpecificOutput)?.hookEventName).toBe(event);
  }
  expect(examples("output").length).toBe(2);
  expect(examples("entry").length).toBe(1);
});

test("a cut payload gives its head and as much of the prompt as came, wherever it was cut", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 5, maxLength: 60 }), fc.nat(), (noise, at) => {
      const prompt = `say "${noise}" \\ 😀\n\u2028 end`;
      const whole = payload({ prompt });
      const from = whole.indexOf('"prompt":"') + '"prompt":"'.length;
      const cut = from + (at % (whole.length - from));
      const call = hookOf(whole.slice(0, cut));

      expect(call).toMatchObject({
        event: "UserPromptSubmit",
        conversation: "99d4a751-d406-48db-a63c-32e9354bfee2",
      });
      expect(call).toMatchObject({
        transcriptPath: "/home/dev/t.jsonl",
        cwd: "/home/dev/project",
        promptId: "294ed0f7",
      });
      if (call?.prompt !== undefined) expect(prompt.trim().startsWith(call.prompt)).toBe(true);
      if (cut > from + 10) expect(call?.prompt?.length ?? 0).toBeGreaterThan(1);
    }),
    { numRuns: 500 },
  );
});

test("a prompt of a megabyte that arrives as its first 219,264 bytes is read at once", () => {
  const cut = Buffer.from(payload({ prompt: `start ${'a \\"é'.repeat(200_000)}` }))
    .subarray(0, 219_264)
    .toString("utf8");
  const call = hookOf(cut);

  expect(call?.prompt?.startsWith("start a")).toBe(true);
  expect(call?.prompt?.length).toBeGreaterThan(90_000);
});

test("fields behind objects and lists are found in a cut payload", () => {
  const cut = `{"session_id":"abc","effort":{"level":"high","x":["}",{"y":"\\""}]},"n":12.5,"ok":true,"hook_event_name":"Stop","last_assistant_message":"All d`;

  expect(hookOf(cut)).toMatchObject({ event: "Stop", conversation: "abc", answer: "All d" });
});

test("an id that is no file name, an event of others and a payload without either are no calls", () => {
  expect(hookOf(payload({ session_id: "../../etc/passwd" }))).toBeUndefined();
  expect(hookOf(payload({ hook_event_name: "PreToolUse" }))).toBeUndefined();
  expect(hookOf("{}")).toBeUndefined();
  expect(hookOf("")).toBeUndefined();
  expect(hookOf("[]")).toBeUndefined();
});

test("paths that are not absolute are left out", () => {
  expect(hookOf(payload({ transcript_path: "t.jsonl", cwd: "~/x" }))).toMatchObject({
    transcriptPath: undefined,
    cwd: undefined,
  });
});

test("a slash command is the person's prompt as typed, and a blank prompt is none", () => {
  const promptOf = (prompt: string): HookCall["prompt"] => hookOf(payload({ prompt }))?.prompt;

  expect(promptOf("/review auth")).toBe("/review auth");
  expect(promptOf("  fix it\n")).toBe("fix it");
  expect(promptOf(" \n")).toBeUndefined();
});
