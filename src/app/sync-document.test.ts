import { chmodSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, conversationRecords, makeAppBox } from "../../test/app-box.ts";
import type { ConversationId, SessionId } from "../base/id.ts";
import { DOCUMENT_BASES_MAX } from "../base/limits.ts";
import { filesBelow } from "../disk/read.ts";
import type { WrittenDocument } from "../document/document.ts";
import { isDerivedId } from "../document/written.ts";
import { rememberTrouble } from "./document-trouble.ts";
import { ingestHookCall } from "./ingest.ts";
import { addNote } from "./note.ts";
import { loadSession } from "./session-log.ts";
import { showSession } from "./show-session.ts";
import { statusHere } from "./status.ts";
import { summaries } from "./summary.ts";

const conversation = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;

let box: AppBox;
let path: string;
beforeEach(async () => {
  box = makeAppBox();
  const records = conversationRecords(conversation, box.project, box.app.clock.nowMs());
  box.say(conversation, records.prompt("Add login", "p1"), records.answer("Done."));
  await ingestHookCall(box.app, box.call("Stop", conversation, { answer: "Done.", promptId: "p1" }));
  path = summaries(box.app)[0]?.document ?? "";
});
afterEach(() => box.dispose());

async function notes(): Promise<readonly string[]> {
  const shown = await showSession(box.app, {});
  return shown.notes.filter(({ state }) => state !== "dropped").map(({ text }) => text);
}

test("a read-only document is read and not written; once it can be written it is brought up to date", async () => {
  box.write(path, box.read(path).replace("- [ ] **Issue**:", "- [ ] **Issue**: mails are lost"));
  chmodSync(path, 0o444);
  const before = box.read(path);
  const noted = await addNote(box.app, { kind: "next", text: "write the docs" });

  expect(noted.trouble).toContain("permission denied");
  expect(await notes()).toEqual(expect.arrayContaining(["mails are lost", "write the docs"]));
  expect([box.read(path), statSync(path).mode & 0o777]).toEqual([before, 0o444]);
  expect((await statusHere(box.app, {})).trouble).toEqual([expect.stringContaining("permission denied")]);

  chmodSync(path, 0o644);
  await addNote(box.app, { kind: "next", text: "ship it" });
  expect(box.read(path).match(/mails are lost|- \[ \] (?:write the docs|ship it)/g)).toHaveLength(3);
});

test("that a document could not be written stays said while it is only read, and until it is written", async () => {
  const { id } = loadSession(box.app, summaries(box.app)[0]?.id ?? ("" as SessionId));
  const synced = { session: loadSession(box.app, id), path };
  rememberTrouble(box.app, { ...synced, trouble: "The disk is full.", unwritten: true }, "written");

  expect((await statusHere(box.app, {})).trouble).toEqual(["The disk is full."]);
  expect((await statusHere(box.app, {})).trouble).toEqual(["The disk is full."]);
  expect(await addNote(box.app, { kind: "next", text: "ship it" })).not.toHaveProperty("trouble");
  expect((await statusHere(box.app, {})).trouble).toEqual([]);
});

test("an old copy that an editor saves deletes nothing, also after state/ was deleted", async () => {
  await addNote(box.app, { kind: "next", text: "write the docs" });
  const old = box.read(path);
  await addNote(box.app, { kind: "next", text: "ask Ada" });
  rmSync(join(box.app.home, "state"), { recursive: true });
  box.write(path, old.replace("- [ ] write the docs", "- [ ] write the docs\n   - [ ] ship it"));

  await addNote(box.app, { kind: "finding", text: "it rains" });
  expect(await notes()).toEqual(expect.arrayContaining(["write the docs", "ask Ada", "ship it", "it rains"]));
  expect(box.read(path)).toContain("- [ ] ask Ada");
});

