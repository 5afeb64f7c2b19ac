import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { scriptsFor } from "../src/app/init/scripts.ts";
import { SESSION_ACTIONS } from "../src/app/session.input.ts";
import { partOf } from "../src/app/show-session.input.ts";
import { COMMANDS } from "../src/cli/vocabulary.ts";
import { TEMPLATES } from "../src/document/templates.ts";
import { INSTRUCTIONS } from "../src/mcp/listing.ts";
import { getPrompt } from "../src/mcp/prompts.ts";
import { TOOLS } from "../src/mcp/tools.ts";
import { estimateTokens } from "../src/recall/tokens.ts";
import { HORIZONS, NOTE_FIELDS, NOTE_KINDS } from "../src/session/note.ts";
import { type AppBox, makeAppBox } from "./app-box.ts";

// What leftoff may ask of an agent, and how often. What it may ask of a person is in test/e2e: nothing.

const PLUGIN = join(import.meta.dirname, "..", "plugin");
const CONVERSATION = "aaaaaaaa-0000-4000-8000-000000000001";
const folder = mkdtempSync(join(tmpdir(), "leftoff-manners-"));
const home = join(folder, "leftoff");
const NUDGES = { init: join(folder, "nudge"), plugin: join(PLUGIN, "hooks", "nudge") } as const;
const NOTICE = JSON.stringify({
  hookSpecificOutput: { hookEventName: "UserPromptSubmit", additionalContext: "Record what is only in it." },
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(join(home, "state", "nudge"), { recursive: true });
  mkdirSync(join(folder, "path"), { recursive: true });
  // In place of the ingest, which is no matter here.
  writeFileSync(join(folder, "path", "node"), "#!/bin/sh\n", { mode: 0o755 });
  const { nudge } = scriptsFor(home, { folder: "", version: "1", node: "/bin/true" }, "/nowhere");
  writeFileSync(NUDGES.init, nudge ?? "");
});

function waits(): void {
  writeFileSync(join(home, "state", "nudge", `${CONVERSATION}.json`), `${NOTICE}\n`);
}

/** What a hook prints, which for `Stop` would be a reason to go on. */
function says(who: keyof typeof NUDGES, event: string): string {
  const env = {
    PATH: `${join(folder, "path")}:/usr/bin:/bin`,
    HOME: folder,
    LEFTOFF_HOME: home,
    CLAUDE_CODE_SESSION_ID: CONVERSATION,
    CLAUDE_PLUGIN_ROOT: PLUGIN,
  };
  const entry = ["-c", '[ -r "$0" ] && . "$0"; exit 0', NUDGES[who], event];
  const ran = spawnSync("/bin/sh", entry, { env, encoding: "utf8", input: "{}\n" });
  expect([ran.status, ran.stderr]).toEqual([0, ""]);
  return ran.stdout;
}

test.each(["init", "plugin"] as const)("no hook of %s keeps an agent from stopping", (who) => {
  waits();
  for (const event of ["Stop", "StopFailure", "SubagentStop", "SessionEnd"])
    expect(says(who, event)).toBe("");
});

test.each(["init", "plugin"] as const)("what %s asks for is asked once in a conversation", (who) => {
  waits();
  const said = [1, 2, 3].map(() => says(who, "UserPromptSubmit"));
  expect(said).toEqual([`${NOTICE}\n`, "", ""]);
});

test("guesses are settled in one call, and saying so costs each conversation at most 30 tokens", () => {
  const sentence = INSTRUCTIONS.split(". ").at(-1) ?? "";
  expect(sentence).toMatch(/^At natural breaks.*guesses in one call of `notes`/);
  expect(estimateTokens(sentence)).toBeLessThanOrEqual(30);
});

/** The kinds that a wrap-up is asked to note, as it names them. */
const ASKED = ["next", "learning", "solution"];

test("a wrap-up asks for what was learned and the next action, whichever door it comes through", async () => {
  const box: AppBox = makeAppBox();
  try {
    const prompt = await getPrompt(box.app, "wrap-up", undefined);
    const [message] = prompt?.messages ?? [];
    const texts = [
      readFileSync(join(PLUGIN, "commands", "wrap-up.md"), "utf8"),
      message?.content.type === "text" ? message.content.text : "",
    ];
    for (const text of texts) {
      for (const kind of ASKED) expect(text).toMatch(new RegExp(`(?:\`${kind}\`|kind ${kind}\\b)`));
      expect(text).toMatch(/in one (?:`notes` call|call of `notes`)/i);
    }
  } finally {
    box.dispose();
  }
});

const TEXTS: readonly (readonly [name: string, text: string])[] = [
  ["skills/leftoff/SKILL.md", readFileSync(join(PLUGIN, "skills", "leftoff", "SKILL.md"), "utf8")],
  ...readdirSync(join(PLUGIN, "commands")).map(
    (name) => [`commands/${name}`, readFileSync(join(PLUGIN, "commands", name), "utf8")] as const,
  ),
];
/** What stands between backticks: names, and calls as they are typed. */
const spansOf = (text: string) => [...text.matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span);

test.each(TEXTS)("every command and option that %s names is there", (_, text) => {
  const calls = spansOf(text).filter((span) => span.startsWith("leftoff "));
  for (const call of calls) {
    const [, name, ...rest] = call.split(" ");
    const command = COMMANDS.find((known) => known.name === name || known.aliases?.includes(name ?? ""));
    const known = (command?.options ?? []).flatMap(([flags]) => flags.match(/--[a-z-]+/g) ?? []);
    expect(command, call).toBeDefined();
    for (const option of rest.filter((word) => word.startsWith("--"))) expect(known, call).toContain(option);
  }
});

test.each(TEXTS)("every tool, kind, field, action and part that %s names is there", (_, text) => {
  const names = new Set<string>([
    ...TOOLS.map(({ name }) => name),
    ...NOTE_KINDS,
    ...NOTE_FIELDS,
    ...HORIZONS,
    ...SESSION_ACTIONS,
    // Arguments of the tools themselves.
    ...["fields", "template", "done"],
  ]);
  const spans = spansOf(text).filter((span) => /^[a-z_.]+(?: \d\w*)?$/.test(span));
  const strange = spans.filter(
    (span) => !names.has(span.replace(/^fields\./, "")) && partOf(span) === undefined,
  );
  expect(strange).toEqual([]);
});

test("the templates that the skill names are those there are", () => {
  const [, text = ""] = TEXTS[0] ?? [];
  const named = /`template` \(([a-z, ]+), or/.exec(text)?.[1]?.split(", ");
  expect(named).toEqual(TEMPLATES.map(({ name }) => name).sort());
});
