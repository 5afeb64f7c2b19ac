import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { conversationRecords } from "../../test/app-box.ts";
import { openTerminal, type Terminal } from "../../test/terminal.ts";
import type { ConversationId } from "../base/id.ts";
import { COMMANDS } from "./vocabulary.ts";

// What --json prints, command by command, over one small story. Programs build on these documents: a member may be added,
// none may change its meaning without another number in `schema`. UPDATE_GOLDEN=1 rewrites them.

const FIXTURES = new URL("../../test/fixtures/cli/", import.meta.url);
const CONVERSATION = "5f7cfb2e-8f0c-4c7e-9d5a-3a7d4d1c0b11" as ConversationId;

/** An editor that adds two lines and is closed. */
const EDITOR = "printf '\\n## Key Learnings\\n- Forms need labels\\n' >>";

/** Command lines in the order they are typed, by the name of their golden file. */
const STORY: readonly (readonly [name: string, ...argv: string[]])[] = [
  ["list-empty", "list"],
  ["init-dry-run", "init", "--dry-run"],
  ["init", "init"],
  ["ingest", "ingest"],
  ["new", "new", "Refresh token rotation"],
  ["note", "note", "failed", "Tokens in localStorage", "--why", "any script can read them"],
  ["note-next", "note", "next", "Rotate refresh tokens", "--priority", "high"],
  ["notes", "notes"],
  ["status", "status"],
  ["show", "show"],
  ["brief", "brief"],
  ["context", "context"],
  ["context-log", "context", "--log"],
  ["block", "block", "waiting for the security review"],
  ["reopen", "reopen"],
  ["pause", "pause"],
  ["switch", "switch", "login"],
  ["complete", "complete"],
  ["cancel", "cancel", "the library does it", "--session", "refresh"],
  ["list-all", "list", "--all"],
  ["log", "log", "--session", "refresh"],
  ["archive", "archive", "login"],
  ["unarchive", "unarchive", "login"],
  ["handoff", "handoff", "@bob", "--session", "refresh"],
  ["resume", "resume", ".claude/sessions/2026-01-25-refresh-token-rotation-handoff.md"],
  ["board", "board", "--as", "ada"],
  ["undo", "undo", "--dry-run"],
  ["search", "notes", "--search", "form", "--all"],
  ["off", "off", "--here"],
  ["on", "on", "--here"],
  ["config-get", "config", "get"],
  ["config-set", "config", "set", "context.warnAtPercent", "70"],
  ["doctor", "doctor"],
  ["repair", "repair"],
  ["memory-init", "memory", "init", "--session", "refresh"],
  ["memory-checkpoint", "memory", "checkpoint", "--completed", "files 1-150 of 500", "--session", "refresh"],
  ["memory", "memory", "--session", "refresh"],
  ["memory-list", "memory", "list"],
  ["overhead", "stats", "--overhead", "--session", "login"],
  ["stats", "stats"],
  ["stats-session", "stats", "login"],
  ["stats-week", "stats", "--week"],
  ["partition-add", "partition", "add", "backend", "src/server/**", "--context", "docs/backend.md"],
  ["partition", "partition"],
  ["summary", "summary", "login", "--last", "2h"],
  ["summary-write", "summary", "--session", "login", "--write", "--dry-run"],
  ["lint", "lint", "login"],
  ["edit", "edit", "login"],
  ["edit-title", "edit", "login", "--title", "Login form"],
  ["rotate-dry-run", "rotate", "--dry-run", "--session", "refresh"],
  ["rotate", "rotate", "--session", "refresh"],
  ["uninstall", "uninstall"],
];

let terminal: Terminal;
const printed = new Map<string, { readonly exit: number; readonly out: string; readonly err: string }>();

