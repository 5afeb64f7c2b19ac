import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { conversationRecords } from "../../../test/app-box.ts";
import { put, treeOf } from "../../../test/machine-box.ts";
import { openTerminal, type Terminal } from "../../../test/terminal.ts";
import type { ConversationId } from "../../base/id.ts";
import { troubleKey } from "../document-trouble.ts";
import { leavePendingCall } from "../pending-call.ts";

// Real damage to a real installation: found, mended, and found no more.

const CONVERSATION = "5f7cfb2e-8f0c-4c7e-9d5a-3a7d4d1c0b11" as ConversationId;
const LOCAL = ".claude/settings.local.json";

let terminal: Terminal;
let home = "";
let settings = "";
beforeEach(() => {
  terminal = openTerminal();
  home = terminal.box.app.home;
  settings = join(terminal.box.project, LOCAL);
});
afterEach(() => terminal.dispose());

interface Diagnosis {
  readonly ok: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
  readonly fixed: readonly string[];
}

async function diagnose(...argv: readonly string[]): Promise<Diagnosis & { readonly exit: number }> {
  const { exit, out } = await terminal.run("doctor", ...argv, "--json");
  return { exit, ...(JSON.parse(out) as Diagnosis) };
}

const wrong = ({ checks }: Diagnosis) => checks.filter(({ ok }) => !ok).map(({ name }) => name);

test("where leftoff never was, doctor says so with exit code 1, and leaves nothing behind", async () => {
  const before = treeOf(terminal.box.folder);

  const { exit, ok, checks } = await diagnose();

  expect({ exit, ok }).toEqual({ exit: 1, ok: false });
  expect(checks.find((check) => !check.ok)?.name).toBe("home");
  expect(treeOf(terminal.box.folder)).toEqual(before);
});

test("a file where leftoff's folder should be is one finding, and no crash", async () => {
  put(home, "mine\n");

  const { exit, checks } = await diagnose("--fix");

  expect(exit).toBe(1);
  expect(checks.filter(({ ok }) => !ok).map(({ detail }) => detail)).toEqual([
    `${home} is no folder that can be written into.`,
  ]);
});

test("a file where a folder above leftoff's should be is one finding, too", async () => {
  put(join(terminal.box.folder, "file"), "mine\n");
  const below = join(terminal.box.folder, "file", "share", "leftoff");

  const { exit, out } = await terminal.runAs({ ...terminal.box.app, home: below }, "doctor", "--json");

  const { checks } = JSON.parse(out) as Diagnosis;
  expect(exit).toBe(1);
  expect(checks.filter(({ ok }) => !ok).map(({ detail }) => detail)).toEqual([
    `${below} is no folder that can be written into.`,
  ]);
});

test("after init all is well, and looking changes nothing", async () => {
  converse();
  await terminal.run("init");
  await terminal.run("note", "next", "Rotate tokens");
  const before = treeOf(terminal.box.folder);

  expect(await diagnose()).toMatchObject({ exit: 0, ok: true, fixed: [] });
  expect(await diagnose("--fix")).toMatchObject({ exit: 0, ok: true, fixed: [] });
  expect(treeOf(terminal.box.folder)).toEqual(before);
});

const path = (...names: readonly string[]) => join(home, ...names);
const changed = (file: string, change: (text: string) => string) =>
  writeFileSync(file, change(readFileSync(file, "utf8")));
const DEAD = JSON.stringify({ pid: 1, startTime: "1", bootId: "another boot", token: "x" });

