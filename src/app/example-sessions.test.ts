import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openTerminal } from "../../test/terminal.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url);
const NAMES = readdirSync(EXAMPLES).filter((name) => name.endsWith("-session.tmp"));

test("a worked example copied among the documents is a session that `lint` has nothing to say about", async () => {
  expect(NAMES).toHaveLength(5);
  for (const name of NAMES) {
    const terminal = openTerminal();
    const { box } = terminal;
    await terminal.run("init");
    const text = readFileSync(new URL(name, EXAMPLES), "utf8");
    const path = join(box.project, ".claude/sessions", `2026-01-25-${name}`);
    box.write(path, text);

    expect((await terminal.run("ingest")).err).toBe("");
    const { sessions } = (await terminal.json("list", "--all")) as {
      readonly sessions: readonly { readonly document: string; readonly title: string }[];
    };
    expect(sessions.map(({ document }) => document)).toEqual([path]);
    expect(text).toContain(`# Session State: ${sessions[0]?.title}\n`);
    expect(await terminal.json("lint", "session")).toMatchObject({ findings: [], fixed: [] });

    // What leftoff keeps itself (the day, what is expected next) may be added; nothing of the person's is lost or moved.
    const kept = box.read(path).split("\n");
    const theirs = text.split("\n").filter((line) => !line.startsWith("**Updated**"));
    let from = 0;
    for (const line of theirs) {
      const at = kept.indexOf(line, from);
      expect(at, `${name}: ${line}`).toBeGreaterThanOrEqual(from);
      from = at + 1;
    }
    terminal.dispose();
  }
});
