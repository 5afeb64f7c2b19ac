import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTerminal, type Terminal } from "../../test/terminal.ts";
import { SKILL_DESCRIPTION } from "../agent/claude/plugin-text.ts";
import { BRIEF_TOKENS_MAX, START_TOKENS_MAX } from "../base/limits.ts";
import { openSetup } from "../compose-setup.ts";
import { mcpListing } from "../mcp/listing.ts";
import { newSession } from "./new-session.ts";
import { addNote } from "./note.ts";
import { type Cost, overheadHere } from "./overhead.ts";

const PLUGIN = join(import.meta.dirname, "..", "..", "plugin");

let terminal: Terminal;
beforeEach(() => {
  terminal = openTerminal();
});
afterEach(() => terminal.dispose());

const overhead = () =>
  overheadHere(terminal.box.app, { setup: openSetup(), listing: mcpListing() }, { session: undefined });

/** More notes than a brief has room for. */
async function fillBrief(): Promise<void> {
  const { app } = terminal.box;
  await newSession(app, { title: "Refresh token rotation" });
  for (let number = 0; number < 40; number += 1) {
    const kind = (["next", "failed", "decision", "finding"] as const)[number % 4] ?? "next";
    const text = `Number ${number}: ${"rotation of tokens under load ".repeat(1 + (number % 3))}`;
    await addNote(app, { kind, text, fields: { why: "two tabs refresh at once" } });
  }
}

test("with a full brief leftoff adds at most 2,500 tokens to the start of a conversation", async () => {
  await fillBrief();

  const { brief, start, startWithSearch } = await overhead();

  expect(brief.tokens).toBeGreaterThan(BRIEF_TOKENS_MAX * 0.9);
  expect(start.tokens).toBeLessThanOrEqual(START_TOKENS_MAX);
  expect(start.tokensMax).toBeLessThanOrEqual(START_TOKENS_MAX);
  expect(startWithSearch.tokensMax).toBeLessThanOrEqual(START_TOKENS_MAX - 500);
});

test("the sums are of their parts, and no part costs more than it may", async () => {
  await fillBrief();
  const { session, limitTokens, start, startWithSearch, notice, otherTools, otherNames, ...parts } =
    await overhead();

  expect(session).toContain("rotation");
  expect(limitTokens).toBe(START_TOKENS_MAX);
  for (const sum of ["tokens", "tokensMax"] as const) {
    const always = Object.values(parts as { [part: string]: Cost }).reduce(
      (total, cost) => total + cost[sum],
      0,
    );
    expect(start[sum]).toBe(always + otherTools[sum]);
    expect(startWithSearch[sum]).toBe(always + otherNames[sum]);
  }
  for (const { tokens, tokensMax } of [...Object.values(parts as { [part: string]: Cost }), notice])
    expect(tokens).toBeLessThanOrEqual(tokensMax);
});

test("where no session is, there is no brief to pay for", async () => {
  expect(await overhead()).toMatchObject({ session: undefined, brief: { tokens: 0 } });
});

test("what is counted of the plugin is what the plugin has", () => {
  const skill = readFileSync(join(PLUGIN, "skills/leftoff/SKILL.md"), "utf8");
  expect(skill.split("\n").slice(0, 4)).toEqual([
    "---",
    "name: leftoff",
    `description: ${SKILL_DESCRIPTION}`,
    "---",
  ]);
  expect(readdirSync(join(PLUGIN, "skills"))).toEqual(["leftoff"]);
  for (const name of readdirSync(join(PLUGIN, "commands"))) {
    const [, heading = ""] = readFileSync(join(PLUGIN, "commands", name), "utf8").split("---\n");
    expect(heading, name).toContain("\ndisable-model-invocation: true\n");
  }
  const { mcpServers } = JSON.parse(readFileSync(join(PLUGIN, ".mcp.json"), "utf8"));
  expect(mcpServers).toEqual({
    leftoff: { command: "/bin/sh", args: [expect.any(String), "mcp", "--no-resources"] },
  });
});

test("the figures are printed for a person, and without the option there are those of the work", async () => {
  await fillBrief();

  const { out, exit } = await terminal.run("stats", "--overhead");
  const work = await terminal.run("stats");

  expect(exit).toBe(0);
  expect(out).toMatch(/^\d+ +\d+ +brief of 2026-01-25-refresh-token-rotation$/m);
  expect(out).toMatch(/^0 +0 +slash commands/m);
  expect(out).toMatch(/^\d+ +\d+ +at the start of a conversation.*2500/m);
  expect(work.exit).toBe(0);
  expect(work.out).not.toContain("brief");
});
