import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, vi } from "vitest";
import { type Box, makeBox } from "./box.ts";
import type { ClaudeRun } from "./claude-run.ts";
import { type Days, makeDays } from "./days.ts";
import { injectedText } from "./model-request.ts";
import { calls, type ModelServer, type Reply, runs, says, whenAsked } from "./model-server.ts";
import { type Stage, storyOf } from "./scenario.ts";
import { askedSince, layOutProject, settle, setUp } from "./story.ts";

/**
 * Three days of a feature. On the second a bug comes between, on a git branch of its own, and is still being watched when the
 * feature goes on. On the third a colleague takes over, on another machine.
 */
interface Told {
  readonly runs: readonly ClaudeRun[];
  /** What hooks told the model first: in the bug's conversation, in the feature's after it, and in the colleague's. */
  readonly bug: string;
  readonly feature: string;
  readonly colleague: string;
  readonly handoff: string;
  /** Days in the records of the client, and titles of sessions, on the first machine and on the second. */
  readonly days: readonly string[];
  readonly sessions: readonly string[];
  readonly theirs: readonly string[];
}

// Four conversations and two machines: 20 s on a quiet machine, 120 s on one that has much else to do.
vi.setConfig({ testTimeout: 400_000 });

const FEATURE = "Refresh token rotation";
const FEATURE_BRANCH = "feature/rotation";
const DECISION = "One token family per login, hashes only";
const BECAUSE = "a stolen hash is worth nothing";
const FAILED = "A generation counter per customer";
const REASON = "a refresh on the phone logs the laptop out";
const FIRST_STEP = "Drop expired token families every night";
const STEP = "Send the new cookie from the refresh route";
const LATER_DECISION = "Families end after thirty days";
const BUG = "Invoices go out twice";
const BUG_BRANCH = "fix/double-mail";
const BUG_FAILED = "Blaming the mail provider";
const BUG_STEP = "Watch the mails of two nights";

const test = storyOf(async ({ box, model }: Stage): Promise<Told> => {
  const days = makeDays(box);
  const dana: Machine = { box, model, env: days.env };
  await layOutProject(box);
  await setUp(box);
  days.reachHooks();
  await commit(dana, "leftoff is set up", ".gitignore");

  const first = await featureBegins(dana);
  days.begin(2);
  const bug = await bugBetween(dana);
  const feature = await featureGoesOn(dana);
  days.begin(3);
  const handed = await typed(dana, "handoff", "@sam");
  await commit(dana, "handoff: rotation", ".claude/sessions");

  const other = await makeBox({ claude: inject("claude") ?? "", modelUrl: model.url });
  try {
    const sam: Machine = { box: other, model, env: {} };
    const taken = await colleagueTakesOver(sam, box.project);
    return {
      runs: [first, bug, feature, taken].map(({ run }) => run),
      bug: bug.told,
      feature: feature.told,
      colleague: taken.told,
      handoff: handed,
      days: daysRecorded(box),
      sessions: await titlesOn(dana),
      theirs: await titlesOn(sam),
    };
  } finally {
    await other.dispose();
  }
});

test("three days are three days, for the client and for leftoff", ({ told }) => {
  const [first = "", second = "", ...more] = told.days;
  expect([Date.parse(second) - Date.parse(first), more]).toEqual([24 * 60 * 60 * 1000, []]);
  expect(told.feature).toContain(`"${FEATURE}" (${first}-refresh-token-rotation), day 2, in progress`);
  expect(told.colleague).toContain(`"${FEATURE}" (`);
});

test("the conversation about the bug is told of the bug, and nothing of what was tried for the feature", ({
  told,
}) => {
  expect.soft(told.bug).toContain(`Session "${BUG}"`);
  expect.soft(told.bug).toContain("See it fail once, and note how");
  for (const words of [FAILED, STEP, DECISION]) expect.soft(told.bug).not.toContain(words);
});

test("back on its git branch, the brief is the feature's, with the open bug in one line", ({ told }) => {
  for (const words of [FAILED, REASON, DECISION, BECAUSE, FIRST_STEP, STEP])
    expect.soft(told.feature).toContain(words);
  for (const words of [BUG_FAILED, BUG_STEP, BUG_BRANCH]) expect.soft(told.feature).not.toContain(words);
  expect.soft(told.feature).toMatch(/^Other open sessions of this work tree: \S+-invoices-go-out-twice /m);
});

test("the steps of the template stand behind those that the agent noted", ({ told }) => {
  const [, next = ""] = told.feature.split("## Next steps\n");
  expect(next.indexOf(STEP)).toBeGreaterThan(-1);
  expect(next.indexOf("Sketch the design and what it touches")).toBeGreaterThan(next.indexOf(STEP));
});

test("each piece of work is one session, on both machines", ({ told }) => {
  expect([...told.sessions].sort()).toEqual([BUG, FEATURE]);
  expect(told.theirs).toEqual([FEATURE]);
});

