import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { put, treeOf } from "../../../test/machine-box.ts";
import { openTerminal, type Ran, type Terminal } from "../../../test/terminal.ts";

// `init` and `uninstall` on what real machines hold, from the command line down to the bytes.

let terminal: Terminal;
let project = "";
const at = (...names: readonly string[]) => join(project, ...names);
const LOCAL = ".claude/settings.local.json";
const SHARED = ".claude/settings.json";

beforeEach(() => {
  terminal = openTerminal();
  project = terminal.box.project;
});
afterEach(() => terminal.dispose());

async function done(...argv: readonly string[]): Promise<Ran> {
  const ran = await terminal.run(...argv);
  expect(ran).toMatchObject({ exit: 0 });
  return ran;
}

function hooksIn(path: string): number {
  // No hook of anybody else's here has a timeout.
  return existsSync(path) ? readFileSync(path, "utf8").split('"timeout": 5').length - 1 : 0;
}

const OTHERS = '{ "type": "command", "command": "say done" }';
const SETTINGS: readonly (readonly [what: string, text: string])[] = [
  ["comments", `{\n  // mine\n  "model": "opus" /* the best */\n}\n`],
  ["tabs and another tool's hooks", `{\n\t"hooks": {\n\t\t"Stop": [{ "hooks": [${OTHERS}] }]\n\t}\n}\n`],
  [
    "an odd order and unknown keys",
    '{"zeta":1,"hooks":{},"alpha":{"b":[ 1,2 ]},"permissions":{"deny":["x"]}}',
  ],
  ["a byte order mark", '\uFEFF{\n  "model": "opus"\n}\n'],
  ["CRLF", '{\r\n  "model": "opus",\r\n  "env": {}\r\n}\r\n'],
  ["no final newline", '{\n    "model": "opus"\n}'],
  ["a trailing comma", '{\n  "model": "opus",\n}\n'],
  ["nothing", ""],
  ["an empty object", "{}\n"],
];

for (const scope of ["local", "project"] as const) {
  // What differs between scopes is the form of the hooks: three files show it.
  test.each(SETTINGS.slice(0, scope === "local" ? SETTINGS.length : 3))(
    `${scope} settings with %s are byte for byte what they were after uninstall, modes and all`,
    async (_what, text) => {
      const path = at(scope === "local" ? LOCAL : SHARED);
      put(path, text);
      chmodSync(path, 0o640);
      put(at(".gitignore"), "dist\r\n*.log");
      execFileSync("git", ["init", "-q"], { cwd: project });
      const before = treeOf(project);

      await done("init", "--scope", scope, "--protocol");
      expect(hooksIn(path)).toBe(7);
      expect(treeOf(project)).not.toEqual(before);
      await done("uninstall");

      expect(treeOf(project)).toEqual(before);
    },
  );
}

test("a folder that had nothing has nothing again, and an empty .claude stays one", async () => {
  await done("init");
  await done("uninstall");
  expect(readdirSync(project)).toEqual([]);

  mkdirSync(at(".claude"), { mode: 0o750 });
  const before = treeOf(project);
  await done("init", "--protocol");
  await done("uninstall");
  expect(treeOf(project)).toEqual(before);
});

test("--dry-run of init and of uninstall writes nothing at all, not even leftoff's own folder", async () => {
  put(at(LOCAL), "{}\n");
  const before = treeOf(terminal.box.folder);

  await done("init", "--dry-run", "--protocol");
  await done("uninstall", "--dry-run", "--all", "--purge");
  expect(treeOf(terminal.box.folder)).toEqual(before);

  await done("init");
  const installed = treeOf(terminal.box.folder);
  const { out } = await done("uninstall", "--dry-run");
  expect(out).toContain(`would change ${at(LOCAL)}`);
  expect(treeOf(terminal.box.folder)).toEqual(installed);
});

test("init twice changes nothing the second time", async () => {
  await done("init", "--protocol");
  const once = treeOf(terminal.box.folder);

  const { out } = await done("init", "--protocol");

  expect(out).toContain("set up in");
  expect(treeOf(terminal.box.folder)).toEqual(once);
});

test("what others changed in between stays, without anything of ours", async () => {
  put(at(LOCAL), '{\n  "model": "opus"\n}\n');
  put(at(".gitignore"), "dist\n");
  execFileSync("git", ["init", "-q"], { cwd: project });
  await done("init");
  const settings = JSON.parse(readFileSync(at(LOCAL), "utf8"));
  settings.hooks.Stop.unshift({ hooks: [JSON.parse(OTHERS)] });
  settings.permissions.allow.push("Bash(ls:*)");
  writeFileSync(at(LOCAL), JSON.stringify({ first: 1, ...settings }, undefined, 4));
  writeFileSync(at(".gitignore"), `${readFileSync(at(".gitignore"), "utf8")}later\n`);

  await done("uninstall");

  expect(JSON.parse(readFileSync(at(LOCAL), "utf8"))).toEqual({
    first: 1,
    model: "opus",
    hooks: { Stop: [{ hooks: [JSON.parse(OTHERS)] }] },
    permissions: { allow: ["Bash(ls:*)"] },
  });
  expect(readFileSync(at(".gitignore"), "utf8")).toBe("dist\nlater\n");
});

