import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, conversationRecords, makeAppBox } from "../../test/app-box.ts";
import type { HookCall } from "../agent/agent.ts";
import type { ConversationId } from "../base/id.ts";
import { loadConversation } from "./conversation.ts";
import { ingestHookCall } from "./ingest.ts";
import { loadSession } from "./session-log.ts";
import { showBrief } from "./show-brief.ts";
import { summaries } from "./summary.ts";

// Hooks of two settings files or of a plugin may be called for the same event (docs/formats/hooks.md). Who works on it second changes nothing.

const CONVERSATION = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;
const PROMPT_ID = "99999999-0000-4000-8000-000000000001";

let boxes: AppBox[];
beforeEach(() => {
  boxes = [];
});
afterEach(() => {
  for (const box of boxes) box.dispose();
});

function openBox(): AppBox {
  const box = makeAppBox();
  boxes.push(box);
  return box;
}

type Ingest = (box: AppBox, call: HookCall) => Promise<void>;
const once: Ingest = (box, call) => ingestHookCall(box.app, call);
const oneAfterTheOther: Ingest = async (box, call) => {
  await ingestHookCall(box.app, call);
  await ingestHookCall(box.again(), call);
};
const atOnce: Ingest = async (box, call) => {
  await Promise.all([ingestHookCall(box.app, call), ingestHookCall(box.again(), call)]);
};

/** A turn that is written down, one whose answer never is, and the end; what of it is remembered. */
async function converse(ingest: Ingest) {
  const box = openBox();
  const records = conversationRecords(CONVERSATION, box.project, box.app.clock.nowMs());
  const prompt = "Add refresh token rotation";
  const call = (event: HookCall["event"], over: Partial<HookCall>) => box.call(event, CONVERSATION, over);
  box.say(CONVERSATION, records.prompt(prompt, PROMPT_ID));
  await ingest(box, call("UserPromptSubmit", { prompt, promptId: PROMPT_ID }));
  box.say(CONVERSATION, records.answer("We decided to keep one family per login. Rotation works."));
  await ingest(box, call("Stop", { answer: "Rotation works.", promptId: PROMPT_ID }));
  const promptId = PROMPT_ID.replace(/1$/, "2");
  box.say(CONVERSATION, records.prompt("And the clean-up?", promptId));
  await ingest(box, call("UserPromptSubmit", { promptId, prompt: "And the clean-up?" }));
  // The transcript never gets this one: only the calls tell it.
  await ingest(box, call("Stop", { promptId, answer: "It is begun." }));
  await ingest(box, call("SessionEnd", { reason: "other" }));

  const sessions = summaries(box.app);
  expect(sessions).toHaveLength(1);
  const [{ id } = { id: undefined }] = sessions;
  if (id === undefined) throw new Error("no session");
  const events = box.app.store.journal.read(id).events.map(({ type, data }) => ({ type, data }));
  const kinds = events.map(({ type }) => type);
  const state = loadConversation(box.app, CONVERSATION);
  return {
    kinds,
    kept: events.filter(({ type }) => type === "message.kept").map(({ data }) => data),
    notes: [...loadSession(box.app, id).notes.values()].map(({ kind, text, state: at }) => [kind, text, at]),
    turns: state?.facts.turns.map(({ prompt: asked, answer }) => [asked, answer]),
    phase: state?.phase,
    brief: (await showBrief(box.app, {})).brief.items.map(({ kind, text }) => [kind, text]),
  };
}

test("calls that come twice, one after the other or at once, leave what they leave when they come once", async () => {
  const wanted = await converse(once);

  expect(wanted.kept).toHaveLength(1);
  for (const ingest of [oneAfterTheOther, atOnce]) expect(await converse(ingest)).toEqual(wanted);
});
