import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { put } from "../../test/machine-box.ts";
import { findPrintedBrief } from "../../test/printed-brief.ts";
import { openTerminal, type Terminal } from "../../test/terminal.ts";
import type { App } from "./app.ts";
import { hereAt } from "./here.ts";
import { isNotedByTool } from "./note-tool.ts";
import { prepareBrief } from "./prepare-brief.ts";

// Where init was run, an agent may run `leftoff note` without asking; where there is only the plugin, it has a tool for it.

let terminal: Terminal;
beforeEach(() => {
  terminal = openTerminal();
});
afterEach(() => terminal.dispose());

const byTool = async (app: App = terminal.box.app) => isNotedByTool(app, await hereAt(app, app.cwd));
const lastLine = async () => {
  const { text } = (await terminal.json("brief")) as { readonly text: string };
  return text.split("\n").find((line) => line.startsWith("More: "));
};

test("where init was run, the command is named, and where it was run nowhere, the tool", async () => {
  await terminal.run("new", "Refresh tokens");
  expect(await byTool()).toBe(true);
  expect(await lastLine()).toContain("to record: its tool `note`");

  await terminal.run("init");
  expect(await byTool()).toBe(false);
  expect(await lastLine()).toContain("to record: `leftoff note ");

  await terminal.run("uninstall");
  expect(await byTool()).toBe(true);
});

test("the plugin's own hooks name the tool, wherever else init was run", async () => {
  const { box } = terminal;
  put(join(box.app.home, "bin", "nudge"), "");
  expect(await byTool()).toBe(false);
  expect(await byTool({ ...box.app, env: { ...box.app.env, LEFTOFF_PLUGIN_BIN: "/p/bin" } })).toBe(true);
});

test("a brief that is ready is made again once init came or went", async () => {
  const { app, project } = terminal.box;
  await terminal.run("new", "Refresh tokens");
  const here = await hereAt(app, project);
  await prepareBrief(app, here);
  const isReady = () => findPrintedBrief(app.home, here.root, app.clock.nowMs()) !== undefined;
  expect(isReady()).toBe(true);

  put(join(app.home, "bin", "nudge"), "");
  expect(isReady()).toBe(false);
  await prepareBrief(app, here);
  rmSync(join(app.home, "bin", "nudge"));
  expect(isReady()).toBe(false);
});
