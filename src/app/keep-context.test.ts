import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, conversationRecords, makeAppBox } from "../../test/app-box.ts";
import { gitIn } from "../../test/git-in.ts";
import type { ConversationId } from "../base/id.ts";
import { changePhase } from "./change-phase.ts";
import { contextLog } from "./context-log.ts";
import { ingestHookCall } from "./ingest.ts";
import { keepContext } from "./keep-context.ts";
import { listSessions } from "./list-sessions.ts";
import { newSession } from "./new-session.ts";
import { addNote as note } from "./note.ts";
import { changeNotes as notes } from "./notes.ts";
import { showBrief } from "./show-brief.ts";

const CONVERSATION = "5f7cfb2e-8f0c-4c7e-9d5a-3a7d4d1c0b11" as ConversationId;
const TOKEN = "ghp_0123456789abcdefghijABCDEFGHIJ012345";

let box: AppBox;
let git: (...args: readonly string[]) => string;
beforeEach(async () => {
  box = makeAppBox();
  git = gitIn(box.project, box.folder);
  git("init", "-q", "-b", "main");
  commit("a.txt", "Start");
  await listSessions(box.app, { all: false });
  box.initialise();
});
afterEach(() => box.dispose());

const path = () => join(box.project, ".claude", "context.md");
const page = () => box.read(path());
const keep = (dryRun = false) => keepContext(box.app, { dryRun });
function commit(file: string, subject: string): void {
  box.write(join(box.project, file), `${subject}\n`);
  git("add", "--", file);
  git("commit", "-q", "-m", subject);
}

async function turn(): Promise<void> {
  const say = conversationRecords(CONVERSATION, box.project, box.app.clock.nowMs());
  const promptId = "11111111-0000-4000-8000-000000000001";
  box.say(CONVERSATION, say.prompt("Go on", promptId), say.answer("Done."));
  await ingestHookCall(box.app, box.call("UserPromptSubmit", CONVERSATION, { promptId, prompt: "Go on" }));
  await ingestHookCall(box.app, box.call("Stop", CONVERSATION, { promptId, answer: "Done." }));
}

test("the page has what is noted here, and follows notes, phases, git branch and commits: at commands, and when a turn ends", async () => {
  await newSession(box.app, { title: "Payments" });
  await note(box.app, { kind: "decision", text: "Use Stripe", fields: { why: "one contract" } });
  await note(box.app, { kind: "issue", text: `The key ${TOKEN} is in the log` });
  const planned = await keep(true);
  expect([planned.changed, existsSync(path())]).toEqual([true, false]);
  expect((await keep()).created).toBe(true);
  expect(page()).toContain("Working on: Payments\nStatus: in progress\nBranch: main\nRecent commits: ");
  expect(page()).toContain("## Recent Decisions\n- Use Stripe: one contract (2026-01-25)\n");
  expect(page()).not.toContain("ghp_");
  expect((await keep()).changed).toBe(false);

  const next = await note(box.app, { kind: "next", text: "Write the ledger" });
  expect(page()).toContain("## Next Session\n- [ ] Write the ledger\n");
  await notes(box.app, { change: "done", notes: [next.note] });
  expect(page()).not.toContain("Write the ledger");
  await changePhase(box.app, { change: "block", reason: "a key" });
  expect(page()).toContain("Status: blocked: a key\n");

  git("checkout", "-q", "-b", "refunds");
  commit("b.txt", "Add refunds");
  await turn();
  expect(page()).toMatch(
    /Status: in progress\nBranch: refunds\nRecent commits: [0-9a-f]{7,} Add refunds; [0-9a-f]{7,} Start\n/,
  );
  const { changes } = await contextLog(box.app);
  expect(changes.map((change) => change.kind === "lines" && [change.removed, change.added.length])).toEqual([
    [["Status: blocked: a key"], 1],
    [["Status: in progress"], 1],
    [["- [ ] Write the ledger"], 0],
    [[], 1],
    [[], 4],
  ]);
});

test("a person's own page is only read until the command is run, and a link out of the work tree is never written", async () => {
  await newSession(box.app, { title: "Payments" });
  const own = "# Shop\n\n## Current Work\nBranch: nowhere\n\nWe sell tea.\n";
  box.write(path(), own);
  await note(box.app, { kind: "decision", text: "Use Stripe" });
  await turn();
  expect(page()).toBe(own);
  await keep();
  expect(page()).toContain(
    "# Shop\n\n## Current Work\nWorking on: Payments\nStatus: in progress\nBranch: main\nRecent commits: ",
  );
  expect(page()).toContain("We sell tea.\n");

  const outside = join(box.folder, "elsewhere");
  mkdirSync(outside);
  const other = makeAppBox();
  await listSessions(other.app, { all: false });
  other.initialise();
  symlinkSync(outside, dirname(join(other.project, ".claude", "context.md")));
  await expect(keepContext(other.app, { dryRun: false })).rejects.toMatchObject({ code: "refused" });
  other.dispose();
});

test("a page that git tracks says nothing of one work tree, and as it was committed it is written by the command only", async () => {
  await newSession(box.app, { title: "Payments" });
  await keep();
  git("add", ".claude/context.md");
  git("commit", "-q", "-m", "Add the page");
  await note(box.app, { kind: "decision", text: "Use Stripe" });
  commit("b.txt", "Add refunds");
  await turn();
  expect(git("status", "--porcelain", "--", ".claude/context.md")).toBe("");
  const kept = await keep();
  expect(kept.tracked).toBe("unchanged");
  expect(kept.text).toContain("Branch: main\nRecent commits: ");
  expect(page()).toContain("Status: in progress\n\n## Architecture");
  expect(page()).toContain("- Use Stripe (2026-01-25)");
  // Somebody is at it already.
  await note(box.app, { kind: "decision", text: "Keep cents" });
  expect(page()).toContain("- Keep cents (2026-01-25)");
  const { changes } = await contextLog(box.app);
  expect(changes.filter(({ kind }) => kind === "commit")).toMatchObject([
    { subject: "Add the page", author: "Ada" },
  ]);
});

test("the brief's excerpt of the page names the git branch of now, whatever the page says", async () => {
  await newSession(box.app, { title: "Payments" });
  await keep();
  git("add", ".claude/context.md");
  git("commit", "-q", "-m", "Add the page");
  git("checkout", "-q", "-b", "refunds");
  const { text } = (await showBrief(box.app, {})).brief;
  expect(text).toContain("Branch: refunds");
  expect(page()).toContain("Branch: main");
});

test("lost memory of what was written makes nothing a person's that a note says, and nothing ours that none says", async () => {
  await newSession(box.app, { title: "Payments" });
  const { note: id } = await note(box.app, { kind: "decision", text: "Use Stripe" });
  await keep();
  box.write(path(), page().replace("## Recent Decisions\n", "## Recent Decisions\n- Mine alone\n"));
  for (const key of box.app.store.state.list("context")) box.app.store.state.remove(key);
  await notes(box.app, { change: "drop", notes: [id] });
  expect(page()).toContain("## Recent Decisions\n- Mine alone\n\n");
});

test("in a project that init was not run in, the page lies beside the documents, and the brief takes it from there", async () => {
  const other = makeAppBox();
  await newSession(other.app, { title: "Tea" });
  const { path: place } = await keepContext(other.app, { dryRun: false });
  expect(place.startsWith(other.app.home)).toBe(true);
  expect((await showBrief(other.app, {})).brief.text).toContain("Working on: Tea");
  other.dispose();
});
