import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { treeOf } from "../../test/machine-box.ts";
import { openTerminal, type Terminal } from "../../test/terminal.ts";

let terminal: Terminal;
beforeEach(() => {
  terminal = openTerminal();
});
afterEach(() => terminal.box.dispose());

const SETTINGS = {
  codex: ".codex/config.toml",
  gemini: ".gemini/settings.json",
  opencode: ".config/opencode/opencode.json",
} as const;
const INSTRUCTIONS = { codex: "AGENTS.md", gemini: "GEMINI.md", opencode: "AGENTS.md" } as const;

/** All but what is leftoff's own. */
function tree(): readonly string[] {
  return treeOf(terminal.box.folder).filter((line) => !line.startsWith("leftoff"));
}

test.each(["codex", "gemini", "opencode"] as const)(
  "%s: its MCP server is registered once, and all of it goes",
  async (agent) => {
    const { box } = terminal;
    const text = agent === "codex" ? 'model = "m" # mine\r\n' : '{ "theme": 1 /* mine */ }\n';
    box.write(join(box.folder, SETTINGS[agent]), text);
    box.write(join(box.project, INSTRUCTIONS[agent]), "# Project");
    const before = tree();

    const dry = await terminal.run("init", "--agent", agent, "--mcp-only", "--dry-run");
    expect(tree()).toEqual(before);
    expect(dry).toMatchObject({ exit: 0 });
    const ran = await terminal.run("init", "--agent", agent, "--mcp-only");
    expect(ran).toMatchObject({ exit: 0 });
    expect(box.read(join(box.folder, SETTINGS[agent]))).toContain(join(box.app.home, "bin", "leftoff"));
    expect(box.read(join(box.project, INSTRUCTIONS[agent]))).toContain("`brief` tool");
    expect(existsSync(join(box.project, ".claude", "settings.local.json"))).toBe(false);
    const set = tree();
    await terminal.run("init", "--agent", agent, "--mcp-only");
    expect(tree()).toEqual(set);

    expect(await terminal.run("uninstall")).toMatchObject({ exit: 0 });
    expect(tree()).toEqual(before);
  },
);

test("a file that was not there goes again, and one that can't be read stops everything", async () => {
  const { box } = terminal;
  const before = tree();
  await terminal.run("init", "--agent", "codex", "--mcp-only");
  await terminal.run("uninstall");
  expect(tree()).toEqual(before);

  box.write(join(box.folder, SETTINGS.codex), "[mcp_servers.leftoff]\n");
  const refused = await terminal.run("init", "--agent", "codex", "--mcp-only");
  expect(refused.exit).not.toBe(0);
  expect(refused.err).toContain(join(box.folder, SETTINGS.codex));
  expect(existsSync(join(box.project, "AGENTS.md"))).toBe(false);
});

test("another agent needs --mcp-only, and claude does not have it", async () => {
  expect(await terminal.run("init", "--agent", "codex")).toMatchObject({ exit: 2 });
  expect(await terminal.run("init", "--mcp-only")).toMatchObject({ exit: 2 });
  expect(await terminal.run("init", "--agent", "cursor", "--mcp-only")).toMatchObject({ exit: 3 });
});
