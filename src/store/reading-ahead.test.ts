import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../base/clock.ts";
import { type ConversationId, newSessionId } from "../base/id.ts";
import { filesBelow } from "../disk/read.ts";
import { replay } from "../session/session.ts";
import { openLocalStore } from "./local/local.ts";
import { readingAhead } from "./reading-ahead.ts";
import { eventWith } from "./store.contract.ts";
import type { ArchiveBatch, Store } from "./store.ts";

let home = "";
let store: Store;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "leftoff-ahead-"));
  store = openLocalStore(home, systemClock);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const session = newSessionId(Date.now());
const renamed = (title: string, digit = "0") =>
  eventWith({ type: "session.renamed", data: { title } }, digit);
const conversation = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;
const file = { agent: "claude", conversation, file: "main" };
const batchTo = (offset: number): ArchiveBatch => ({
  records: [{ uuid: `${offset}` }],
  ends: [offset],
  fromByte: offset - 10,
  position: { inode: 1, sizeBytes: 100, offset },
});

test("what is written through a store that is read ahead is read through it, and reaches no file", () => {
  store.journal.append(session, [renamed("First")]);
  store.archive.append(file, batchTo(10));
  store.state.put("kept", 1);
  store.state.put("gone", 1);
  const files = filesBelow(home);
  const ahead = readingAhead(store);
  ahead.journal.append(session, [renamed("Second", "1")]);
  ahead.archive.append(file, batchTo(20));
  ahead.state.put("new", 2);
  ahead.state.remove("gone");
  const seen = (one: Store) => [
    replay(session, one.journal.latest(session)).title,
    replay(session, one.journal.read(session).events).title,
    one.archive.position(file)?.offset,
    ["kept", "gone", "new"].map((key) => one.state.get(key)),
  ];
  expect(seen(ahead)).toEqual(["Second", "Second", 20, [1, undefined, 2]]);
  expect(seen(store)).toEqual(["First", "First", 10, [1, 1, undefined]]);
  expect(filesBelow(home)).toEqual(files);
});

test("of what was not written through it, a store that is read ahead tells what the one behind it tells", () => {
  const ahead = readingAhead(store);
  expect(ahead.archive.position(file)).toBeUndefined();
  store.journal.append(session, [renamed("First")]);
  store.archive.append(file, batchTo(10));
  store.state.put("a/b", 1);
  expect([ahead.journal.sessions(), ahead.archive.position(file)?.offset, ahead.state.list("a")]).toEqual([
    [session],
    10,
    ["a/b"],
  ]);
  expect(ahead.machine()).toBe(store.machine());
});