/** What happens to an installation, the check that finds it, and that is well again after --fix. */
const HARM: readonly (readonly [what: string, check: string, harm: () => void])[] = [
  ["a script that is gone", "scripts", () => rmSync(path("bin", "nudge"))],
  ["a script that can't be run any more", "scripts", () => chmodSync(path("bin", "leftoff"), 0o600)],
  ["a program of which a file is gone", "program", () => rmSync(join(runtime(), "hook.cjs"))],
  ["a program that is gone", "program", () => rmSync(path("runtime"), { recursive: true })],
  [
    "a node that is gone",
    "node",
    () => {
      for (const name of ["leftoff", "nudge", "answer", "git-hook"])
        changed(path("bin", name), (text) => text.replaceAll(process.execPath, "/gone/node"));
    },
  ],
  [
    "a program that is older",
    "program",
    () => writeFileSync(join(terminal.box.folder, "package", "dist", "hook.cjs"), "// newer\n"),
  ],
  ["a folder that others may read", "permissions", () => chmodSync(path("journal"), 0o755)],
  ["a file that others may read", "permissions", () => chmodSync(path("workspaces.jsonl"), 0o644)],
  ["settings without our hooks", "hooks", () => writeFileSync(settings, "{}\n")],
  ["settings that are gone", "hooks", () => rmSync(settings)],
  [
    "hooks that were changed by hand",
    "hooks",
    () => changed(settings, (text) => text.replace('"timeout": 5', '"timeout": 60')),
  ],
  [
    "hooks that stand there twice",
    "hooks",
    () => {
      const value = JSON.parse(readFileSync(settings, "utf8"));
      value.hooks.Stop.push(value.hooks.Stop[0]);
      writeFileSync(settings, JSON.stringify(value));
    },
  ],
  [
    "hooks in two settings files",
    "hooks",
    () => {
      put(join(terminal.box.folder, ".claude", "settings.json"), "{}");
      copyFileSync(settings, join(terminal.box.folder, ".claude", "settings.json"));
    },
  ],
  [
    "a ledger that is damaged",
    "installed",
    () => changed(path("installed.json"), (text) => text.slice(0, -40)),
  ],
  [
    "a ledger with an entry that is none",
    "installed",
    () => changed(path("installed.json"), (text) => text.replace('"kind"', '"Kind"')),
  ],
  ["a ledger that is gone", "hooks", () => rmSync(path("installed.json"))],
  ["the lock of a dead process", "locks", () => put(path("state", "locks", `ingest-${CONVERSATION}`), DEAD)],
  [
    "an unfinished file beside the settings",
    "leftovers",
    () => put(join(terminal.box.project, ".claude", ".leftoff-99999999-abc.tmp"), "{"),
  ],
  ["a name of the machine that is damaged", "machine", () => writeFileSync(path("machine.json"), "\0\0\0")],
  ["state that is damaged", "state", () => damageState()],
  [
    "a hook that failed",
    "failures",
    () =>
      put(
        path("state", "hook-failures.jsonl"),
        `${JSON.stringify({ atMs: now(), mode: "ingest", what: "ENOSPC" })}\n`,
      ),
  ],
  [
    "a call that nobody worked on",
    "pending",
    () => {
      leavePendingCall(terminal.box.app, terminal.box.call("Stop", CONVERSATION, { answer: "Done." }));
      const folder = path("state", "pending");
      for (const name of readdirSync(folder)) age(join(folder, name));
    },
  ],
  [
    "hooks that are heard, and nothing read",
    "capture",
    () => {
      const other = "00000000-8f0c-4c7e-9d5a-3a7d4d1c0b11" as ConversationId;
      converse(other);
      put(path("state", "spool"), `UserPromptSubmit ${other}\n`);
      age(path("state", "spool"));
    },
  ],
  [
    "a document that was left alone",
    "documents",
    () => {
      const { store } = terminal.box.app;
      const [id] = store.journal.sessions();
      if (id !== undefined) store.state.put(troubleKey(id), "half merged");
    },
  ],
];

for (const [what, check, harm] of HARM) {
  test(`${what}: found, mended by --fix, and found no more`, async () => {
    converse();
    await terminal.run("init");
    for (const name of readdirSync(home)) if (name.endsWith(".json")) chmodSync(path(name), 0o600);
    harm();
    for (const file of ["spool", "hook-failures.jsonl", `locks/ingest-${CONVERSATION}`])
      if (existsSync(path("state", file))) chmodSync(path("state", file), 0o600);
    if (existsSync(path("state", "locks"))) chmodSync(path("state", "locks"), 0o700);

    const found = await diagnose();
    expect({ exit: found.exit, wrong: [...new Set(wrong(found))] }).toEqual({ exit: 1, wrong: [check] });

    const mended = await diagnose("--fix");
    expect({ wrong: mended.checks.filter(({ ok }) => !ok), exit: mended.exit }).toEqual({
      wrong: [],
      exit: 0,
    });
    expect(mended.fixed).not.toEqual([]);
  });
}

test("in a .gitignore that lost our line it is put back, and nothing else is changed", async () => {
  const ignored = join(terminal.box.project, ".gitignore");
  execFileSync("git", ["init", "-q"], { cwd: terminal.box.project });
  writeFileSync(ignored, "dist\n");
  await terminal.run("init");
  const whole = readFileSync(ignored, "utf8");
  writeFileSync(ignored, "dist\n*.log\n");

  expect(wrong(await diagnose())).toEqual(["gitignore"]);
  const { exit, fixed } = await diagnose("--fix");

  expect({ exit, fixed }).toEqual({ exit: 0, fixed: [`Put the line back into ${ignored}.`] });
  expect(readFileSync(ignored, "utf8")).toBe(whole.replace("dist\n", "dist\n*.log\n"));
  await terminal.run("uninstall");
  expect(readFileSync(ignored, "utf8")).toBe("dist\n*.log\n");
});

test("a .gitignore that is no UTF-8 text stays as it is", async () => {
  const ignored = join(terminal.box.project, ".gitignore");
  execFileSync("git", ["init", "-q"], { cwd: terminal.box.project });
  await terminal.run("init");
  writeFileSync(ignored, Buffer.from("caf\xe9\n", "latin1"));

  expect(wrong(await diagnose("--fix"))).toEqual(["gitignore"]);

  expect(readFileSync(ignored, "latin1")).toBe("caf\xe9\n");
});

