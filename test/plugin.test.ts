import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { type HookEntries, hookEntries, type SettingsScope } from "../src/agent/claude/settings.ts";
import { claudeSetup } from "../src/agent/claude/setup.ts";
import { scriptsFor } from "../src/app/init/scripts.ts";

// Hooks of settings files and of the plugin, as the agent starts them: all that match, with the env of the narrowest file.

const ROOT = join(import.meta.dirname, "..");
const PLUGIN = join(ROOT, "plugin");
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
const folder = mkdtempSync(join(tmpdir(), "leftoff-plugin-"));
const data = join(folder, "data");
const home = join(data, "leftoff");
const binFolder = join(home, "bin");
const log = join(folder, "log");

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(home, "state"), { recursive: true });
  mkdirSync(join(folder, "path"));
  // Stand-ins for node, which write down whose script started them.
  program(join(folder, "node-of-init"), `echo settings >>'${log}'`);
  program(join(folder, "path", "node"), `echo plugin >>'${log}'`);
});

type Who = SettingsScope | "plugin";
const NARROWEST_FIRST: readonly SettingsScope[] = ["local", "project", "user"];

function program(path: string, line: string): void {
  writeFileSync(path, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
}

function installScripts(): void {
  const node = join(folder, "node-of-init");
  const scripts = scriptsFor(home, { folder: "", version: "0.1.0", node }, join(home, "runtime", "0.1.0-x"));
  mkdirSync(binFolder, { recursive: true });
  for (const [name, text] of Object.entries(scripts))
    writeFileSync(join(binFolder, name), text, { mode: 0o700 });
}

function variableOf(scope: SettingsScope): string {
  const { text } = claudeSetup.install(undefined, { scope, binFolder });
  return (JSON.parse(text) as { env: { LEFTOFF_HOOKS: string } }).env.LEFTOFF_HOOKS;
}

function entryOf(who: Who, event: string): HookEntries[number]["handler"] {
  if (who !== "plugin") {
    const entry = hookEntries({ scope: who, binFolder }).find((each) => each.event === event);
    if (entry === undefined) throw new Error(`no hook for ${event}`);
    return entry.handler;
  }
  const { hooks } = JSON.parse(readFileSync(join(PLUGIN, "hooks/hooks.json"), "utf8")) as PluginHooks;
  const handler = hooks[event]?.[0]?.hooks[0];
  if (handler === undefined) throw new Error(`no hook for ${event}`);
  const args = handler.args?.map((arg) => arg.replace("$" + "{CLAUDE_PLUGIN_ROOT}", PLUGIN)) ?? [];
  return { ...handler, args };
}

interface PluginHooks {
  readonly hooks: {
    readonly [event: string]: readonly {
      readonly matcher?: string;
      readonly hooks: readonly HookEntries[number]["handler"][];
    }[];
  };
}

/** Runs the hooks of everybody who has some, with what the agent makes of their settings. @returns who did the work. */
function answer(everybody: readonly Who[], env: { readonly [name: string]: string } = {}): readonly string[] {
  const narrowest = NARROWEST_FIRST.find((scope) => everybody.includes(scope));
  const variable = narrowest === undefined ? {} : { LEFTOFF_HOOKS: variableOf(narrowest) };
  for (const who of everybody) runHook(who, "SessionStart", { ...variable, ...env });
  return existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
}

function runHook(who: Who, event: string, env: { readonly [name: string]: string }): string {
  const { command, args } = entryOf(who, event);
  const own = who === "plugin" ? { CLAUDE_PLUGIN_ROOT: PLUGIN } : {};
  const whole = { PATH: join(folder, "path"), HOME: folder, XDG_DATA_HOME: data, ...own, ...env };
  const run = args === undefined ? (["/bin/sh", ["-c", command]] as const) : ([command, args] as const);
  return execFileSync(run[0], run[1], { env: whole, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
}

const EVERYBODY: readonly (readonly Who[])[] = [
  ["local"],
  ["project"],
  ["user"],
  ["project", "user"],
  ["local", "project", "user"],
];

test.each(EVERYBODY.map((scopes) => [scopes.join(", "), scopes] as const))(
  "of hooks in settings of scope %s, with the plugin or without, one does the work",
  (_, scopes) => {
    installScripts();
    expect(answer(scopes)).toEqual(["settings"]);
    rmSync(log);
    expect(answer([...scopes, "plugin"])).toEqual(["settings"]);
    rmSync(log);
    expect(answer(["plugin", ...[...scopes].reverse()])).toEqual(["settings"]);
  },
);

test("the plugin does the work where no settings have hooks", () => {
  installScripts();
  expect(answer(["plugin"])).toEqual(["plugin"]);
});

test.each(EVERYBODY.map((scopes) => [scopes.join(", "), scopes] as const))(
  "the plugin does the work where the scripts of settings of scope %s are not there",
  (_, scopes) => {
    expect(answer([...scopes, "plugin"])).toEqual(["plugin"]);
  },
);

test("hooks of an older version, which name no scope, leave it to those of this one", () => {
  installScripts();
  const old = entryOf("user", "SessionStart");
  const args = old.args?.slice(0, -1) ?? [];
  const env = { PATH: "", HOME: folder, XDG_DATA_HOME: data };

  execFileSync(old.command, args, { env: { ...env, LEFTOFF_HOOKS: variableOf("local") }, stdio: "ignore" });
  expect(existsSync(log)).toBe(false);
  execFileSync(old.command, args, { env, stdio: "ignore" });
  expect(readFileSync(log, "utf8")).toBe("settings\n");
});

test("settings that name a data folder of their own are found where nobody else knows of it", () => {
  installScripts();
  const elsewhere = { XDG_DATA_HOME: join(folder, "elsewhere") };

  expect(answer(["local", "plugin"], elsewhere)).toEqual(["settings"]);
  rmSync(log);
  expect(answer(["project", "user"], elsewhere)).toEqual(["settings"]);
});

test.each(["UserPromptSubmit", "Stop", "StopFailure", "SubagentStop", "SessionEnd"])(
  "%s leaves one line in the spool, whoever is there",
  (event) => {
    installScripts();
    const env = { LEFTOFF_HOOKS: variableOf("project"), CLAUDE_CODE_SESSION_ID: "5f7cfb2e" };
    for (const who of ["project", "user", "plugin"] as const) runHook(who, event, env);

    expect(readFileSync(join(home, "state", "spool"), "utf8")).toBe(`${event} 5f7cfb2e\n`);
  },
);

test.each(["LEFTOFF_OFF", "off"])("the plugin's hooks keep still where capture is off (%s)", (how) => {
  if (how === "off") writeFileSync(join(home, "off"), "");
  expect(answer(["plugin"], how === "off" ? {} : { LEFTOFF_OFF: "1" })).toEqual([]);
});

test("the plugin's hooks are those of the settings, and one that allows its own tools", () => {
  const { hooks } = JSON.parse(readFileSync(join(PLUGIN, "hooks/hooks.json"), "utf8")) as PluginHooks;
  const events = hookEntries({ scope: "local", binFolder }).map(({ event }) => event);
  expect(Object.keys(hooks).sort()).toEqual([...events, "PreToolUse"].sort());
  for (const { event, handler } of hookEntries({ scope: "local", binFolder })) {
    const own = hooks[event]?.[0]?.hooks[0];
    expect(own?.timeout).toBe(handler.timeout);
    expect(own?.args?.[2]?.split("/").at(-1)).toBe(handler.args?.[2]?.split("/").at(-1));
  }
});

test("the plugin's scripts do what those of init do: every line of theirs that names no place of its own is in them", () => {
  installScripts();
  for (const name of ["nudge", "answer"]) {
    const own = readFileSync(join(PLUGIN, "hooks", name), "utf8").split("\n");
    const theirs = readFileSync(join(binFolder, name), "utf8").split("\n");
    const ofAPlace = (line: string) =>
      line.startsWith("#") || line.includes(folder) || /^'' \| |XDG_DATA_HOME/.test(line);
    expect(theirs.filter((line) => !ofAPlace(line) && !own.includes(line))).toEqual([]);
  }
});

test("the hook that allows answers for tools of ours that read and write records, and for no others", () => {
  const { hooks } = JSON.parse(readFileSync(join(PLUGIN, "hooks/hooks.json"), "utf8")) as PluginHooks;
  const tools = hooks.PreToolUse?.[0]?.matcher?.split("|") ?? [];
  expect(tools.every((tool) => tool.startsWith("mcp__plugin_leftoff_leftoff__"))).toBe(true);
  expect(tools.filter((tool) => /__(?:run|task|restore)/.test(tool))).toEqual([]);
  expect(JSON.parse(runHook("plugin", "PreToolUse", {}))).toMatchObject({
    hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision: "allow" },
  });
});

test("the plugin has the version of the package", () => {
  const plugin = JSON.parse(readFileSync(join(PLUGIN, ".claude-plugin/plugin.json"), "utf8")) as object;
  expect(plugin).toMatchObject({ name: "leftoff", version: manifest.version });
});
