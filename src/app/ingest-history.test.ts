import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, conversationRecords, makeAppBox } from "../../test/app-box.ts";
import type { ConversationId } from "../base/id.ts";
import { ingestHere } from "./ingest-history.ts";
import { showSession } from "./show-session.ts";
import { summaries } from "./summary.ts";

const ids = ["aaaaaaaa", "bbbbbbbb", "cccccccc"].map(
  (start) => `${start}-0000-4000-8000-000000000001` as ConversationId,
);

let box: AppBox;
beforeEach(() => {
  box = makeAppBox();
});
afterEach(() => box.dispose());

test("history is read once: nothing of it is made again from the archive that was just written", async () => {
  for (const id of ids) {
    const records = conversationRecords(id, box.project, box.app.clock.nowMs());
    box.say(id, records.prompt(`Change part ${id.slice(0, 2)}`, `p-${id}`), records.answer("Done."));
  }
  let made = 0;
  // Whoever makes a state again from the archive says so first.
  const hasMuchToDo = () => {
    made += 1;
  };
  const app = { ...box.app, hasMuchToDo };
  const { read } = await ingestHere(app, { conversationsMax: 100 });
  expect([read, made]).toEqual([ids.length, 0]);
  expect(
    summaries(box.app)
      .flatMap(({ conversations }) => conversations)
      .sort(),
  ).toEqual([...ids].sort());
  const shown = await showSession(app, {});
  expect([shown.session.conversations.length > 0, made]).toEqual([true, 0]);
});