test("settings that somebody broke in between are left, said with their place, and taken up by the next uninstall", async () => {
  await done("init");
  const whole = readFileSync(at(LOCAL), "utf8");
  writeFileSync(at(LOCAL), `<<<<<<< HEAD\n${whole}`);

  const { out } = await done("uninstall");
  expect(out).toContain(`${at(LOCAL)} was left as it is`);
  expect(out).toContain("line 1, column 1");
  expect(readFileSync(at(LOCAL), "utf8")).toBe(`<<<<<<< HEAD\n${whole}`);

  writeFileSync(at(LOCAL), whole);
  await done("uninstall");
  expect(readdirSync(project)).toEqual([]);
});

test("settings that can't be read stop init before the first byte, and are named with line and column", async () => {
  put(at(LOCAL), '{\n  "a": 1\n  "b": 2\n}');
  const before = treeOf(project);

  const { exit, err } = await terminal.run("init");

  expect(exit).toBe(5);
  expect(err).toContain(`${at(LOCAL)}: The agent's settings cannot be read at line 3, column 3`);
  expect(treeOf(project)).toEqual(before);
  expect(existsSync(join(terminal.box.app.home, "bin"))).toBe(false);
});

test("settings that are no UTF-8 are refused by init and left alone by uninstall", async () => {
  put(at(SHARED), Buffer.from('{"a":"\xe9"}', "latin1"));
  expect(await terminal.run("init", "--scope", "project")).toMatchObject({ exit: 5 });

  await done("init");
  writeFileSync(at(LOCAL), Buffer.from('{"a":"\xe9"}', "latin1"));
  const { out } = await done("uninstall");

  expect(out).toContain("is not UTF-8 text");
  expect(readFileSync(at(LOCAL), "latin1")).toBe('{"a":"\xe9"}');
});

test("a read-only file is refused with its name, also for root, and no other file is changed before", async () => {
  put(at(LOCAL), "{}\n");
  put(at("CLAUDE.md"), "# Mine\n");
  chmodSync(at("CLAUDE.md"), 0o444);
  const before = treeOf(project);

  const { exit, err } = await terminal.run("init", "--protocol");

  expect(exit).toBe(6);
  expect(err).toContain(at("CLAUDE.md"));
  expect(treeOf(project)).toEqual(before);
});

test("a folder where the settings file was is said at the uninstall, and the other files are put back", async () => {
  put(at("CLAUDE.md"), "# Mine\n");
  await done("init", "--protocol");
  renameSync(at(LOCAL), at("kept"));
  mkdirSync(at(LOCAL));

  const { out } = await done("uninstall");

  expect(out).toContain(`${at(LOCAL)} was left as it is`);
  expect(readFileSync(at("CLAUDE.md"), "utf8")).toBe("# Mine\n");
});

test("a settings file that is a link stays one, and what it leads to gets its bytes back", async () => {
  put(join(terminal.box.folder, "dotfiles", "claude.json"), '{ "model": "opus" }\n');
  mkdirSync(at(".claude"));
  symlinkSync("../../dotfiles/claude.json", at(LOCAL));
  const before = treeOf(join(terminal.box.folder, "dotfiles"));
  const link = treeOf(project);

  await done("init");
  expect(hooksIn(join(terminal.box.folder, "dotfiles", "claude.json"))).toBe(7);
  expect(treeOf(project)).toEqual(link);
  await done("uninstall");

  expect(treeOf(join(terminal.box.folder, "dotfiles"))).toEqual(before);
  expect(treeOf(project)).toEqual(link);
});

test("a link that led to nothing leads to nothing again", async () => {
  mkdirSync(at(".claude"));
  symlinkSync("../nothing.json", at(LOCAL));
  const before = treeOf(project);

  await done("init");
  expect(hooksIn(at("nothing.json"))).toBe(7);
  await done("uninstall");

  expect(treeOf(project)).toEqual(before);
});

