import { existsSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, conversationRecords, makeAppBox } from "../../test/app-box.ts";
import type { ConversationId } from "../base/id.ts";
import { loadConversation, saveConversation } from "./conversation.ts";
import { handOff } from "./hand-off.ts";
import { ingestHookCall } from "./ingest.ts";
import { addNote } from "./note.ts";
import { showSession } from "./show-session.ts";
import { summaries } from "./summary.ts";

const CONVERSATION = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;
const PROMPT_ID = "99999999-0000-4000-8000-000000000001";
const MIN = 60_000;

let box: AppBox;
beforeEach(() => {
  box = makeAppBox();
  box.initialise();
});
afterEach(() => box.dispose());

/** A prompt, an edit of a test file 10 minutes later, an answer after a break of an hour. */
async function worked(): Promise<void> {
  const say = conversationRecords(CONVERSATION, box.project, box.app.clock.nowMs());
  const at = (minutes: number, record: object) => ({
    ...record,
    timestamp: new Date(Date.parse("2026-01-25T10:00:00Z") + minutes * MIN).toISOString(),
  });
  const path = `${box.project}/login.test.ts`;
  box.say(
    CONVERSATION,
    at(0, say.prompt("Test the login", PROMPT_ID)),
    at(9, say.call("toolu_1", "Edit", { file_path: path, old_string: "a", new_string: "b" })),
    at(
      10,
      say.result("toolu_1", "Edited", {
        toolUseResult: {
          filePath: path,
          structuredPatch: [{ oldStart: 1, oldLines: 1, lines: [" x", "-a", '+test("b", f);', "+c"] }],
        },
      }),
    ),
    at(70, say.answer("It is tested.")),
  );
  box.pass(71 * MIN);
  await ingest();
}

async function ingest(): Promise<void> {
  const more = { promptId: PROMPT_ID };
  await ingestHookCall(
    box.app,
    box.call("UserPromptSubmit", CONVERSATION, { ...more, prompt: "Test the login" }),
  );
  await ingestHookCall(box.app, box.call("Stop", CONVERSATION, { ...more, answer: "It is tested." }));
}

const EXPECTED = {
  activeMs: 10 * MIN,
  conversations: 1,
  prompts: 1,
  files: 1,
  linesAdded: 2,
  linesRemoved: 1,
  testsAdded: 1,
  partial: false,
};

function documentText(): string {
  const [session] = summaries(box.app);
  const path = session?.document ?? "";
  return existsSync(path) ? box.read(path) : "";
}

test("what was worked is measured once, however often it is read, and stands in the document", async () => {
  await worked();
  await ingest();

  expect((await showSession(box.app, {})).figures).toMatchObject(EXPECTED);
  expect(summaries(box.app)[0]?.figures).toMatchObject(EXPECTED);
  const text = documentText();
  expect(text).toContain("- **Total time invested**: 10 min\n");
  expect(text).toContain("- **Code lines changed**: 2 added, 1 removed\n");
  expect(text).toContain("- **Tests added**: 1\n");
});

test("facts of a version that measured nothing are measured at the next ingest", async () => {
  await worked();
  const state = loadConversation(box.app, CONVERSATION);
  if (state === undefined) throw new Error("no conversation");
  const { stretches: _, ...facts } = state.facts;
  saveConversation(box.app, { ...state, facts });
  expect((await showSession(box.app, {})).figures).toMatchObject({ partial: true, activeMs: 0 });

  await ingest();

  expect((await showSession(box.app, {})).figures).toMatchObject(EXPECTED);
});

test("a figure that a person wrote stays as they wrote it, and a section they took out stays out", async () => {
  await worked();
  const [session] = summaries(box.app);
  const path = session?.document ?? "";
  const theirs = "- **Total time invested**: ~6 hours across 3 sessions";
  box.write(path, documentText().replace("- **Total time invested**: 10 min", theirs));
  await addNote(box.app, { kind: "finding", text: "The form posts twice" });
  expect(documentText()).toContain(theirs);
  expect(documentText()).not.toContain("10 min");

  box.write(path, documentText().replace(/## Session Metrics[\s\S]*$/, ""));
  await addNote(box.app, { kind: "finding", text: "The form posts once" });
  expect(documentText()).not.toContain("Total time invested");
});

test("an approach has the time worked until it was noted, and a colleague is told", async () => {
  await worked();
  await addNote(box.app, { kind: "failed", text: "Mocks", fields: { time: "~2 hours" } });
  box.pass(10 * MIN);
  await addNote(box.app, { kind: "worked", text: "A real form" });

  const { approaches } = await showSession(box.app, {});
  expect(approaches).toMatchObject([{ text: "Mocks", said: "~2 hours" }, { text: "A real form" }]);
  const { text } = await handOff(box.app, { dryRun: true });
  expect(text).toContain("**Total time invested**: 10 min\n");
  expect(text).toContain("**Time by approach**: Mocks ~2 hours\n");
});
