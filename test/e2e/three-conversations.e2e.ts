import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import type { Box } from "./box.ts";
import { type ClaudeRun, deniedTools } from "./claude-run.ts";
import { installPlugin } from "./installed-plugin.ts";
import { injectedText, type ModelRequest, requestText } from "./model-request.ts";
import { calls, type Reply, says, whenAsked } from "./model-server.ts";
import { type Stage, storyOf } from "./scenario.ts";
import { askedSince, layOutProject, settle } from "./story.ts";

/**
 * One piece of work over three conversations and two git branches, with the plugin alone: driven by its slash commands, recorded by
 * its tools, in the mode that asks for permission. Between conversations the person edits the document.
 */
interface Told {
  readonly runs: readonly ClaudeRun[];
  /** What the model was asked first in the second and in the third conversation. */
  readonly second: ModelRequest;
  readonly third: ModelRequest;
  /** The wrap-up as the model got it. */
  readonly wrapUp: ModelRequest;
  readonly sessions: readonly unknown[];
  readonly document: string;
}

const DECISION = "One token family per login, hashes only";
const FAILED = "A generation counter per customer";
const REWORDED = "A generation counter per customer and device";
const STEP = "Drop expired token families every night";
const OTHER_STEP = "Send the new cookie from the refresh route";
const FINDING = "The mobile app sends each refresh twice";
const BY_HAND = "Families live for thirty days";
const LEARNING = "Two devices of one person are two logins";
const LAST_STEP = "Write the test of a stolen token";

const test = storyOf(async (stage: Stage): Promise<Told> => {
  const { box, model } = stage;
  await layOutProject(box);
  await installPlugin(box);
  const runs: ClaudeRun[] = [];
  const hold = async (prompt: string, asked: string, ...replies: readonly Reply[]) => {
    runs.push(await turn(stage, { prompt, asked, replies, resumed: undefined }));
  };
  const goOn = async (prompt: string, asked: string, ...replies: readonly Reply[]) => {
    runs.push(await turn(stage, { prompt, asked, replies, resumed: runs.at(-1)?.conversation }));
  };

  const path = `${box.project}/src/rotate.js`;
  const work = calls("Write", { file_path: path, content: "export const rotate = (token) => token;\n" });
  await hold("Rotate the refresh tokens", "Rotate the refresh", work, notes("finding", FINDING));
  const why = "a stolen hash is worth nothing";
  await goOn(
    `/leftoff:decide ${DECISION}, because ${why}`,
    "Record the decision",
    notes("decision", DECISION, { why, approved: "yes" }),
  );
  const reason = "a refresh on the phone logs the laptop out";
  await goOn(
    `/leftoff:tried ${FAILED}: ${reason}`,
    "Record the attempt",
    notes("failed", FAILED, { why: reason }),
  );
  await goOn(
    `/leftoff:next ${STEP}, then: ${OTHER_STEP}`,
    "Record the step",
    notes("next", STEP),
    notes("next", OTHER_STEP),
  );

  await editAsAPerson(box);
  await box.git("checkout", "--quiet", "-b", "feature/rotation");
  const beforeSecond = model.requests.length;
  await hold("/leftoff:start-work", "Take up the work", calls(tool("search_notes"), { query: "generation" }));
  const second = askedSince(model, beforeSecond, "Take up the work");
  await goOn(`/leftoff:note blocker ${BLOCKER}`, "Record what the person says", notes("blocker", BLOCKER));

  await box.git("checkout", "--quiet", "main");
  const beforeThird = model.requests.length;
  await hold("/leftoff:status", "Show the person", calls(tool("brief"), {}));
  const third = askedSince(model, beforeThird, "Show the person");
  const done = await idOf(box, OTHER_STEP);
  const beforeWrapUp = model.requests.length;
  const settled = calls(tool("notes"), { done: [done] });
  await goOn(
    "/leftoff:wrap-up",
    "End this piece of work",
    settled,
    notes("learning", LEARNING),
    notes("next", LAST_STEP),
  );
  const wrapUp = askedSince(model, beforeWrapUp, "End this piece of work");

  const listed = JSON.parse((await box.leftoff(["list", "--all", "--json"])).stdout);
  return {
    runs,
    second,
    third,
    wrapUp,
    sessions: listed.sessions,
    document: box.read(await documentPath(box)),
  };
});

test("three conversations on two git branches are one session", ({ told }) => {
  expect(told.sessions).toHaveLength(1);
  expect(injectedText(told.second)).toContain("git branch feature/rotation");
  expect(injectedText(told.third)).toContain("git branch is now main, was feature/rotation");
  expect(new Set(told.runs.map(({ conversation }) => conversation)).size).toBe(3);
});