test("hooks of an older version are replaced and not doubled, and go with the uninstall", async () => {
  const older = {
    model: "opus",
    hooks: {
      Stop: [{ hooks: [{ type: "command", command: 'sh "$HOME/.local/share/leftoff/bin/nudge" Stop' }] }],
    },
  };
  put(at(LOCAL), JSON.stringify(older, undefined, 2));

  await done("init");
  expect(hooksIn(at(LOCAL))).toBe(7);
  await done("uninstall");

  expect(JSON.parse(readFileSync(at(LOCAL), "utf8"))).toEqual({ model: "opus" });
});

test("where hooks run everywhere, a project needs none of its own, and says so", async () => {
  await done("init", "--scope", "user");
  const user = join(terminal.box.folder, ".claude", "settings.json");
  expect(hooksIn(user)).toBe(7);

  const { out } = await done("init");

  expect(out).toContain(`Hooks run here already by ${user}`);
  expect(existsSync(at(LOCAL))).toBe(false);
  expect(hooksIn(user)).toBe(7);
});

test("where a shared file and the person's own both have hooks, both keep them, and doctor says which answer", async () => {
  await done("init", "--scope", "project");
  await done("init", "--scope", "user");

  expect([hooksIn(at(SHARED)), hooksIn(join(terminal.box.folder, ".claude/settings.json"))]).toEqual([7, 7]);
  expect((await done("doctor")).out).toContain("those of the project answer");
});

test("hooks move from the local settings to a wider scope, and none is left behind", async () => {
  await done("init");
  await done("init", "--scope", "project");
  expect([hooksIn(at(LOCAL)), hooksIn(at(SHARED))]).toEqual([0, 7]);

  await done("uninstall");
  await done("init");
  await done("init", "--scope", "user");
  expect([hooksIn(at(LOCAL)), hooksIn(join(terminal.box.folder, ".claude/settings.json"))]).toEqual([0, 7]);

  await done("uninstall");
  expect(existsSync(join(terminal.box.folder, ".claude"))).toBe(false);
});

test("in a sub-folder the whole work tree is set up", async () => {
  execFileSync("git", ["init", "-q"], { cwd: project });
  mkdirSync(at("packages", "web"), { recursive: true });

  expect(await inFolder(at("packages", "web"), "init")).toMatchObject({ exit: 0 });

  expect(hooksIn(at(LOCAL))).toBe(7);
  expect(readdirSync(at("packages", "web"))).toEqual([]);
});

test("a linked work tree is set up by itself, and taken out by itself", async () => {
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=a@b", ...args], {
      cwd: project,
      stdio: "pipe",
    });
  git("init", "-q");
  git("commit", "-q", "--allow-empty", "-m", "start");
  const linked = join(terminal.box.folder, "linked");
  git("worktree", "add", "-q", linked);
  const before = treeOf(linked);

  await inFolder(linked, "init");
  expect(hooksIn(join(linked, LOCAL))).toBe(7);
  expect(existsSync(at(LOCAL))).toBe(false);
  await inFolder(linked, "uninstall");

  expect(treeOf(linked)).toEqual(before);
});

test("in a folder without git no .gitignore comes about", async () => {
  await done("init");

  expect(readdirSync(project)).toEqual([".claude"]);
});

test("in the home directory itself project settings are the person's own, and documents stay out of the agent's folder", async () => {
  const home = terminal.box.folder;
  const before = treeOf(join(home, "project"));

  await inFolder(home, "init", "--scope", "project");
  expect(readFileSync(join(home, SHARED), "utf8")).toContain('"args"');
  await inFolder(home, "new", "Tidy my home");

  expect(existsSync(join(home, ".claude", "sessions"))).toBe(false);
  await inFolder(home, "uninstall");
  expect(existsSync(join(home, SHARED))).toBe(false);
  expect(treeOf(join(home, "project"))).toEqual(before);
});

test("CLAUDE_CONFIG_DIR is where the person's settings are", async () => {
  const config = join(terminal.box.folder, "config");
  const app = { ...terminal.box.app, env: { ...terminal.box.app.env, CLAUDE_CONFIG_DIR: config } };

  await terminal.runAs(app, "init", "--scope", "user");

  expect(hooksIn(join(config, "settings.json"))).toBe(7);
  expect(existsSync(join(terminal.box.folder, ".claude"))).toBe(false);
});

test.each(["two\nlines", "relative/path"])(
  "a LEFTOFF_HOME like %j is refused clearly, and nothing is changed",
  async (name) => {
    const home = name.startsWith("relative") ? name : join(terminal.box.folder, name);
    const before = treeOf(terminal.box.folder);

    const { exit, err } = await terminal.runAs({ ...terminal.box.app, home }, "init");

    expect(exit).toBe(2);
    expect(err).toContain(JSON.stringify(home));
    expect(treeOf(terminal.box.folder)).toEqual(before);
  },
);