test("the colleague's first request has what was decided, tried and left to do, and whose it is", ({
  told,
}) => {
  const by = (words: string) => told.colleague.split("\n").find((line) => line.includes(words)) ?? "";
  for (const words of [DECISION, LATER_DECISION, FAILED, STEP])
    expect.soft(by(words)).toMatch(/\[person @dana-developer, /);
  expect
    .soft(by(`Session "${FEATURE}"`))
    .toContain("in progress, handed over by @dana-developer, git branch");
  expect.soft(by(DECISION)).toContain(BECAUSE);
  expect.soft(by(FAILED)).toContain(REASON);
  for (const words of [FIRST_STEP, BUG_FAILED, BUG_STEP]) expect.soft(told.colleague).not.toContain(words);
});

test("the handoff says how to go on, and to whom", ({ told }) => {
  expect(told.handoff).toMatch(/@sam goes on with: leftoff resume \.claude\/sessions\/\S+-handoff\.md$/m);
});

test("no hook of the three days fails or says anything", ({ told }) => {
  for (const run of told.runs) {
    expect.soft(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect.soft(run.hooks.map(({ hook_event }) => hook_event)).toContain("SessionStart");
    expect.soft(run.hooks.filter((hook) => hook.exit_code !== 0 || hook.stderr !== "")).toEqual([]);
  }
});

/** Whose work it is: a machine, the model that both ask, and the days that it lives by. */
interface Machine {
  readonly box: Box;
  readonly model: ModelServer;
  readonly env: Days["env"];
}

interface Conversation {
  readonly run: ClaudeRun;
  readonly told: string;
}

async function featureBegins(dana: Machine): Promise<Conversation> {
  await dana.box.git("checkout", "--quiet", "-b", FEATURE_BRANCH);
  await typed(dana, "new", FEATURE, "--template", "feature");
  const worked = await converse(
    dana,
    "Rotate the refresh tokens",
    writes(dana, "src/rotate.js", "export const rotate = (token) => token + token;\n"),
    records(
      `decision "${DECISION}" --why "${BECAUSE}"`,
      `failed "${FAILED}" --why "${REASON}"`,
      `next "${FIRST_STEP}" --priority high`,
      `next "${STEP}" --priority high`,
    ),
  );
  await commit(dana, "rotate: another token each time", "src");
  return worked;
}

async function bugBetween(dana: Machine): Promise<Conversation> {
  await dana.box.git("checkout", "--quiet", "-b", BUG_BRANCH, "main");
  await typed(dana, "new", BUG, "--template", "bug");
  const worked = await converse(
    dana,
    "Two customers got an invoice twice",
    writes(dana, "src/lease.js", "export const leaseSeconds = 60;\n"),
    records(
      `failed "${BUG_FAILED}" --why "both mails have ids of ours"`,
      `next "${BUG_STEP}" --priority high`,
    ),
  );
  await commit(dana, "lease: renewed while its worker lives", "src");
  return worked;
}

async function featureGoesOn(dana: Machine): Promise<Conversation> {
  await dana.box.git("checkout", "--quiet", FEATURE_BRANCH);
  const { notes } = JSON.parse(await typed(dana, "notes", "--json")) as {
    readonly notes: readonly { readonly id: string; readonly text: string }[];
  };
  const step = notes.find(({ text }) => text === FIRST_STEP);
  return converse(
    dana,
    "Go on with the rotation",
    records(`decision "${LATER_DECISION}" --why "the app asks every day"`),
    runs(`leftoff notes done ${step?.id}`),
  );
}

async function colleagueTakesOver(sam: Machine, from: string): Promise<Conversation> {
  const { box } = sam;
  await box.git("config", "user.name", "Sam Colleague");
  await box.git("fetch", "--quiet", from, FEATURE_BRANCH);
  await box.git("checkout", "--quiet", "-b", FEATURE_BRANCH, "FETCH_HEAD");
  await setUp(box);
  const file = (await box.git("ls-files", "*-handoff.md")).trim();
  await typed(sam, "resume", file);
  return converse(sam, "Where do we stand?");
}

async function typed({ box, env }: Machine, ...args: readonly string[]): Promise<string> {
  const ran = await box.leftoff(args, { env });
  expect(ran, `leftoff ${args.join(" ")}: ${ran.stderr}`).toMatchObject({ exitCode: 0 });
  return ran.stdout;
}

/** A conversation of one prompt, and what hooks told the model at its start. */
async function converse(
  { box, model, env }: Machine,
  prompt: string,
  ...replies: readonly Reply[]
): Promise<Conversation> {
  const before = model.requests.length;
  model.play(whenAsked(prompt, ...replies, says("That is done.")));
  const run = await box.claude(prompt, { env });
  expect(run.answer, prompt).toBe("That is done.");
  await settle(box);
  return { run, told: injectedText(askedSince(model, before, prompt)) };
}

/** What the agent records in one call of its shell. */
function records(...recorded: readonly string[]): Reply {
  return runs(recorded.map((note) => `leftoff note ${note}`).join(" && "));
}

function writes({ box }: Machine, path: string, content: string): Reply {
  return calls("Write", { file_path: join(box.project, path), content });
}

async function commit({ box }: Machine, message: string, path: string): Promise<void> {
  await box.git("add", path);
  await box.git("commit", "--quiet", "-m", message);
}

async function titlesOn(machine: Machine): Promise<readonly string[]> {
  const { sessions } = JSON.parse(await typed(machine, "list", "--all", "--json")) as {
    readonly sessions: readonly { readonly title: string }[];
  };
  return sessions.map(({ title }) => title);
}

function daysRecorded(box: Box): readonly string[] {
  const folder = box.transcripts();
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => readFileSync(join(folder, name), "utf8"));
  return [
    ...new Set(
      texts.flatMap((text) => [...text.matchAll(/"timestamp":"([^"T]+)T/g)].map(([, day = ""]) => day)),
    ),
  ].sort();
}