test("what a person changed in the document is in the next request", ({ told }) => {
  const text = injectedText(told.second);
  expect.soft(text).toContain(BY_HAND);
  expect.soft(text).toContain(REWORDED);
  expect.soft(text).not.toContain(`${FAILED}. Why`);
  const next = text.split("## Next steps\n")[1]?.split("\n## ")[0];
  expect.soft(next).toContain(OTHER_STEP);
  expect.soft(next).not.toContain(STEP);
  expect.soft(text).not.toContain(FINDING);
  expect.soft(text).toContain(DECISION);
});

test("a conversation on the first git branch is told what was noted on the other", ({ told }) => {
  expect(injectedText(told.third)).toContain(BLOCKER);
});

test("a wrap-up shows the model what is open, and fills learnings and next steps", ({ told }) => {
  expect(requestText(told.wrapUp)).toContain(`${OTHER_STEP}\n`);
  const section = (heading: string) => told.document.split(`## ${heading}\n`)[1]?.split("\n## ")[0];
  expect(section("Key Learnings")).toContain(LEARNING);
  expect(section("Next Steps")).toContain(`- [ ] ${LAST_STEP}`);
  expect(section("Next Steps")).toContain(`- [x] ${OTHER_STEP}`);
});

test("nobody is asked for permission, and no hook fails or says anything", ({ told }) => {
  for (const run of told.runs) {
    expect.soft(deniedTools(run)).toEqual([]);
    expect.soft(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect.soft(run.hooks.filter((hook) => hook.exit_code !== 0 || hook.stderr !== "")).toEqual([]);
    const ends = run.hooks.filter(({ hook_event }) =>
      ["Stop", "SubagentStop", "SessionEnd"].includes(hook_event),
    );
    expect.soft(ends.filter(({ stdout }) => stdout !== "")).toEqual([]);
  }
});

test("the document is what the golden file has, whichever version wrote it", ({ told }) => {
  const text = steady(told.document);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(GOLDEN, text);
  expect(existsSync(GOLDEN), "UPDATE_GOLDEN=1 makes it").toBe(true);
  expect(text).toBe(readFileSync(GOLDEN, "utf8"));
});

const BLOCKER = "The cookie's domain is not decided";
const GOLDEN = new URL("../fixtures/e2e/three-conversations.golden.md", import.meta.url);
/** As at a terminal, but for what the work itself needs. */
const ASKING = ["--permission-mode", "default", "--allowedTools", "Write"];

const tool = (name: string) => `mcp__plugin_leftoff_leftoff__${name}`;

function notes(kind: string, text: string, fields?: object): Reply {
  return calls(tool("note"), { kind, text, ...(fields === undefined ? {} : { fields }) });
}

interface Turn {
  readonly prompt: string;
  /** Words by which the script knows the prompt: of a slash command, those that the client makes of it. */
  readonly asked: string;
  readonly replies: readonly Reply[];
  readonly resumed: string | undefined;
}

async function turn({ box, model }: Stage, { prompt, asked, replies, resumed }: Turn): Promise<ClaudeRun> {
  model.play(whenAsked(asked, ...replies, says("Recorded.")));
  const args = resumed === undefined ? ASKING : [...ASKING, "--resume", resumed];
  const run = await box.claude(prompt, { args });
  expect(run.answer, prompt).toBe("Recorded.");
  await settle(box);
  return run;
}

async function documentPath(box: Box): Promise<string> {
  const { session } = JSON.parse((await box.leftoff(["status", "--json"])).stdout);
  return session.document;
}

async function idOf(box: Box, text: string): Promise<string> {
  const listed = JSON.parse((await box.leftoff(["notes", "--json"])).stdout) as {
    readonly notes: readonly { readonly id: string; readonly text: string }[];
  };
  return listed.notes.find((note) => note.text === text)?.id ?? "";
}

/** Adds a decision, ticks a step, deletes a note, and changes the words of an attempt. */
async function editAsAPerson(box: Box): Promise<void> {
  const path = await documentPath(box);
  const lines = box
    .read(path)
    .split("\n")
    .filter((line) => !line.includes(FINDING));
  const edited = lines.flatMap((line) => {
    if (line.endsWith(`[ ] ${STEP}`)) return [line.replace("[ ]", "[x]")];
    if (line.endsWith(`**Approach**: ${FAILED}`)) return [line.replace(FAILED, REWORDED)];
    return line.endsWith(`**Decision**: ${DECISION}`) ? [`- **Decision**: ${BY_HAND}`, line] : [line];
  });
  expect(edited.join("\n"), "the person found everything").toMatch(new RegExp(`${BY_HAND}[^]*${DECISION}`));
  box.write(path, edited.join("\n"));
}

/** Without what differs from run to run: days, and ids of conversations. */
function steady(text: string): string {
  return (
    text
      // How long it took is the machine's.
      .replaceAll(/^- \*\*(?:Total time invested|Time by approach)\*\*: .*\n/gm, "")
      .replaceAll(/\d{4}-\d\d-\d\d/g, "DATE")
      .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "CONVERSATION")
  );
}