test("a work tree that was moved is taken out where it is now, and the old place is forgotten", async () => {
  execFileSync("git", ["init", "-q"], { cwd: project });
  await done("init", "--protocol");
  const moved = join(terminal.box.folder, "moved");
  renameSync(project, moved);

  const { out } = await inFolder(moved, "uninstall");

  expect(out).not.toContain("still set up");
  expect(readdirSync(moved)).toEqual([".git"]);
});

test("--purge deletes what is leftoff's, and never what else lies in its folder", async () => {
  await done("init");
  await done("new", "Something");
  put(join(terminal.box.app.home, "thesis.txt"), "mine\n");

  const { out } = await done("uninstall", "--purge");

  expect(out).toContain("thesis.txt");
  expect(readdirSync(terminal.box.app.home)).toEqual(["thesis.txt"]);
});

test("--purge is refused while another work tree uses the data, and --all takes it out of both", async () => {
  const other = join(terminal.box.folder, "other");
  mkdirSync(other);
  await done("init");
  await inFolder(other, "init");

  expect(await terminal.run("uninstall", "--purge")).toMatchObject({ exit: 9 });
  expect(hooksIn(at(LOCAL))).toBe(7);
  await done("uninstall", "--all", "--purge");

  expect(readdirSync(terminal.box.folder).sort()).toEqual(["other", "package", "project"]);
  expect([readdirSync(project), readdirSync(other)]).toEqual([[], []]);
});

test("an upgrade keeps the program of before, which a hook may still load from, and removes older ones", async () => {
  const runtimes = join(terminal.box.app.home, "runtime");
  const versions: string[][] = [];
  for (const text of ["one", "two", "three"]) {
    writeFileSync(join(terminal.box.folder, "package", "dist", "hook.cjs"), `// ${text}\n`);
    await done("init");
    versions.push(readdirSync(runtimes));
  }

  expect(versions.map((names) => names.length)).toEqual([1, 2, 2]);
  expect(versions[2]).not.toContain(versions[0]?.[0]);
  await done("init");
  expect(readdirSync(runtimes)).toEqual(versions[2]);
});

function inFolder(cwd: string, ...argv: readonly string[]): Promise<Ran> {
  return terminal.runAs({ ...terminal.box.app, cwd }, ...argv);
}

test("init --statusline puts ours around the person's own, in their settings; uninstall gives it back", async () => {
  const user = join(terminal.box.folder, ".claude/settings.json");
  const settings =
    '{\n\t"statusLine": { "type": "command", "command": "echo \\u0027mine\\u0027", "padding": 0 }\n}';
  put(user, settings);

  await done("init", "--statusline");
  expect(readFileSync(user, "utf8")).toContain("/bin/statusline");
  expect((await done("init", "--statusline")).out).toContain("set up in");
  expect((await done("doctor")).out).toContain("All is well");
  await done("init", "--scope", "user");
  await done("doctor");
  await done("uninstall");

  expect(readFileSync(user, "utf8")).toBe(settings);
});

test("the status line shows the person's own, then session, next step and context, and starts no node", async () => {
  await done("init", "--statusline");
  const state = join(terminal.box.app.home, "state/statusline");
  put(join(state, "5f7cfb2e-1"), "ses_01\n");
  put(join(state, "ses_01"), "rotation · next: drop families\n");
  const { statusLine } = JSON.parse(
    readFileSync(join(terminal.box.folder, ".claude/settings.json"), "utf8"),
  ) as {
    statusLine: { command: string };
  };
  const shown = (input: object, env: object = {}) =>
    execFileSync("/bin/sh", ["-c", statusLine.command], {
      env: { PATH: "", ...env },
      input: JSON.stringify(input),
      encoding: "utf8",
    });
  const context = (used: number | null) => ({ context_window: { current_usage: {}, used_percentage: used } });

  const known = { session_id: "5f7cfb2e-1" };
  expect(shown({ ...known, ...context(42.7) })).toBe(
    "leftoff: rotation · next: drop families · context 42 %\n",
  );
  expect(shown({ ...known, ...context(null) })).toBe("leftoff: rotation · next: drop families\n");
  expect(shown({ ...known, rate_limits: { used_percentage: 9 } })).toBe(
    "leftoff: rotation · next: drop families\n",
  );
  expect(shown({ session_id: "unknown" })).toBe("");
  expect(shown({ session_id: "../../machine.json" })).toBe("");
  expect(shown(known, { LEFTOFF_LINE: "IFS= read -r line; echo $line" })).toBe(
    `${JSON.stringify(known)}\nleftoff: rotation · next: drop families\n`,
  );
  expect(shown(known, { LEFTOFF_OFF: "1", LEFTOFF_LINE: "echo mine" })).toBe("mine\n");
});
