import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { conversationRecords } from "../../test/app-box.ts";
import { openTerminal, type Terminal } from "../../test/terminal.ts";
import type { ConversationId } from "../base/id.ts";
import { TURNS_KEPT_MAX } from "../base/limits.ts";
import type { App } from "./app.ts";
import { layeredSummary } from "./layered-summary.ts";

const FIRST = "5f7cfb2e-8f0c-4c7e-9d5a-3a7d4d1c0b11" as ConversationId;
const FORK = "70ee5f4b-8f0c-4c7e-9d5a-3a7d4d1c0b12" as ConversationId;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let terminal: Terminal;
beforeEach(() => {
  terminal = openTerminal();
});
afterEach(() => terminal.dispose());

type Said = readonly object[];

/** A turn of two records so long ago, which says its number. */
function turn(n: number, agoMs: number): Said {
  const { box } = terminal;
  const made = conversationRecords(FIRST, box.project, box.app.clock.nowMs() - agoMs);
  const promptId = `99999999-0000-4000-8000-${String(n).padStart(12, "0")}`;
  return [made.prompt(`Prompt number ${n}.`, promptId), made.answer(`Answer number ${n}.`)];
}

/** The archive, counting what is read of it. */
function counting(app: App): { readonly app: App; readonly read: { groups: number; wholes: number } } {
  const read = { groups: 0, wholes: 0 };
  const { archive } = app.store;
  const counted = {
    ...archive,
    newestFirst: (file, onRecords) =>
      archive.newestFirst(file, (records) => {
        read.groups += 1;
        return onRecords(records);
      }),
    forEach: (file, onRecords) => {
      read.wholes += 1;
      return archive.forEach(file, onRecords);
    },
  } satisfies typeof archive;
  return { app: { ...app, store: { ...app.store, archive: counted } }, read };
}

test("turns of the last hours that the facts no longer keep come from the end of the archive, and from no more of it", async () => {
  const { box } = terminal;
  const old = Array.from({ length: 600 }, (_, n) => turn(n, 20 * 24 * HOUR_MS - n * 10 * MINUTE_MS)).flat();
  const young = Array.from({ length: 60 }, (_, n) => turn(1000 + n, 119 * MINUTE_MS - n * MINUTE_MS)).flat();
  for (const records of [old, young])
    for (let from = 0; from < records.length; from += 10) {
      box.say(FIRST, ...records.slice(from, from + 10));
      if (from % 100 === 0) await terminal.run("ingest");
    }
  await terminal.run("ingest");
  expect(young.length / 2).toBeGreaterThan(TURNS_KEPT_MAX);

  const { app, read } = counting(box.app);
  const summary = await layeredSummary(app, { lastMs: 2 * HOUR_MS });

  const turns = summary.layers.reduce((sum, layer) => sum + layer.turns, 0);
  expect([turns, summary.earlierTurns, summary.unreadBytes]).toEqual([60, 600, 0]);
  expect(summary.text).toContain("Prompt number 1059.");
  expect(read.wholes).toBe(0);
  // 12 groups hold the last two hours.
  expect(read.groups).toBeLessThan(20);

  const whole = await layeredSummary(box.app, {});
  expect(whole.text).toMatch(/Before that: \d+ turns since /);
});

test("what nobody had the time to read yet is told from the transcript's end, redacted, and what is missing is said", async () => {
  const { box } = terminal;
  const secret = ["ghp", "0123456789abcdefghijABCDEFGHIJ456789"].join("_");
  box.say(FIRST, ...turn(1, 30 * HOUR_MS));
  await terminal.run("ingest");
  const more = Array.from({ length: 50 }, (_, n) => turn(100 + n, 5 * HOUR_MS - n * 5 * MINUTE_MS)).flat();
  box.say(FIRST, ...more);
  const made = conversationRecords(FIRST, box.project, box.app.clock.nowMs() - MINUTE_MS);
  box.say(FIRST, made.prompt(`use ${secret}`, "99999999-0000-4000-8000-00000000000c"), made.answer("used"));
  let laterMs = 0;
  const monotonicMs = () => {
    laterMs += 10_000;
    return laterMs;
  };
  const app: App = { ...box.app, clock: { ...box.app.clock, monotonicMs } };

  const last = await layeredSummary(app, { lastMs: 2 * HOUR_MS });
  const whole = await layeredSummary(app, {});

  expect(last.layers.map(({ turns }) => turns)).toEqual([3, 12, 0, 0]);
  expect(last.text).not.toContain(secret);
  expect(last.text).toContain("> use [REDACTED:");
  // All of the last two hours is in the end that was looked at.
  expect([last.unreadBytes, whole.unreadBytes > 0]).toEqual([0, true]);
  expect(whole.text).toContain("bytes of its conversations are not read yet");
});