test("leftoff's part of CLAUDE.md is never written but by init: half of it is found, without it nothing is wrong", async () => {
  const file = join(terminal.box.project, "CLAUDE.md");
  await terminal.run("init", "--protocol");
  const whole = readFileSync(file, "utf8");
  const half = whole.replace("<!-- leftoff:end -->", "");
  for (const [text, found] of [
    [half, ["protocol"]],
    [whole.replace("decision", "choice"), []],
    ["# Mine\n", []],
  ] as const) {
    writeFileSync(file, text);
    expect(wrong(await diagnose("--fix"))).toEqual(found);
    expect(readFileSync(file, "utf8")).toBe(text);
  }
});

test("after a ledger was damaged and mended, uninstall takes everything out again, elsewhere too", async () => {
  const { project, folder } = terminal.box;
  const other = join(folder, "other");
  mkdirSync(other);
  for (const cwd of [project, other]) execFileSync("git", ["init", "-q"], { cwd });
  const before = [project, other].map((root) => readdirSync(root));
  const at = { ...terminal.box.app, cwd: other };
  await terminal.run("init", "--protocol");
  await terminal.runAs(at, "init");
  writeFileSync(path("installed.json"), "\0\0\0");

  expect((await diagnose("--fix")).exit).toBe(0);
  await terminal.run("uninstall", "--all");

  expect([project, other].map((root) => readdirSync(root))).toEqual(before);
});

test("state that was damaged and mended says what it said before", async () => {
  converse();
  await terminal.run("init");
  const before = await terminal.json("show");
  damageState();

  await terminal.run("doctor", "--fix");

  expect(await terminal.json("show")).toEqual(before);
});

test("what only a person can put right stays found, with its place", async () => {
  converse();
  await terminal.run("init");
  put(
    join(terminal.box.project, ".claude", "settings.json"),
    '{\n  "sessionStart": "./start.sh",\n  "disableAllHooks": true\n}\n',
  );
  const [session] = readdirSync(path("journal"));
  const [journal] = readdirSync(path("journal", session ?? ""));
  const file = path("journal", session ?? "", journal ?? "");
  appendFileSync(file, "torn\n");

  const found = await diagnose();
  expect(found.checks.filter(({ ok }) => !ok).map(({ detail }) => detail)).toContainEqual(
    expect.stringMatching(/\.jsonl:\d+: 4 bytes from byte \d+: not a whole record/),
  );
  const { exit, checks, fixed } = await diagnose("--fix");

  expect(exit).toBe(1);
  expect(fixed).toEqual([expect.stringMatching(/^Took 1 damaged place out of .*\.jsonl\.damaged\.$/)]);
  const details = checks.filter(({ ok }) => !ok).map(({ detail }) => detail);
  expect(details).toHaveLength(2);
  expect(details.join("\n")).toContain("disableAllHooks");
  expect(details.join("\n")).toContain(
    '.claude/settings.json:2:3: "sessionStart" is no event of Claude Code',
  );
});

test("settings that can't be read are named with line and column, and left alone", async () => {
  await terminal.run("init");
  writeFileSync(settings, '{\n  "hooks": {\n<<<<<<< HEAD\n');

  const { exit, checks } = await diagnose("--fix");

  expect(exit).toBe(1);
  expect(checks.find(({ ok }) => !ok)?.detail).toContain(`${settings}:3:1: `);
  expect(readFileSync(settings, "utf8")).toBe('{\n  "hooks": {\n<<<<<<< HEAD\n');
});

test("capture that is switched off is said with its place, and is no failure", async () => {
  await terminal.run("init");
  await terminal.run("off", "--here");

  const { exit, out } = await terminal.run("doctor");

  expect(exit).toBe(0);
  expect(out).toContain("note  capture      Capture is switched off in ~/project.");
});

function converse(conversation = CONVERSATION): void {
  const { box } = terminal;
  const say = conversationRecords(conversation, box.project, box.app.clock.nowMs() - 600_000);
  box.say(
    conversation,
    say.prompt("Add a login form", "11111111-0000-4000-8000-000000000001"),
    say.answer("It is there."),
  );
}

function runtime(): string {
  return path("runtime", readdirSync(path("runtime"))[0] ?? "");
}

function damageState(): void {
  writeFileSync(path("state", "sessions.json"), "\0\0");
  writeFileSync(path("state", "conversations", "claude", `${CONVERSATION}.json`), '{"leftoff":"state/1"');
}

function now(): number {
  return terminal.box.app.clock.nowMs();
}

/** Makes a file an hour old, by the clock of the box. */
function age(file: string): void {
  utimesSync(file, (now() - 3_600_000) / 1000, (now() - 3_600_000) / 1000);
}
