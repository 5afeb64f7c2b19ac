import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { put } from "../../../test/machine-box.ts";
import { openTerminal, type Terminal } from "../../../test/terminal.ts";

// doctor and uninstall on a machine whose agent has the plugin, by the records that the agent keeps.

let terminal: Terminal;
let folder = "";
beforeEach(() => {
  terminal = openTerminal();
  folder = join(terminal.box.folder, "package", "plugin");
});
afterEach(() => terminal.dispose());

function havePlugin(version = "1.2.3", scope = "user"): void {
  const { box } = terminal;
  const config = join(box.folder, ".claude");
  const record = { scope, projectPath: box.project, installPath: folder, version };
  put(
    join(config, "plugins", "installed_plugins.json"),
    JSON.stringify({ version: 2, plugins: { "leftoff@leftoff": [record] } }),
  );
  put(join(config, "settings.json"), JSON.stringify({ enabledPlugins: { "leftoff@leftoff": true } }));
  put(join(folder, ".claude-plugin", "plugin.json"), JSON.stringify({ name: "leftoff", version }));
  for (const name of [
    "hook.cjs",
    "front.cjs",
    "engine.cjs",
    "packing.cjs",
    "leftoff.cjs",
    "status.cjs",
    "status-whole.cjs",
    "main.js",
  ])
    put(join(folder, "dist", name), "// the program\n");
}

async function checks(): Promise<readonly (readonly [name: unknown, ok: unknown, detail: unknown])[]> {
  const { checks } = (await terminal.json("doctor")) as unknown as {
    readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
  };
  return checks
    .filter(({ name }) => name === "hooks" || name === "plugin")
    .map(({ name, ok, detail }) => [name, ok, detail]);
}

test("where only the plugin is, all is well before the first conversation and after it", async () => {
  havePlugin();
  const well = [
    ["hooks", true, `those of the plugin, ${folder}`],
    ["plugin", true, `plugin leftoff@leftoff 1.2.3 (user scope), ${folder}`],
  ];

  expect((await terminal.run("doctor")).exit).toBe(0);
  expect(await checks()).toEqual(well);
  await terminal.run("note", "next", "Rotate tokens");
  expect((await terminal.run("doctor")).exit).toBe(0);
  expect(await checks()).toEqual(well);
});

test("a plugin without programs is found, and what to do about it", async () => {
  havePlugin();
  rmSync(join(folder, "dist"), { recursive: true });

  const { exit, out } = await terminal.run("doctor");

  expect(exit).toBe(1);
  expect(out).toContain(
    "FAIL  plugin       The plugin leftoff@leftoff 1.2.3 (user scope) has no programs in ~/package/plugin",
  );
  expect(out).toContain("npm ci && npm run build");
});

test("an older plugin beside init: who runs, and how it is updated", async () => {
  havePlugin("1.0.9");
  await terminal.run("init");

  const { exit, out } = await terminal.run("doctor");

  expect(exit).toBe(0);
  expect(out).toContain("(user scope) is older than leftoff 1.2.3 here.");
  expect(out).toContain("`claude plugin update leftoff@leftoff`");
  expect(out).toContain("settings.local.json: those do the work, and the plugin's keep still.");
});

test.each([
  [["uninstall"], " and goes on; "],
  [["uninstall", "--purge"], " and goes on, with new records; "],
])("%j says that the plugin is still there, and what takes it out", async (argv, words) => {
  havePlugin("1.2.3", "project");
  await terminal.run("init");

  const { out } = await terminal.run(...argv);

  expect(out).toContain(
    `The plugin leftoff@leftoff 1.2.3 (project scope of ${terminal.box.project}) is still installed${words}` +
      "`claude plugin uninstall leftoff@leftoff --scope project` takes it out.",
  );
  expect(await terminal.json(...argv)).toMatchObject({
    plugins: [
      {
        name: "leftoff@leftoff",
        scope: "project",
        project: terminal.box.project,
        remove: "claude plugin uninstall leftoff@leftoff --scope project",
      },
    ],
  });
});
