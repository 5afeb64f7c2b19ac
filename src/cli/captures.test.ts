import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { conversationRecords } from "../../test/app-box.ts";
import { openTerminal, type Ran, type Terminal } from "../../test/terminal.ts";
import { ingestHookCall } from "../app/ingest.ts";
import type { ConversationId } from "../base/id.ts";
import { cellsOf } from "./cells.ts";

// What a person sees, at a screen of 80 columns: over the worked examples, with names that are long or wide. Colours on are the
// golden files `NAME.ansi`, colours off `NAME.txt` (cat them). UPDATE_GOLDEN=1 rewrites them; look at what changed.

// Ids are counted: their digits stand in briefs, and have their cost there.
vi.mock("node:crypto", async (original) => {
  const real = await original<typeof import("node:crypto")>();
  let made = 0;
  const randomBytes = (bytes: number) => {
    made += 1;
    return real.createHash("sha256").update(String(made)).digest().subarray(0, bytes);
  };
  return { ...real, randomBytes };
});

const FIXTURES = new URL("../../test/fixtures/captures/", import.meta.url);
const EXAMPLES = new URL("../../examples/", import.meta.url);
const COLUMNS = 80;
const NOW = "2026-02-19T16:30:00Z";
const BRANCH = "feature/passkeys-beside-the-password-for-every-customer-of-the-shop";

const CAPTURES: readonly (readonly [name: string, ...argv: string[]])[] = [
  ["status", "status"],
  ["list", "list"],
  ["list-all", "list", "--all"],
  ["show", "show"],
  ["notes", "notes"],
  ["lint", "lint", "검색"],
  ["lint-clean", "lint", "orders"],
  ["brief-explain", "brief", "--explain"],
  ["stats", "stats"],
  ["stats-session", "stats", "passkeys"],
  ["board", "board"],
  ["board-again", "board"],
];

/** Pages, and what belongs to them: of the same place, an hour later. */
const PAGES: typeof CAPTURES = [
  ["context", "context"],
  ["summary", "summary"],
  ["summary-last", "summary", "--last", "2h"],
  ["partition", "partition"],
  ["memory-show", "memory", "show"],
  ["doctor", "doctor"],
];

let terminal: Terminal;
const seen = new Map<string, Captured>();
const { TZ } = process.env;

/** The ends of all notes' ids, as they are printed. */
const ids = new Set<string>();

/** What a command printed with colours off and on. */
interface Captured {
  readonly txt: string;
  readonly ansi: string;
}

beforeAll(async () => {
  process.env.TZ = "UTC";
  terminal = openTerminal();
  for (const name of ["status", "list", "stats"]) await capture(`${name}-empty`, name);
  await tell(terminal);
  for (const [name, ...argv] of CAPTURES) await capture(name, ...argv);
  await tellMore(terminal);
  for (const [name, ...argv] of PAGES) await capture(name, ...argv);
  const { sessions } = (await terminal.json("list", "--all")) as { sessions: readonly { slug: string }[] };
  for (const { slug } of sessions) {
    const { notes } = (await terminal.json("show", slug)) as { notes: readonly { id: string }[] };
    for (const { id } of notes) ids.add(id.slice(-6));
  }
});
afterAll(() => {
  if (TZ === undefined) delete process.env.TZ;
  else process.env.TZ = TZ;
  terminal.dispose();
});

async function capture(name: string, ...argv: readonly string[]): Promise<void> {
  const at = (colours: boolean) => {
    // A board that is not there yet says something else than one that is.
    if (name === "board") rmSync(join(terminal.box.project, ".claude/SESSIONS.md"), { force: true });
    if (name === "context") rmSync(join(terminal.box.project, ".claude/context.md"), { force: true });
    return terminal.runAt({ columns: COLUMNS, colours }, ...argv);
  };
  const off = await at(false);
  const on = await at(true);
  // What a command says beside its data, a person sees below it.
  const both = ({ out, err }: Ran) => withoutMachine(err === "" ? out : `${out}\n${err}`);
  if (name !== "context") expect(off.err + on.err, name).toBe("");
  seen.set(name, { txt: both(off), ansi: both(on) });
}

test("every capture is what its golden file has, with colours and without", () => {
  expect(seen.size).toBe(CAPTURES.length + PAGES.length + 3);
  for (const [name, { txt, ansi }] of seen) {
    expectGolden(`${name}.txt`, txt);
    expectGolden(`${name}.ansi`, ansi);
  }
});

