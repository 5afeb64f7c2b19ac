import { expect } from "vitest";
import { START_TOKENS_MAX } from "../../src/base/limits.ts";
import { estimateTokens } from "../../src/recall/tokens.ts";
import { installPlugin, REPOSITORY } from "./installed-plugin.ts";
import { type ModelRequest, requestText } from "./model-request.ts";
import { type ModelServer, runs, says, whenAsked } from "./model-server.ts";
import { type Stage, storyOf } from "./scenario.ts";
import { askedSince, holdConversationOne, layOutProject, settle } from "./story.ts";

// What a day with the plugin costs the next conversation: the requests of the real client with it and without it, subtracted.

/** Whether the client lets its model look for tools; with another address than its maker's, versions differ in what they do unasked. */
const WAYS = { search: "true", all: "false" } as const;
type Way = keyof typeof WAYS;

/** Tokens that leftoff added to one request, and what of it were tools. */
interface Added {
  readonly tokens: number;
  readonly tools: readonly string[];
  readonly text: string;
}

interface Told {
  readonly added: { readonly [way in Way]: Added };
  /** What the command says of the same moment. */
  readonly said: { readonly [way in Way]: number };
}

const test = storyOf(async ({ box, model }: Stage): Promise<Told> => {
  await layOutProject(box);
  await installPlugin(box, REPOSITORY);
  await holdConversationOne(box, model);
  for (const [kind, text, ...more] of DAY) {
    const ran = await box.leftoff(["note", kind, text, ...more]);
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
  }
  const asked = async (way: Way) => laterRequest(model, () => box.claude(PROMPT, { env: toolSearch(way) }));
  const said = async (sum: "start" | "startWithSearch") => {
    await settle(box);
    const { stdout } = await box.leftoff(["stats", "--overhead", "--json"]);
    return (JSON.parse(stdout) as { readonly [sum: string]: { readonly tokens: number } })[sum]?.tokens ?? 0;
  };
  const saidOfSearch = await said("startWithSearch");
  const search = await asked("search");
  const saidOfAll = await said("start");
  const withIt = { search, all: await asked("all") };
  await settle(box);
  expect(await box.plugin("uninstall", "leftoff@leftoff")).toMatchObject({ exitCode: 0 });
  const without = { search: await asked("search"), all: await asked("all") };
  return {
    added: {
      search: addedTo(without.search, withIt.search),
      all: addedTo(without.all, withIt.all),
    },
    said: { search: saidOfSearch, all: saidOfAll },
  };
});

test("after a full day, leftoff adds at most 2,500 tokens to the start of a conversation", ({ told }) => {
  for (const way of ["search", "all"] as const) {
    const { tokens, text } = told.added[way];
    process.stderr.write(
      `leftoff adds ${tokens} tokens (tools: ${way}); stats --overhead says ${told.said[way]}\n`,
    );
    expect(text).toContain(NEXT_OF_DAY);
    expect(tokens).toBeLessThanOrEqual(START_TOKENS_MAX);
  }
});

test("`leftoff stats --overhead` says what the requests show", ({ told }) => {
  for (const way of ["search", "all"] as const) {
    const { tokens } = told.added[way];
    expect.soft(told.said[way], way).toBeGreaterThan((tokens - LATE_TOKENS[way]) * 0.95);
    expect.soft(told.said[way], way).toBeLessThan(tokens * 1.1);
  }
});

test("the model is shown no slash command, and no tool but leftoff's own", ({ told }) => {
  const name = (tool: string) => `mcp__plugin_leftoff_leftoff__${tool}`;
  expect(told.added.search.tools).toEqual([name("note")]);
  expect(told.added.all.tools).toEqual(
    ["brief", "memory", "note", "notes", "search_notes", "session", "show"].map(name),
  );
  for (const { text } of Object.values(told.added)) {
    expect(text.split("\n").filter((line) => line.startsWith("- leftoff:"))).toHaveLength(1);
    expect(text).not.toMatch(/start-work|wrap-up|McpResource/);
  }
});

/** What the client says in its own words where a server connects only after the first request, on a busy machine. */
const LATE_TOKENS = { search: 230, all: 0 } as const;
const PROMPT = "What is left to do?";
const NEXT_OF_DAY = "Send the new cookie from the refresh route";
/** More than a brief has room for. */
const DAY: readonly (readonly [kind: string, text: string, ...options: string[]])[] = [
  ["next", NEXT_OF_DAY, "--priority", "high"],
  ...Array.from({ length: 8 }, (_, number): readonly [string, string, ...string[]] => [
    ["decision", "failed", "finding", "worked"][number % 4] ?? "",
    `Approach ${number} to the rotation of tokens under load, with two tabs that refresh at once`,
    ...["--why", `run ${number} of the parallel test hangs where both tabs hold the same family`],
  ]),
  ...Array.from({ length: 8 }, (_, number): readonly [string, string] => [
    "next",
    `Step ${number}: move the family's expiry into the store, and drop it every night at the same time`,
  ]),
];

function toolSearch(way: Way) {
  return { ENABLE_TOOL_SEARCH: WAYS[way] };
}

/** The second request of a conversation: what comes late is in it. */
async function laterRequest(model: ModelServer, hold: () => Promise<unknown>): Promise<ModelRequest> {
  const before = model.requests.length;
  model.play(whenAsked(PROMPT, runs("ls"), says("Let me see.")));
  await hold();
  const first = askedSince(model, before, PROMPT);
  return askedSince(model, model.requests.indexOf(first) + 1, PROMPT);
}

/** Lines and tool definitions that one request has and the other lacks. */
function addedTo(without: ModelRequest, withIt: ModelRequest): Added {
  const known = new Map<string, number>();
  for (const line of linesOf(without)) known.set(line, (known.get(line) ?? 0) + 1);
  const lines = linesOf(withIt).filter((line) => {
    const left = known.get(line) ?? 0;
    known.set(line, left - 1);
    return left <= 0;
  });
  const before = new Set(toolsOf(without).map((tool) => JSON.stringify(tool)));
  const tools = toolsOf(withIt).filter((tool) => !before.has(JSON.stringify(tool)));
  const text = lines.join("\n");
  return {
    text,
    tools: tools.map(({ name }) => name).sort(),
    tokens: estimateTokens(text) + (tools.length === 0 ? 0 : estimateTokens(JSON.stringify(tools))),
  };
}

function linesOf(request: ModelRequest): readonly string[] {
  return requestText(request).split("\n");
}

function toolsOf({ body }: ModelRequest): readonly { readonly name: string }[] {
  return (body.tools ?? []) as readonly { readonly name: string }[];
}
