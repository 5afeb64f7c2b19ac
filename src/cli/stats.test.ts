import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { conversationRecords } from "../../test/app-box.ts";
import { openTerminal, type Terminal } from "../../test/terminal.ts";
import type { ConversationId } from "../base/id.ts";
import { bar } from "./bar.ts";

const MIN = 60_000;
const { TZ } = process.env;

let terminal: Terminal;
beforeEach(() => {
  process.env.TZ = "UTC";
  terminal = openTerminal();
});
afterEach(() => {
  if (TZ === undefined) delete process.env.TZ;
  else process.env.TZ = TZ;
  terminal.dispose();
});

/** A conversation: a prompt, then every ten minutes a line in another file, as long as it takes. */
async function work(number: number, prompt: string, minutes: number): Promise<void> {
  const { box } = terminal;
  const id = `aaaaaaa${number}-0000-4000-8000-000000000001` as ConversationId;
  const startMs = box.app.clock.nowMs();
  const say = conversationRecords(id, box.project, startMs);
  const at = (minute: number, record: object) => ({
    ...record,
    timestamp: new Date(startMs + minute * MIN).toISOString(),
  });
  const edits = Array.from({ length: Math.floor(minutes / 10) }, (_, index) => index).flatMap((index) => [
    at(
      index * 10,
      say.call(`t${number}${index}`, "Write", {
        file_path: `${box.project}/${index}.test.ts`,
        content: 'test("a", f);\nf();\n',
      }),
    ),
    at(index * 10, say.result(`t${number}${index}`, "File created", { toolUseResult: { type: "create" } })),
  ]);
  box.say(
    id,
    at(0, say.prompt(prompt, `11111111-0000-4000-8000-00000000000${number}`)),
    ...edits,
    at(minutes, say.answer("Done.")),
  );
  box.pass(minutes * MIN);
  await terminal.run("ingest");
}

async function twoWeeks(): Promise<void> {
  await work(1, "Add a login form", 130);
  await terminal.run("note", "failed", "Tokens in localStorage", "--time", "~2 hours");
  await terminal.run("complete");
  terminal.box.pass(8 * 24 * 60 * MIN);
  await terminal.run("new", "Refresh token rotation");
  await work(2, "Rotate the tokens", 20);
}

test("where nothing was worked on, one line says so", async () => {
  expect(await terminal.run("stats")).toMatchObject({
    exit: 0,
    out: "Nothing was worked on here yet: figures come with the first prompt.",
  });
  expect(await terminal.json("stats")).toMatchObject({ rows: [], total: { sessions: 0, activeMs: 0 } });
});

test("sessions stand below each other with their time as a bar, within 80 columns", async () => {
  await twoWeeks();

  const { out } = await terminal.runAt({ columns: 80, colours: false }, "stats");
  expect(out.split("\n").map((line) => line.trimEnd())).toEqual([
    "SESSION                       ACTIVE                   LINES  FILES  TESTS",
    "2026-02-02-ref…oken-rotation  20 min      █▌           +4 −0      2      2",
    "2026-01-25-add-login-form     2 h 10 min  ██████████  +26 −0     13     13",
    "in all                        2 h 30 min              +30 −0     15     15",
  ]);
  for (const argv of [["stats"], ["stats", "--week"], ["stats", "--person"], ["stats", "login"]])
    for (const line of (await terminal.runAt({ columns: 80, colours: false }, ...argv)).out.split("\n"))
      expect(line.length, line).toBeLessThanOrEqual(80);
});

test("weeks begin on Monday, and the sum has what they have", async () => {
  await twoWeeks();

  expect((await terminal.run("stats", "--week")).out.split("\n")).toEqual([
    "WEEK FROM   ACTIVE                  SESSIONS  PROMPTS   LINES  TESTS",
    "2026-02-02  20 min      █▌                 1        1   +4 −0      2",
    "2026-01-19  2 h 10 min  ██████████         1        1  +26 −0     13",
    "in all      2 h 30 min                     2        2  +30 −0     15",
  ]);
});

test("one session has its days and its approaches", async () => {
  await twoWeeks();

  expect((await terminal.run("stats", "login")).out.split("\n")).toEqual([
    "2026-01-25-add-login-form",
    "  Total time invested  2 h 10 min",
    "  Conversations        1 with 1 prompt",
    "  Code lines changed   26 added, 0 removed",
    "  Files modified       13",
    "  Tests added          13",
    "",
    "by approach",
    "  ✗ Tokens in localStorage  ~2 hours",
  ]);
});

test("the example of the format is what is printed", async () => {
  await twoWeeks();

  const page = readFileSync(new URL("../../docs/formats/figures.md", import.meta.url), "utf8");
  expect(await terminal.json("stats", "--week")).toEqual(
    JSON.parse(/^```json\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? "{}"),
  );
});

test("a colleague's handoff says what it had taken them, and they have a row of their own", async () => {
  const page = [
    "# Handoff: Feature auth",
    "**From**: @bob",
    "**Session**: 2026-01-20-auth (ses_0198f3a2b4c57d6e8f90123456789abc)",
    "**Total time invested**: 6 h 5 min on 3 days",
    "**Conversations**: 3 with 14 prompts",
    "**Code lines changed**: 450 added, 120 removed",
    "**Tests added**: 12",
    "",
    "## Next Steps",
    "- [ ] Rotate tokens",
  ];
  terminal.box.write(`${terminal.box.project}/h.md`, page.join("\n"));
  await terminal.run("resume", "h.md");
  const ada = { ...terminal.box.app, env: { ...terminal.box.app.env, LEFTOFF_PERSON: "Ada" } };
  await work(1, "Go on", 30);

  const { out } = await terminal.runAs(ada, "stats", "--person");
  expect(out.split("\n")).toEqual([
    "PERSON  ACTIVE                  SESSIONS  PROMPTS      LINES  TESTS",
    "@bob    6 h 5 min   ██████████         1       14  +450 −120     12",
    "@ada    30 min      ▉                  1        1      +6 −0      3",
    "in all  6 h 35 min                     2       15  +456 −120     15",
  ]);
  expect((await terminal.runAs(ada, "stats", "--person", "bob")).out.split("\n")).toHaveLength(2);
});

test("a bar has eighths of a column, and a little is not nothing", () => {
  expect([0, 0.001, 0.5, 1, 2, Number.NaN].map((share) => bar(share, 4))).toEqual([
    "",
    "▏",
    "██",
    "████",
    "████",
    "",
  ]);
});