test("no line is wider than the terminal, however wide its letters are, and none ends in spaces", () => {
  for (const [name, { txt, ansi }] of seen) {
    for (const line of [...txt.split("\n"), ...ansi.split("\n")]) {
      expect(cellsOf(line), `${name}: ${line}`).toBeLessThanOrEqual(COLUMNS);
      expect(line, name).not.toMatch(/ $/);
    }
  }
});

test("colours change no word, and end where their line ends", () => {
  for (const [name, { txt, ansi }] of seen) {
    expect(withoutColours(ansi), name).toBe(txt);
    for (const line of ansi.split("\n")) {
      const opened = line.match(OPENING)?.length ?? 0;
      expect(line.match(CLOSING)?.length ?? 0, `${name}: ${JSON.stringify(line)}`).toBe(opened);
    }
  }
});

test("nothing depends on the machine: no temporary folder is in it", () => {
  for (const [name, { txt }] of seen) expect(txt, name).not.toContain(terminal.box.folder);
});

test("where the terminal has room, a session is one line of the list", async () => {
  const { out } = await terminal.runAt({ columns: 300, colours: false }, "list");
  expect(out.split("\n")).toHaveLength(5);
  expect(out).toContain(`${BRANCH}  Passkeys for the customer login`);
});

test("what no terminal reads is not parted", async () => {
  const { out } = await terminal.run("status");
  expect(out).toContain(` · git branch ${BRANCH}\n`);
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
const COLOUR = /\u001b\[\d+m/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const OPENING = /\u001b\[(?:1|2|3[0-7])m/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const CLOSING = /\u001b\[(?:22|39)m/g;

function withoutColours(text: string): string {
  return text.replaceAll(COLOUR, "");
}

/** Without what `doctor` says of this machine's own node, git and disk. */
function withoutMachine(text: string): string {
  let isOfMachine = false;
  const kept = text.split("\n").filter((line) => {
    const plain = withoutColours(line);
    if (!plain.startsWith("     ")) isOfMachine = /^(?:ok|FAIL|note) +(?:node|git|disk) /.test(plain);
    return !isOfMachine;
  });
  return kept.join("\n");
}

/** Without what another event in the story would change: ids by the order they turn up in, and what their digits cost. */
function steady(text: string): string {
  const shown = new Map<string, string>();
  const counted = (id: string) => {
    if (!ids.has(id)) return id;
    if (!shown.has(id)) shown.set(id, String(shown.size + 1).padStart(6, "0"));
    return shown.get(id) ?? id;
  };
  return text
    .replaceAll(/\b[0-9a-f]{6}\b/g, counted)
    .replaceAll(/^ {2,4}\d{1,3} {2}(?=\S)/gm, (cost) => cost.replaceAll(/\d/g, "0"))
    .replaceAll(/[\d,]+ tokens/g, "1,300 tokens");
}

function expectGolden(name: string, captured: string): void {
  const path = new URL(name, FIXTURES);
  const text = steady(captured);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, `${text}\n`);
  expect(existsSync(path), `${path.pathname} is missing: UPDATE_GOLDEN=1 makes it`).toBe(true);
  expect(`${text}\n`, name).toBe(readFileSync(path, "utf8"));
}

/** The third day of the passkeys: an hour of work, an interrupted turn, a colleague's commit, other sessions beside it. */
async function tell({ box, run }: Terminal): Promise<void> {
  box.pass(Date.parse("2026-02-16T09:00:00Z") - box.app.clock.nowMs());
  const git = (...args: readonly string[]) =>
    execFileSync("git", args, {
      cwd: box.project,
      env: { ...process.env, ...GIT, GIT_AUTHOR_DATE: at(box), GIT_COMMITTER_DATE: at(box) },
      stdio: "pipe",
    });
  git("init", "--quiet", "--initial-branch=main");
  git("config", "user.name", "Ada Lovelace");
  git("config", "user.email", "ada@example.org");
  box.write(join(box.project, "README.md"), "# shop-api\n");
  git("add", ".");
  git("commit", "--quiet", "-m", "shop-api: the first commit");
  git("checkout", "--quiet", "-b", BRANCH);
  // What `init` writes is not committed: a commit's hash, which is printed, would follow its words.
  await run("init");

  for (const [day, example, name] of DOCUMENTS) {
    box.pass(Date.parse(`${day}T09:30:00Z`) - box.app.clock.nowMs());
    const text = readFileSync(new URL(example, EXAMPLES), "utf8");
    box.write(join(box.project, ".claude/sessions", `${name}.tmp`), text);
    await run("ingest");
  }
  const type = async (...argv: readonly string[]) => {
    box.pass(60_000);
    const { exit, err } = await run(...argv);
    expect({ exit, err }, argv.join(" ")).toEqual({ exit: 0, err: "" });
  };
  await type("new", "검색 개선 🔍: 한국어 형태소와 오타를 위한 색인, 그리고 영어 문서의 stemming");
  await type("note", "failed", "n-gram 색인", "--why", "색인이 원본의 아홉 배가 된다");
  await type("note", "next", "fix stuff");
  await type("block", "색인 서버의 디스크", "--on", "@carol", "--expected", "2026-02-24");
  await type("switch", "passkeys");

  box.pass(Date.parse(NOW) - 3 * HOUR_MS - box.app.clock.nowMs());
  const say = conversationRecords(CONVERSATION, box.project, box.app.clock.nowMs());
  const codes = join(box.project, "src/auth/recovery-codes-that-are-shown-once-and-stored-as-hashes.ts");
  const [first, second] = ["Begin with the recovery codes", "Now print them, and send nothing by mail"];
  box.say(CONVERSATION, say.prompt(first, PROMPTS[0]));
  await ingestHookCall(
    box.app,
    box.call("UserPromptSubmit", CONVERSATION, { prompt: first, promptId: PROMPTS[0] }),
  );
  box.write(codes, "export const codes = 10;\n");
  box.pass(HOUR_MS / 3);
  const later = conversationRecords(CONVERSATION, box.project, box.app.clock.nowMs());
  box.say(
    CONVERSATION,
    later.call("toolu_1", "Write", { file_path: codes, content: "export const codes = 10;\n" }),
    later.result("toolu_1", "File created", { toolUseResult: { type: "create", filePath: codes } }),
    later.call("toolu_2", "Bash", { command: "npm test -- test/auth/recovery-codes.test.ts" }),
    later.result("toolu_2", "ok 1 - codes\n1 passed", {
      toolUseResult: { stdout: "1 passed", stderr: "", interrupted: false },
    }),
    later.answer("Ten codes are made and stored as hashes; they are shown once."),
  );
  await ingestHookCall(
    box.app,
    box.call("Stop", CONVERSATION, {
      answer: "Ten codes are made and stored as hashes; they are shown once.",
      promptId: PROMPTS[0],
    }),
  );
  box.pass(HOUR_MS / 3);
  const last = conversationRecords(CONVERSATION, box.project, box.app.clock.nowMs());
  box.say(CONVERSATION, last.prompt(second, PROMPTS[1]));
  await ingestHookCall(
    box.app,
    box.call("UserPromptSubmit", CONVERSATION, { prompt: second, promptId: PROMPTS[1] }),
  );
  box.pass(HOUR_MS / 3);
  box.write(join(box.project, "src/store.js"), "export const store = new Map();\n");
  git("add", "src/store.js");
  git(
    "-c",
    "user.name=김 민수 Kim Minsu",
    "commit",
    "--quiet",
    "-m",
    "store: refuse empty tokens, and say which customer sent one",
  );
  box.pass(Date.parse(NOW) - box.app.clock.nowMs());
}

/** Parts of the project, a memory with counted work, and a note of the hour. */
async function tellMore({ box, run }: Terminal): Promise<void> {
  const type = async (...argv: readonly string[]) => {
    box.pass(60_000);
    expect({ argv, exit: (await run(...argv)).exit }).toEqual({ argv, exit: 0 });
  };
  await type("partition", "add", "backend", "src/**", "db/migrations/**", "--context", "docs/backend.md");
  await type("partition", "add", "web", "web/**", "packages/design-system/**", "packages/storefront/**");
  await type("memory", "init", "passkeys");
  await type("memory", "checkpoint", "--completed", "devices 1-6 of 9", "--in-progress", "devices 7 of 9");
  await type("memory", "checkpoint", "--discovery", "Firefox on Linux has no name for a passkey");
  await type("note", "decision", "Ten recovery codes", "--why", "eight were used up by one tester in a week");
}

const HOUR_MS = 60 * 60 * 1000;
const CONVERSATION = "5f7cfb2e-8f0c-4c7e-9d5a-3a7d4d1c0b11" as ConversationId;
const PROMPTS = ["11111111-0000-4000-8000-000000000001", "11111111-0000-4000-8000-000000000002"] as const;

const DOCUMENTS = [
  ["2026-02-16", "example-session.tmp", "2026-02-09-orders-to-postgres"],
  ["2026-02-17", "bug-session.tmp", "2026-02-18-invoices-twice"],
  ["2026-02-18", "feature-session.tmp", "2026-02-16-passkeys"],
] as const;

const GIT = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };

function at({ app }: Terminal["box"]): string {
  return new Date(app.clock.nowMs()).toISOString();
}