/** Types an item first into the next steps. */
const typed = (text: string, item: string) => text.replace(/^## Next Steps\n/m, `$&\n- [ ] ${item}\n`);

test("what a person typed is not deleted by an older copy that nothing tells from it, nor taken for a line like it", async () => {
  const buffer = typed(box.read(path), "call the bank");
  const steps = typed(typed(buffer, "send the first letter to Ada"), "send the other letter to Bob");
  box.write(path, steps);
  // A command reads, and writes nothing that would tell the texts apart.
  expect(await notes()).toContain("send the first letter to Ada");
  box.write(path, typed(buffer, "send the first letters to Adam"));

  await addNote(box.app, { kind: "finding", text: "it rains" });
  const all = [
    "call the bank",
    "send the first letter to Ada",
    "send the other letter to Bob",
    "send the first letters to Adam",
  ];
  expect((await notes()).filter((text) => all.includes(text)).sort()).toEqual([...all].sort());
  for (const one of all) expect(box.read(path).match(new RegExp(`- \\[ \\] ${one}$`, "gm"))).toHaveLength(1);
});

test("a line that is read while somebody types it is one note when it is done", async () => {
  const before = box.read(path);
  for (const item of ["send the let", "send the letter to Ada"]) {
    box.write(path, typed(before, item));
    await notes();
  }
  expect((await notes()).filter((text) => text.startsWith("send"))).toEqual(["send the letter to Ada"]);
});

test("a line of theirs that a person takes out is gone once leftoff wrote into the file that held it", async () => {
  box.write(path, typed(box.read(path), "call the bank"));
  await addNote(box.app, { kind: "finding", text: "it rains" });
  box.write(path, box.read(path).replace("- [ ] call the bank\n", ""));
  expect(await notes()).not.toContain("call the bank");
  await addNote(box.app, { kind: "finding", text: "it snows" });
  expect(box.read(path)).not.toContain("- [ ] call the bank");
});

test("each of the last written texts is made again from the journal after state/ was deleted, with the items it held", async () => {
  const texts = () => {
    const { state, journal } = box.app.store;
    return state.list(`documents/${journal.sessions()[0]}`).map((key) => state.get(key) as WrittenDocument);
  };
  const held = () =>
    texts().map(({ items }) => items.map(({ note }) => note).filter((note) => !isDerivedId(note)));
  for (let n = 0; n < DOCUMENT_BASES_MAX + 3; n += 1) {
    box.pass(1_000);
    await addNote(box.app, { kind: n % 2 === 0 ? "next" : "failed", text: `note number ${n}` });
  }
  const before = held();
  const lines = box.read(path);
  rmSync(join(box.app.home, "state", "documents"), { recursive: true });
  box.write(path, lines.replace("- [ ] note number 4", "- [x] note number 4"));

  const shown = await showSession(box.app, {});
  expect(shown.notes.filter(({ state }) => state === "done").map(({ text }) => text)).toEqual([
    "note number 4",
  ]);
  // What was taken in is the newest of them now.
  expect(held().slice(0, -1)).toEqual(before.slice(1));
  expect(held()).toHaveLength(DOCUMENT_BASES_MAX);

  // One that is damaged is made again, with those before it.
  const after = held();
  const damaged = filesBelow(join(box.app.home, "state", "documents"))[7] ?? "";
  box.write(damaged, box.read(damaged).slice(0, 100));
  box.write(path, box.read(path).replace("- [ ] note number 6", "- [x] note number 6"));
  expect((await showSession(box.app, {})).notes.filter(({ state }) => state === "done")).toHaveLength(2);
  expect(held().slice(0, -1)).toEqual(after.slice(1));
  const types = box.app.store.journal.read(box.app.store.journal.sessions()[0] ?? missing()).events;
  expect(types.filter(({ type }) => type === "document.updated").length).toBeGreaterThan(DOCUMENT_BASES_MAX);
});

test("where the journal lost an event about the document, and state/ is gone, nothing is dropped and nothing doubled", async () => {
  for (let n = 0; n < 12; n += 1) await addNote(box.app, { kind: "next", text: `note number ${n}` });
  const before = await notes();
  const [journal = ""] = filesBelow(join(box.app.home, "journal"));
  const updates = box.read(journal).split('"document.updated"');
  for (const lost of [2, updates.length - 2]) {
    const damaged = updates.map((part, at) => (at === lost ? part.replace('"edits"', '"edjts"') : part));
    box.write(journal, damaged.join('"document.updated"'));
    rmSync(join(box.app.home, "state"), { recursive: true });
    box.write(path, box.read(path).replace(`- [ ] note number ${lost}`, `- [x] note number ${lost}`));
    expect([await notes(), (await statusHere(box.app, {})).trouble.length]).toEqual([before, 1]);
  }
});

function missing(): never {
  throw new Error("there is no session");
}

test("deletions that were not believed are told until the person's next change was taken in", async () => {
  for (const text of ["call the bank", "ask Ada", "ship it"]) await addNote(box.app, { kind: "next", text });
  const trouble = async () => (await statusHere(box.app, {})).trouble;
  box.write(path, box.read(path).replaceAll(/^ *- \[ \] (?:call the bank|ask Ada|ship it)\n/gm, ""));
  await addNote(box.app, { kind: "finding", text: "it rains" });

  const said = [expect.stringMatching(/^3 of 4 items are gone .* none was deleted/)];
  expect(box.read(path)).toContain("- [ ] ask Ada");
  expect([await trouble(), await trouble()]).toEqual([said, said]);
  await addNote(box.app, { kind: "finding", text: "it snows" });
  expect(await trouble()).toEqual(said);

  box.write(path, box.read(path).replace(/^ *- \[ \] ask Ada\n/m, ""));
  await addNote(box.app, { kind: "finding", text: "it hails" });
  expect([await trouble(), (await notes()).includes("ask Ada")]).toEqual([[], false]);
});
