import {
  appendFileSync,
  existsSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { conversationRecords } from "../../test/app-box.ts";
import { makeSandbox, type Sandbox } from "../../test/repository.ts";
import type { HookCall } from "../agent/agent.ts";
import { projectSlug } from "../agent/claude/place.ts";
import type { ConversationId } from "../base/id.ts";
import { openApp } from "../compose.ts";
import type { App } from "./app.ts";
import { hereAt } from "./here.ts";
import { ingestHookCall } from "./ingest.ts";
import { ingestHere } from "./ingest-history.ts";
import { listSessions } from "./list-sessions.ts";
import { newSession } from "./new-session.ts";
import { type SessionSummary, summaries } from "./summary.ts";

// The rows of docs/guides/identity.md, through the use cases and with real git: which session a prompt lands in, where
// its document lies, and whether two places share a workspace.

let box: Sandbox;
let number = 0;
beforeEach(() => {
  box = makeSandbox();
});
afterEach(() => box.remove());

const at = (folder: string) => join(box.path, folder);
const appIn = (folder: string, env: object = {}): App =>
  openApp({
    cwd: at(folder),
    env: { PATH: process.env.PATH, HOME: at("home"), LEFTOFF_HOME: at("data"), ...env },
  });

interface Worked {
  readonly session: SessionSummary;
  readonly workspace: string;
  readonly document: string;
}

/** The recorded turn takes less: none of its times may lie ahead of what is done after it. */
const TURN_MS = 60_000;

/** A conversation of one turn in a folder, as its hooks and its transcript tell it. */
async function work(
  folder: string,
  prompt = "Add login",
  env: { CLAUDE_CONFIG_DIR?: string } = {},
): Promise<Worked> {
  number += 1;
  const conversation = `aaaaaaaa-0000-4000-8000-${String(number).padStart(12, "0")}` as ConversationId;
  const promptId = `p${number}`;
  const cwd = at(folder);
  const app = appIn(folder, env);
  const path = transcriptPath(cwd, conversation, env.CLAUDE_CONFIG_DIR);
  const records = conversationRecords(conversation, cwd, Date.now() - TURN_MS);
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(
    path,
    `${JSON.stringify(records.prompt(prompt, promptId))}\n${JSON.stringify(records.answer("Done."))}\n`,
  );
  const call: HookCall = {
    event: "UserPromptSubmit",
    conversation,
    transcriptPath: path,
    cwd,
    promptId,
    prompt,
    answer: undefined,
    reason: undefined,
    subagent: undefined,
    sinceAnswerMs: undefined,
  };
  await ingestHookCall(app, call);
  await ingestHookCall(app, { ...call, event: "Stop", prompt: undefined, answer: "Done." });
  const session = summaries(app).find(({ conversations }) => conversations.includes(conversation));
  if (session === undefined) throw new Error(`${prompt} in ${folder} is in no session`);
  const { workspace } = await hereAt(app, cwd);
  return { session, workspace, document: session.document ?? "" };
}

function transcriptPath(cwd: string, conversation: string, config = at("home/.claude")): string {
  const real = existsSync(cwd) ? realpathSync(cwd) : cwd;
  return join(config, "projects", projectSlug(real), `${conversation}.jsonl`);
}

/** What `init` notes of a work tree; its files are another test's. */
async function initialise(folder: string): Promise<void> {
  const app = appIn(folder);
  const { workTree } = await hereAt(app, at(folder));
  app.workspaces.append([{ type: "work_tree.initialised", atMs: 1, workTree }]);
}

const shared = (a: Worked, b: Worked) => ({
  session: a.session.id === b.session.id,
  workspace: a.workspace === b.workspace,
});
const documentIn = (folder: string) => expect.stringContaining(`${at(folder)}/.claude/sessions/`);
const documentKept = expect.stringMatching(/\/data\/documents\/wkt_/);

test("a sub-folder of a repository shares its session, and the document lies at the top", async () => {
  box.repository("mono");
  mkdirSync(at("mono/packages/api"), { recursive: true });
  await initialise("mono/packages/api");
  const [top, below] = [await work("mono"), await work("mono/packages/api")];
  expect(shared(top, below)).toEqual({ session: true, workspace: true });
  expect([top.document, below.document]).toEqual([documentIn("mono"), documentIn("mono")]);
});

test("a conversation that was begun in a sub-folder is found without its hooks; one of a work tree below is not", async () => {
  box.repository("mono");
  mkdirSync(at("mono/packages/api"), { recursive: true });
  box.git("mono", "worktree", "add", "-q", ".claude/worktrees/side");
  for (const [n, folder] of ["mono/packages/api", "mono/.claude/worktrees/side"].entries()) {
    const id = `cccccccc-0000-4000-8000-00000000000${n}` as ConversationId;
    const records = conversationRecords(id, at(folder), Date.now());
    const path = transcriptPath(at(folder), id);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(records.prompt(`Work in ${folder}`, "p"))}\n`);
  }
  await ingestHere(appIn("mono"), { conversationsMax: 100 });
  const { sessions } = await listSessions(appIn("mono"), { all: true });
  expect(sessions.map(({ title }) => title)).toEqual(["Work in mono/packages/api"]);
});

test("a linked work tree shares the workspace and has sessions and documents of its own", async () => {
  box.repository("trunk");
  box.git("trunk", "worktree", "add", "-q", "../side");
  await initialise("trunk");
  const [main, side] = [await work("trunk"), await work("side")];
  expect(shared(main, side)).toEqual({ session: false, workspace: true });
  expect([main.document, side.document]).toEqual([documentIn("trunk"), documentKept]);
});

test("a submodule shares nothing with the repository around it", async () => {
  box.repository("library");
  box.repository("super");
  box.git("super", "submodule", "add", "-q", at("library"), "vendor/library");
  const [outer, inner, origin] = [
    await work("super"),
    await work("super/vendor/library"),
    await work("library"),
  ];
  expect(shared(outer, inner)).toEqual({ session: false, workspace: false });
  expect(shared(inner, origin)).toEqual({ session: false, workspace: true });
});

test("two clones share the workspace only, and so does a shallow one beside a whole one", async () => {
  box.repository("upstream");
  box.commit("upstream", "more.txt", "More");
  box.git("", "clone", "-q", `file://${at("upstream")}`, "a");
  box.git("", "clone", "-q", `file://${at("upstream")}`, "b");
  box.git("", "clone", "-q", "--depth", "1", `file://${at("upstream")}`, "thin");
  const [a, b, thin] = [await work("a"), await work("b"), await work("thin")];
  expect([shared(a, b), shared(a, thin)]).toEqual([
    { session: false, workspace: true },
    { session: false, workspace: true },
  ]);
});

test("a clone that was moved goes on in its session, and its document moved with it", async () => {
  box.repository("old");
  await initialise("old");
  const before = await work("old");
  renameSync(at("old"), at("new"));
  const after = await work("new");
  expect(shared(before, after)).toEqual({ session: true, workspace: true });
  expect(after.document).toEqual(documentIn("new"));
  expect(existsSync(at("old"))).toBe(false);
});

test("a plain folder is found again after a move too, and its sub-folders are places of their own", async () => {
  mkdirSync(at("plain/sub"), { recursive: true });
  const [before, below] = [await work("plain"), await work("plain/sub")];
  renameSync(at("plain"), at("renamed"));
  const after = await work("renamed");
  expect(shared(before, below)).toEqual({ session: false, workspace: false });
  expect(shared(before, after)).toEqual({ session: true, workspace: true });
  expect(after.document).toEqual(documentKept);
});

test("folders of one name share nothing, in git or not", async () => {
  for (const parent of ["x", "y"]) mkdirSync(at(`${parent}/app`), { recursive: true });
  box.repository("p/app");
  box.repository("q/app");
  const all = [await work("x/app"), await work("y/app"), await work("p/app"), await work("q/app")];
  expect(new Set(all.map(({ session }) => session.id)).size).toBe(4);
  expect(new Set(all.map(({ workspace }) => workspace)).size).toBe(4);
});

test("a git branch made in the middle of the work stays in the session, and so do a rebase and a detached HEAD", async () => {
  box.repository("repo");
  const first = await work("repo");
  box.git("repo", "switch", "-q", "-c", "feature");
  box.commit("repo", "a.txt", "Ours");
  const branched = await work("repo");
  box.git("repo", "switch", "-q", "main");
  box.commit("repo", "a.txt", "Theirs");
  box.git("repo", "switch", "-q", "feature");
  expect(() => box.git("repo", "rebase", "main")).toThrow("could not apply");
  const rebasing = await work("repo");
  const { head } = await hereAt(appIn("repo"), at("repo"));
  box.git("repo", "rebase", "--abort");
  box.git("repo", "checkout", "-q", "--detach");
  const detached = await work("repo");

  expect([branched, rebasing, detached].map((later) => shared(first, later).session)).toEqual([
    true,
    true,
    true,
  ]);
  expect(head).toMatchObject({ gitBranch: "feature", detached: false });
  expect(detached.session.gitBranches).toEqual(["main", "feature"]);
});

test("two git branches that each have a session lead back to their own", async () => {
  box.repository("repo");
  const main = await work("repo");
  box.git("repo", "switch", "-q", "-c", "search");
  await newSession(appIn("repo"), { title: "Search" });
  const search = await work("repo", "Speed up search");
  box.git("repo", "switch", "-q", "main");
  const back = await work("repo", "More login");
  box.git("repo", "switch", "-q", "search");
  const again = await work("repo", "More search");
  expect(search.session.id).not.toBe(main.session.id);
  expect([back.session.id, again.session.id]).toEqual([main.session.id, search.session.id]);
});

test("on a git branch without a session the one that was chosen last goes on", async () => {
  box.repository("repo");
  const main = await work("repo");
  const { id } = await newSession(appIn("repo"), { title: "Search" });
  box.git("repo", "switch", "-q", "-c", "other");
  const other = await work("repo", "Speed it up");
  expect(other.session.id).toBe(id);
  expect(shared(main, other)).toEqual({ session: false, workspace: true });
});

test("where the project's .claude is the agent's own folder, documents lie below LEFTOFF_HOME", async () => {
  for (const folder of ["home", "home/.claude", "elsewhere"]) mkdirSync(at(folder), { recursive: true });
  for (const folder of ["home", "home/.claude", "elsewhere"]) await initialise(folder);
  const home = await work("home");
  const config = await work("home/.claude", "Tidy the settings");
  const moved = await work("elsewhere", "Add login", { CLAUDE_CONFIG_DIR: at("elsewhere/.claude") });
  expect([home.document, config.document, moved.document]).toEqual([
    documentKept,
    expect.stringMatching(/\/data\/documents\/wkt_|\.claude\/\.claude\/sessions\//),
    documentKept,
  ]);
  expect(shared(home, config)).toEqual({ session: false, workspace: false });
  expect(existsSync(at("home/.claude/sessions"))).toBe(false);
});

test("CLAUDE_CONFIG_DIR says where conversations are found", async () => {
  box.repository("repo");
  const records = conversationRecords("dddddddd" as ConversationId, at("repo"), Date.now());
  const path = transcriptPath(at("repo"), "dddddddd", at("config"));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(records.prompt("Add login", "p"))}\n`);
  await ingestHere(appIn("repo"), { conversationsMax: 9 });
  expect(summaries(appIn("repo"))).toEqual([]);
  await ingestHere(appIn("repo", { CLAUDE_CONFIG_DIR: at("config") }), { conversationsMax: 9 });
  expect(summaries(appIn("repo"))).toHaveLength(1);
});

test("a folder reached by a symbolic link is the folder it leads to", async () => {
  box.repository("real");
  symlinkSync(at("real"), at("link"));
  await initialise("link");
  const [real, link] = [await work("real"), await work("link")];
  expect(shared(real, link)).toEqual({ session: true, workspace: true });
  expect(link.document).toEqual(documentIn("real"));
});

test("names that differ in case are one folder where the file system says so, and two where it does not", async () => {
  mkdirSync(at("Shop"));
  const ignoresCase = existsSync(at("shop"));
  if (!ignoresCase) mkdirSync(at("shop"));
  const [upper, lower] = [await work("Shop"), await work("shop")];
  expect(shared(upper, lower)).toEqual({ session: ignoresCase, workspace: ignoresCase });
});

test("a work tree that was deleted keeps its sessions; what is told of it later lands in none of its parent's", async () => {
  box.repository("repo");
  box.git("repo", "worktree", "add", "-q", ".claude/worktrees/side");
  await initialise("repo");
  const [main, side] = [await work("repo"), await work("repo/.claude/worktrees/side")];
  box.git("repo", "worktree", "remove", "--force", ".claude/worktrees/side");
  const late = await work("repo/.claude/worktrees/side", "One more thing");
  expect(shared(side, late)).toEqual({ session: true, workspace: true });
  expect(shared(main, late).session).toBe(false);
  expect(late.document).toEqual(documentKept);
  expect(existsSync(at("repo/.claude/worktrees/side"))).toBe(false);
});

test("the same repository cloned again at its path goes on; another one there begins anew", async () => {
  box.repository("one");
  box.repository("two");
  box.git("", "clone", "-q", "one", "spot");
  const before = await work("spot");
  rmSync(at("spot"), { recursive: true });
  box.git("", "clone", "-q", "one", "spot");
  const again = await work("spot");
  rmSync(at("spot"), { recursive: true });
  box.git("", "clone", "-q", "two", "spot");
  const other = await work("spot");
  expect(shared(before, again)).toEqual({ session: true, workspace: true });
  expect(shared(before, other)).toEqual({ session: false, workspace: false });
});
