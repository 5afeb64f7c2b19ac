import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../base/clock.ts";
import type { ConversationId, SessionId } from "../../base/id.ts";
import { replay } from "../../session/session.ts";
import { lineText } from "./line-text.ts";
import { openLocalStore } from "./local.ts";
import { headOf, openMember, packMember } from "./member.ts";
import { openRecord } from "./record.ts";
import { openRepair } from "./repair.ts";

let home = "";
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "leftoff-formats-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The code blocks of a page whose fence says `language`, in order. */
function blocksOf(page: string, language: string): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, "../../../docs/formats", page), "utf8");
  const parts = text.split("\n```");
  return parts
    .filter((part) => part.startsWith(`${language}\n`))
    .map((part) => part.slice(language.length + 1));
}

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), content);
}

const SESSION = `ses_${"1".repeat(32)}` as SessionId;
const MACHINE = `mch_${"2".repeat(32)}`;
const readJournal = (text: string) => {
  write(`journal/${SESSION}/${MACHINE}.jsonl`, `${text}\n`);
  return openLocalStore(home, systemClock).journal.read(SESSION);
};

test("journal.md: the examples are read as the page says", () => {
  const blocks = blocksOf("journal.md", "jsonl");
  const types = blocks.map((text) => {
    const { events, damage } = readJournal(text);
    expect(damage).toEqual([]);
    return events.map(({ type }) => type);
  });
  expect(types).toEqual([
    ["session.started", "conversation.joined", "note.added"],
    ["note.edited", "unknown"],
    ["document.written", "document.updated"],
  ]);
});

test("journal.md: the example of an update leads to the list that the page tells", () => {
  const events = blocksOf("journal.md", "jsonl").flatMap((text) => readJournal(text).events);
  const { document } = replay(SESSION, events);
  expect(document?.items?.map(({ note, hash }) => `${note.at(-1)} ${hash.slice(0, 4)}`)).toEqual([
    "c 4be1",
    "d 52c0",
    "e d913",
    "f e61d",
  ]);
});

test("journal.md: of the damaged example one event is read, and the cut-off part is reported", () => {
  const [text = ""] = blocksOf("journal.md", "jsonl damaged");
  const { events, damage } = readJournal(text);
  expect(events.map(({ type }) => type)).toEqual(["session.paused"]);
  expect(damage).toMatchObject([{ line: 1, fromByte: 0, toByte: text.lastIndexOf('{"id":"') }]);
});

test("state.md: the example is read, and written the same", () => {
  const [text = ""] = blocksOf("state.md", "jsonl");
  write("state/conversations/example.json", `${text}\n`);
  const { state } = openLocalStore(home, systemClock);
  const value = state.get("conversations/example");
  expect(value).toMatchObject({ turns: 3 });
  state.put("conversations/again", value);
  expect(readFileSync(join(home, "state/conversations/again.json"), "utf8")).toBe(`${text}\n`);
});

test("archive.md: the example is the plain text of a member, and its index entry has the same head", () => {
  const [plain = ""] = blocksOf("archive.md", "jsonl member");
  const [first = "", ...lines] = plain.split("\n");
  const head = headOf(JSON.parse(first));
  expect(head).toBeDefined();
  if (head === undefined) return;
  const member = packMember(
    head,
    lines.map((line) => lineText(JSON.parse(line))),
  );
  const records = lines.map((line) => JSON.parse(line));
  expect(openMember(member)).toEqual({ head, records, isStored: false });
  write("archive/claude/example/main.jsonl.gz", member);
  const file = { agent: "claude", conversation: "example" as ConversationId, file: "main" };
  expect(openLocalStore(home, systemClock).archive.read(file).records).toHaveLength(2);

  const [entry = ""] = blocksOf("archive.md", "jsonl");
  expect(openRecord(Buffer.from(entry))).toEqual({ from: 0, to: 231, ...head });
});

test("damaged.md: the example is what repair keeps of such bytes", () => {
  const [entry = ""] = blocksOf("damaged.md", "jsonl");
  const { leftoff, fromByte, toByte, text } = openRecord(Buffer.from(entry)) ?? {};
  expect([leftoff, toByte]).toEqual(["damaged/1", Number(fromByte) + String(text).length]);

  const path = `journal/${SESSION}/${MACHINE}.jsonl`;
  write(path, `\n${text}`);
  openRepair(home, systemClock, []).takeOut({ dryRun: false });
  const kept = readFileSync(join(home, `${path}.damaged`), "utf8").trim();
  expect(Object.keys(JSON.parse(kept))).toEqual(Object.keys(JSON.parse(entry)));
  expect(openRecord(Buffer.from(kept))).toMatchObject({ leftoff, line: 2, fromByte: 1, text });
});

test("archive.md: a member's header is the one of the page, byte by byte", () => {
  const member = packMember({ fromByte: 0, inode: 1, sizeBytes: 1, offset: 1, records: 0 }, []);
  expect(member.toString("hex", 0, 4)).toBe("1f8b0804");
  expect(member.toString("hex", 10, 16)).toBe("08004c4f0400");
  expect(member.readUInt32LE(16)).toBe(member.length);
});

test("archive.md: a stored member's bytes are those of the page", () => {
  const head = { fromByte: 0, inode: 1, sizeBytes: 1, offset: 1, records: 0 };
  const [stored, plain] = [packMember(head, [], "stored"), gunzipSync(packMember(head, []))];
  expect([stored[9], stored[20]]).toEqual([255, 1]);
  expect([stored.readUInt16LE(21), stored.readUInt16LE(23)]).toEqual([plain.length, plain.length ^ 0xffff]);
  expect(stored.subarray(25, -8)).toEqual(plain);
});