const { TZ } = process.env;
beforeAll(async () => {
  // Briefs and slugs tell local days and hours.
  process.env.TZ = "UTC";
  terminal = openTerminal();
  const { box } = terminal;
  const say = conversationRecords(CONVERSATION, box.project, box.app.clock.nowMs() - 60_000);
  box.say(
    CONVERSATION,
    say.prompt("Add a login form", "11111111-0000-4000-8000-000000000001"),
    say.call("toolu_1", "Write", {
      file_path: `${box.project}/login.js`,
      content: "export const login = 1;\n",
    }),
    say.result("toolu_1", "File created", {
      toolUseResult: { type: "create", filePath: `${box.project}/login.js` },
    }),
    say.answer("The form is there."),
  );
  const typing = { ...box.app, env: { ...box.app.env, EDITOR } };
  for (const [name, ...argv] of STORY) {
    printed.set(name, await terminal.runAs(typing, ...argv, "--json"));
    box.pass(60_000);
  }
});
afterAll(() => {
  if (TZ === undefined) delete process.env.TZ;
  else process.env.TZ = TZ;
  terminal.dispose();
});

test.each(STORY.map(([name, ...argv]) => [argv.join(" "), name] as const))(
  "leftoff %s --json prints one document of a schema, and nothing else",
  (_argv, name) => {
    const { exit, out, err } = printed.get(name) ?? { exit: -1, out: "", err: "" };

    // What `lint` finds is its exit code, too.
    expect({ exit, err }).toEqual({ exit: name === "lint" ? 1 : 0, err: "" });
    const document = JSON.parse(out);
    expect(document.schema).toMatch(/^leftoff\.[a-z]+\/\d+$/);
    expectGolden(name, steady(out, terminal.box.folder));
  },
);

test("every command has its document here", () => {
  const shown = new Set(STORY.map(([, command]) => command));
  // `try` works on the bundled examples; the README shows what it prints. What `mcp` prints is another protocol's.
  expect(
    COMMANDS.map(({ name }) => name).filter((name) => !shown.has(name) && !["try", "mcp"].includes(name)),
  ).toEqual([]);
});

/** Ids by the order they turn up in, the box's folder by a name, and nothing that is measured or counted out of these. */
function steady(out: string, folder: string): string {
  const seen = new Map<string, string>();
  const named = (id: string): string => {
    const prefix = id.slice(0, 3);
    const same = [...seen.keys()].filter((known) => known.startsWith(prefix)).length;
    if (!seen.has(id)) seen.set(id, `${prefix}_${same + 1}`);
    return seen.get(id) ?? "";
  };
  return (
    out
      .replaceAll(folder, "/box")
      .replaceAll(/\b(?:ses|evt|not|mch|wkt|wsp)_[0-9a-f]{32}\b/g, named)
      // src/recall tests what a brief says.
      .replaceAll(/"text": "═══[^\n]*"/g, '"text": "the brief"')
      // src/publish tests what a summary says; when it was made depends on how much is told before it here.
      .replaceAll(/"text": "# Session Summary[^\n]*"/g, '"text": "the summary"')
      .replaceAll(/"(madeAtMs|sinceMs)": \d+/g, '"$1": 0')
      // Versions and places of what this machine has.
      .replaceAll(/(node|git|leftoff) \d+(?:\.\d+)+/g, "$1 0.0.0")
      // Who runs this.
      .replaceAll(/(\*\*From\*\*: |"from": ")@[^\\"]+/g, "$1@me")
      // The digest of a page that holds ids.
      .replaceAll(/(<!-- leftoff \w+) [0-9a-f]{16} /g, "$1 0 ")
      .replaceAll(process.execPath, "/usr/bin/node")
      .replaceAll(/"(tookMs|foundBytes|readBytes|tokens|tokensMax|fileChangedAtMs)": [\d.]+/g, '"$1": 0')
  );
}

function expectGolden(name: string, text: string): void {
  const path = new URL(`${name}.golden.json`, FIXTURES);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, `${text}\n`);
  expect(existsSync(path), `${path.pathname} is missing: UPDATE_GOLDEN=1 makes it`).toBe(true);
  expect(`${text}\n`).toBe(readFileSync(path, "utf8"));
}
