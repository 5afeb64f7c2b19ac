import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { settled } from "./e2e/processes.ts";
import { put, treeOf } from "./machine-box.ts";

// `init` and `uninstall` of the built program where only processes will do: killed in the middle, two at once, as another
// user, and while hooks run.

const DIST = join(import.meta.dirname, "..", "dist");
const built = test.skipIf(!existsSync(join(DIST, "main.js")));
const PLUGIN_ANSWER = join(DIST, "..", "plugin", "hooks", "answer");
const LOCAL = ".claude/settings.local.json";
const CONVERSATION = "5f7cfb2e-8f0c-4c7e-9d5a-3a7d4d1c0b11";
const SETTINGS = '{\n\t// mine\n\t"model": "opus"\n}';

let folder = "";
let project = "";
let home = "";
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "leftoff-setup-")));
  project = join(folder, "project");
  home = join(folder, "data");
  put(join(project, LOCAL), SETTINGS);
  put(join(project, ".gitignore"), "dist");
  spawnSync("git", ["init", "-q"], { cwd: project });
});
afterEach(async () => {
  // What hooks started goes on for a moment, and would write into what is being removed.
  await settled(folder, 60_000);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

interface Place {
  readonly cwd?: string;
  readonly env?: { readonly [name: string]: string };
  readonly uid?: number;
  /** Where the program lies. */
  readonly dist?: string;
}

function environment(extra: Place["env"] = {}) {
  return { PATH: process.env.PATH, HOME: folder, LEFTOFF_HOME: home, ...extra };
}

function leftoff(argv: readonly string[], { cwd = project, env, uid, dist = DIST }: Place = {}) {
  const who = uid === undefined ? {} : { uid, gid: uid };
  const ran = spawnSync(process.execPath, [join(dist, "main.js"), ...argv], {
    cwd,
    env: environment(env),
    encoding: "utf8",
    ...who,
  });
  return { exit: ran.status, signal: ran.signal, out: ran.stdout, err: ran.stderr };
}

/** The same without waiting. */
function start(argv: readonly string[], cwd: string): Promise<number | null> {
  const child = spawn(process.execPath, [join(DIST, "main.js"), ...argv], {
    cwd,
    env: environment(),
    stdio: "ignore",
  });
  return new Promise((settle) => child.on("close", settle));
}

/** Runs a command again and again, killed each time one write later, until it is through before that. */
function killedAt(moment: string, argv: readonly string[], check: () => void): number {
  for (let times = 1; ; times += 1) {
    const { signal } = leftoff(argv, { env: { LEFTOFF_FAILPOINTS: `${moment}@${times}=kill` } });
    if (signal === null) return times - 1;
    check();
  }
}

/** Another work tree uses the program, so that it is not copied and removed each time: what counts are the user's files. */
function useElsewhere(): void {
  const other = join(folder, "other");
  mkdirSync(other);
  leftoff(["init"], { cwd: other });
}

built.each(["replace.before-rename", "replace.after-rename"])(
  "init killed at any %s is finished by the next one, and uninstall leaves nothing of either",
  (moment) => {
    const before = treeOf(project);
    useElsewhere();
    leftoff(["init"]);
    const installed = treeOf(project);
    leftoff(["uninstall"]);

    const kills = killedAt(moment, ["init"], () => {
      expect(leftoff(["init"])).toMatchObject({ exit: 0 });
      expect(treeOf(project)).toEqual(installed);
      expect(leftoff(["uninstall"])).toMatchObject({ exit: 0 });
      expect(treeOf(project)).toEqual(before);
    });

    // The ledger, the settings, the .gitignore.
    expect(kills).toBeGreaterThanOrEqual(3);
  },
);

built("init killed while it copies the program is finished by the next one", () => {
  for (const times of [2, 30, 50]) {
    leftoff(["init"], { env: { LEFTOFF_FAILPOINTS: `replace.before-rename@${times}=kill` } });
  }

  expect(leftoff(["init"])).toMatchObject({ exit: 0 });
  expect(leftoff(["doctor", "--json"])).toMatchObject({ exit: 0 });
});

built.each(["replace.after-rename", "append.after-fsync"])(
  "uninstall killed at any %s is finished by the next one",
  (moment) => {
    const before = treeOf(project);
    useElsewhere();
    leftoff(["init"]);

    const kills = killedAt(moment, ["uninstall"], () => {
      expect(leftoff(["uninstall"])).toMatchObject({ exit: 0 });
      expect(treeOf(project)).toEqual(before);
      leftoff(["init"]);
    });

    expect(kills).toBeGreaterThan(0);
  },
);

built("two inits at once in one work tree are one", async () => {
  leftoff(["init"]);
  const installed = treeOf(project);
  leftoff(["uninstall"]);

  expect(await Promise.all([start(["init"], project), start(["init"], project)])).toEqual([0, 0]);

  expect(treeOf(project)).toEqual(installed);
});

built("inits at once in several work trees are all remembered, and taken out together", async () => {
  const others = ["a", "b", "c"].map((name) => join(folder, name));
  for (const path of others) mkdirSync(path);

  expect(await Promise.all(others.map((path) => start(["init"], path)))).toEqual([0, 0, 0]);
  expect(leftoff(["uninstall", "--all"])).toMatchObject({ exit: 0 });

  expect(others.flatMap((path) => treeOf(path))).toEqual([]);
});

built("a LEFTOFF_HOME with spaces and quotes works in every script", () => {
  const odd = join(folder, `it's "my" $HOME data`);
  const before = treeOf(project);
  expect(leftoff(["init"], { env: { LEFTOFF_HOME: odd } })).toMatchObject({ exit: 0 });

  const shim = spawnSync(join(odd, "bin", "leftoff"), ["status", "--json"], {
    cwd: project,
    env: { PATH: process.env.PATH, HOME: folder },
    encoding: "utf8",
  });
  expect(JSON.parse(shim.stdout).root).toBe(project);
  // One that answers and one that nudges; the others call the same two scripts.
  const hooks = hooksOf(join(project, LOCAL)).filter(
    ({ event }) => event === "SessionStart" || event === "Stop",
  );
  expect(hooks).toHaveLength(2);
  for (const { command, args, event } of hooks) {
    const ran = spawnSync(command, args, {
      cwd: project,
      env: { HOME: folder },
      input: "{}",
      encoding: "utf8",
    });
    expect([event, ran.status, ran.stderr]).toEqual([event, 0, ""]);
  }
  leftoff(["uninstall", "--purge"], { env: { LEFTOFF_HOME: odd } });
  expect(treeOf(project)).toEqual(before);
  expect(existsSync(odd)).toBe(false);
});

built.each(["000", "777"])(
  "what hooks leave is its owner's alone under umask %s, and doctor has nothing to say of it",
  async (umask) => {
    leftoff(["init"]);
    // One that answers and one that nudges; the others call the same two scripts.
    const hooks = hooksOf(join(project, LOCAL)).filter(({ event }) => /^(?:SessionStart|Stop)$/.test(event));
    expect(hooks).toHaveLength(2);
    for (const { command, args, event } of hooks) {
      const ran = spawnSync("/bin/sh", ["-c", `umask ${umask}; exec "$@"`, "sh", command, ...args], {
        cwd: project,
        env: environment(),
        input: `${JSON.stringify({ session_id: CONVERSATION, cwd: project, hook_event_name: event, source: "startup", prompt: "Add a login form", last_assistant_message: "It is there." })}\n`,
        encoding: "utf8",
      });
      expect([event, ran.status, ran.stderr]).toEqual([event, 0, ""]);
    }
    await settled(folder, 60_000);

    const { exit, out } = leftoff(["doctor", "--json"]);
    const { checks } = JSON.parse(out) as { checks: { name: string; ok: boolean; detail: string }[] };
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(exit).toBe(0);
  },
);

built("the plugin makes no data folder where the environment leads to none of one's own", () => {
  const before = treeOf(project);
  for (const env of [
    { HOME: "" },
    { HOME: "own" },
    { HOME: folder, XDG_DATA_HOME: "data" },
    { HOME: folder, LEFTOFF_HOME: "data" },
  ]) {
    const ran = spawnSync("/bin/sh", ["-c", '[ -r "$0" ] && . "$0"; exit 0', PLUGIN_ANSWER, "SessionStart"], {
      cwd: project,
      env: { PATH: process.env.PATH, CLAUDE_PLUGIN_ROOT: join(DIST, "..", "plugin"), ...env },
      input: `${JSON.stringify({ session_id: CONVERSATION, cwd: project, hook_event_name: "SessionStart", source: "startup" })}\n`,
      encoding: "utf8",
    });
    expect([env, ran.status, ran.stderr]).toEqual([env, 0, ""]);
  }
  expect(treeOf(project)).toEqual(before);
});

// Root may write everywhere, so another user tries.
const NOBODY = 65_534;
const asNobody = test.skipIf(process.getuid?.() !== 0 || !existsSync(join(DIST, "main.js")));
/** No user database has it. */
const UNKNOWN = 54_321;

asNobody(
  "a user whom the system does not know has leftoff by LEFTOFF_HOME, and without a home is told so",
  () => {
    chmodSync(folder, 0o755);
    mkdirSync(home);
    for (const path of [home, project]) chownSync(path, UNKNOWN, UNKNOWN);
    const env = { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: "1" };
    const as = (extra: NodeJS.ProcessEnv, ...argv: readonly string[]) =>
      spawnSync(process.execPath, [join(DIST, "main.js"), ...argv], {
        cwd: project,
        env: { ...env, ...extra },
        uid: UNKNOWN,
        gid: UNKNOWN,
        encoding: "utf8",
      });

    const homeless = as({}, "status");
    expect(homeless.status).toBe(2);
    expect(homeless.stderr).toContain("this user has no home folder");
    expect(homeless.stderr.split("\n")).toHaveLength(3);
    expect(as({}, "doctor").status).toBe(2);
    const own = { LEFTOFF_HOME: home };
    expect(as(own, "new", "Login form")).toMatchObject({ status: 0, stderr: "" });
    expect(as(own, "note", "next", "Rotate tokens")).toMatchObject({ status: 0, stderr: "" });
    expect(as(own, "doctor").status).toBe(1);
    expect(as({ LEFTOFF_HOME: "data" }, "status").status).toBe(2);
    expect(existsSync(join(project, "data"))).toBe(false);
  },
);

asNobody.each([
  ["settings that are somebody else's", LOCAL],
  ["a folder that is somebody else's", ".claude"],
  ["a .gitignore that is somebody else's", ".gitignore"],
])("%s: a clear error, and nothing is changed", (_what, foreign) => {
  chmodSync(folder, 0o755);
  mkdirSync(home);
  for (const path of [
    home,
    project,
    join(project, ".claude"),
    join(project, LOCAL),
    join(project, ".gitignore"),
  ])
    chownSync(path, NOBODY, NOBODY);
  chownSync(join(project, foreign), 0, 0);
  const before = treeOf(project);

  const { exit, err } = leftoff(["init"], { uid: NOBODY, env: { GIT_CONFIG_NOSYSTEM: "1" } });

  expect({ exit, err }).toMatchObject({
    exit: 6,
    err: expect.stringContaining(join(project, foreign === ".claude" ? LOCAL : foreign)),
  });
  expect(err.split("\n")).toHaveLength(3);
  expect(treeOf(project)).toEqual(before);
  expect(existsSync(join(home, "bin"))).toBe(false);
});

built(
  "hooks that run while the program is upgraded again and again exit 0, say nothing and miss no script",
  async () => {
    const versions = ["one", "two"].map((name) => {
      const dist = join(folder, name);
      cpSync(DIST, dist, { recursive: true });
      const hook = readFileSync(join(dist, "hook.cjs"), "utf8");
      writeFileSync(join(dist, "hook.cjs"), `${hook}\n// ${name}\n`);
      return dist;
    });
    leftoff(["init"], { dist: versions[0] ?? "" });
    const hooks = hooksOf(join(project, LOCAL)).filter(
      ({ event }) => event === "SessionStart" || event === "Stop",
    );
    let upgrading = true;
    const results: (readonly [number | null, string])[] = [];
    const worker = async (): Promise<void> => {
      while (upgrading) {
        for (const { command, args } of hooks) results.push(await hookRun(command, args));
      }
    };
    const running = worker();

    for (let upgrade = 1; upgrade <= 2; upgrade += 1) {
      const dist = versions[upgrade % 2] ?? "";
      const code = await new Promise((settle) => {
        spawn(process.execPath, [join(dist, "main.js"), "init"], {
          cwd: project,
          env: environment(),
          stdio: "ignore",
        }).on("close", settle);
      });
      expect(code).toBe(0);
    }
    upgrading = false;
    await running;

    expect(results.length).toBeGreaterThan(2);
    expect(results.filter(([code, err]) => code !== 0 || err !== "")).toEqual([]);
    const failures = join(home, "state", "hook-failures.jsonl");
    expect(existsSync(failures) ? readFileSync(failures, "utf8") : "").toBe("");
  },
);

interface Hook {
  readonly event: string;
  readonly command: string;
  readonly args: readonly string[];
}

function hooksOf(path: string): readonly Hook[] {
  const text = readFileSync(path, "utf8").replaceAll(/^\s*\/\/.*$/gm, "");
  const { hooks } = JSON.parse(text) as { hooks: { [event: string]: { hooks: Omit<Hook, "event">[] }[] } };
  return Object.entries(hooks).flatMap(([event, groups]) =>
    groups.flatMap((group) => group.hooks.map((hook) => ({ event, ...hook }))),
  );
}

function hookRun(command: string, args: readonly string[]): Promise<readonly [number | null, string]> {
  const child = spawn(command, args, { cwd: project, env: environment(), stdio: ["pipe", "ignore", "pipe"] });
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(
    `${JSON.stringify({ session_id: CONVERSATION, cwd: project, hook_event_name: "SessionStart", source: "startup" })}\n`,
  );
  return new Promise((settle) => child.on("close", (code) => settle([code, err])));
}