test("a fork's copies of its parent's turns are not told twice", async () => {
  const { box } = terminal;
  const own = Array.from({ length: 40 }, (_, n) => turn(n, 3 * HOUR_MS - n * MINUTE_MS)).flat();
  box.say(FIRST, ...own);
  await terminal.run("ingest");
  const more = Array.from({ length: 40 }, (_, n) => turn(100 + n, 2 * HOUR_MS - n * MINUTE_MS)).flat();
  box.say(FORK, ...own.map((record) => ({ ...record, sessionId: FORK })));
  box.say(FORK, ...more.map((record) => ({ ...record, sessionId: FORK })));
  await terminal.run("ingest");

  const { layers, earlierTurns } = await layeredSummary(box.app, { lastMs: 4 * HOUR_MS });

  expect(layers.reduce((sum, layer) => sum + layer.turns, 0) + earlierTurns).toBe(80);
});

test("the turn in which an agent asks for a summary is not part of it", async () => {
  const { box } = terminal;
  const asks = conversationRecords(FIRST, box.project, box.app.clock.nowMs() - MINUTE_MS);
  box.say(FIRST, ...turn(1, HOUR_MS / 2));
  box.say(FIRST, asks.prompt("Summarise the last 2 hours", "99999999-0000-4000-8000-00000000000a"));
  await terminal.run("ingest");

  const own = await layeredSummary(box.inShell(FIRST), { lastMs: 2 * HOUR_MS });
  const persons = await layeredSummary(box.app, { lastMs: 2 * HOUR_MS });

  expect(own.text).not.toContain("Summarise the last 2 hours");
  expect(own.text).toContain("- Last: 25 Jan");
  expect(persons.text).toContain("> Summarise the last 2 hours");
});

test("what is done in finished sessions of this work tree is one line, and secrets are in none", async () => {
  const { box } = terminal;
  const secret = ["ghp", "0123456789abcdefghijABCDEFGHIJ456789"].join("_");
  await terminal.run("new", "Login form");
  await terminal.run("complete");
  await terminal.run("new", `Tokens ${secret}`);
  await terminal.run("note", "decision", `Keep ${secret} out`, "--why", `it is ${secret}`);
  const made = conversationRecords(FIRST, box.project, box.app.clock.nowMs() - MINUTE_MS);
  box.say(FIRST, made.prompt(`use ${secret}`, "99999999-0000-4000-8000-00000000000b"), made.answer(secret));
  await terminal.run("ingest");

  const { out } = await terminal.run("summary", "tokens", "--json");

  expect(out).not.toContain(secret);
  const { text } = JSON.parse(out) as { text: string };
  expect(text).toMatch(/^- Session 2026-01-25-login-form: Login form, completed 25 Jan$/m);
  expect(text).toContain("### Key decisions\n\n- Keep [REDACTED:");
});

test("--write keeps what a person wrote into the file, --dry-run writes nothing, and the same work gives the same bytes", async () => {
  const { box } = terminal;
  const path = join(box.project, ".claude", "session-summary.md");
  await terminal.run("init");
  await terminal.run("new", "Login form");
  await terminal.run("note", "worked", "The form posts", "--result", "12 tests pass");

  const dry = await terminal.run("summary", "--write", "--dry-run");
  expect([dry.exit, existsSync(path)]).toEqual([0, false]);
  const { out } = await terminal.run("summary", "--write");
  expect(out).toBe(`${path} is written.`);
  expect(dry.out).toBe(readFileSync(path, "utf8").trimEnd());

  const edited = readFileSync(path, "utf8").replace("- The form posts", "Ask Bob first.\n- The form posts");
  box.write(path, `${edited}My own words.\n`);
  const again = await terminal.json("summary", "--write");
  expect(again).toMatchObject({ schema: "leftoff.summary/1", path, changed: true, kept: 1 });
  expect(readFileSync(path, "utf8")).toMatch(/-->\n\nAsk Bob first\.\nMy own words\.\n$/);
  rmSync(join(box.folder, "leftoff", "state"), { recursive: true });
  expect(await terminal.json("summary", "--write")).toMatchObject({ changed: false, kept: 0 });

  box.write(path, "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n");
  expect(await terminal.run("summary", "--write")).toMatchObject({ exit: 9, out: "" });
  expect(box.read(path)).toContain("<<<<<<< ours");
});

test("a time that is none is refused with one that is", async () => {
  await terminal.run("new", "Login form");
  const { exit, err } = await terminal.run("summary", "--last", "soon");
  expect(exit).toBe(2);
  expect(err).toContain("--last 2h");
});
