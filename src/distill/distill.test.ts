import { expect, test } from "vitest";
import { answered, type Body, edited, facts, failing, guesses, ran, said, used } from "../../test/told.ts";
import { FILES_KEPT_MAX, TURNS_KEPT_MAX } from "../base/limits.ts";
import type { ConversationFacts } from "./facts.ts";

test("a turn runs from the person's prompt to the agent's last words", () => {
  const { turns, turnCount } = facts(
    said("add a cache", { promptId: "p1" }),
    answered("Looking."),
    edited("/w/a.ts", "x", "y"),
    answered("Done."),
    said("thanks"),
  );

  expect(turnCount).toBe(2);
  expect(turns).toMatchObject([
    {
      promptRecord: "r0",
      promptId: "p1",
      prompt: "add a cache",
      answer: "Done.",
      outcome: "answered",
      files: ["/w/a.ts"],
      startedAtMs: 0,
      endedAtMs: 4000,
    },
    { prompt: "thanks", answer: undefined, outcome: "open" },
  ]);
});

test("a turn that the person cut short has no answer, and what ran then has no exit code", () => {
  const call: Body = {
    type: "tool_call",
    callId: "slow",
    tool: { kind: "shell", name: "Bash", command: "make all", background: false },
  };
  const byEsc = facts(said("build"), call, { type: "interruption", duringTool: true });
  const byPrompt = facts(said("build"), call, said("stop that"));

  for (const { turns, commands } of [byEsc, byPrompt]) {
    expect(turns[0]).toMatchObject({ outcome: "interrupted", answer: undefined });
    expect(commands).toMatchObject([{ command: "make all", exitCode: undefined }]);
  }
});

test("an API error fails the turn", () => {
  expect(facts(said("go"), { type: "answer", text: "API Error: 529", failed: true }).turns).toMatchObject([
    { outcome: "failed", answer: "API Error: 529" },
  ]);
});

test("what the agent says after it woke by itself is added to its answer", () => {
  const steps = [
    said("go"),
    answered("Started the build."),
    { type: "wake" } as Body,
    ran("cat log"),
    answered("It is green."),
  ];

  expect(facts(...steps).turns[0]?.answer).toBe("It is green.");
  expect(facts(said("go"), answered("All done."), { type: "wake" }, answered("Ack.")).turns[0]?.answer).toBe(
    "All done.\n\nAck.",
  );
});

test("words said while the agent works belong to the turn", () => {
  const { turns, turnCount } = facts(
    said("add tests"),
    ran("ls"),
    said("in vitest", { duringTurn: true }),
    answered("Done."),
  );

  expect(turnCount).toBe(1);
  expect(turns[0]).toMatchObject({ prompt: "add tests\nin vitest", answer: "Done.", outcome: "answered" });
});

test("turns that the person went back over are marked", () => {
  const { turns } = facts(
    said("one", { parentRecord: "p0" }),
    answered("1"),
    said("two", { parentRecord: "p1" }),
    answered("2"),
    said("other two", { parentRecord: "p1" }),
  );

  expect(turns.map(({ prompt, rewound }) => [prompt, rewound === true])).toEqual([
    ["one", false],
    ["two", true],
    ["other two", false],
  ]);
});

test("subagents' files, commands, tools and usage count, and their words do not", () => {
  const inside = (body: Body): Body => Object.assign({}, body, { subagent: "a8" });
  const { turns, files, commands, tools, usage } = facts(
    said("go"),
    answered("Asking."),
    edited("/w/s.ts", "a", "b").map(inside),
    ran("npm test", { text: "Tests  2 passed (2)" }).map(inside),
    inside(said("you are a reviewer")),
    inside(answered("I decided to use Rust because it is fast.")),
    inside({
      type: "usage",
      messageId: "m1",
      model: "x",
      usage: { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 },
    }),
  );

  expect(turns).toMatchObject([{ prompt: "go", answer: "Asking.", outcome: "answered", files: ["/w/s.ts"] }]);
  expect(files).toMatchObject([{ path: "/w/s.ts", ops: ["modified"] }]);
  expect(commands).toMatchObject([{ command: "npm test", exitCode: 0, tests: { passed: 2, failed: 0 } }]);
  expect(tools).toEqual({ Edit: 1, Bash: 1 });
  expect(usage).toMatchObject({ inputTokens: 1, replies: 1 });
});

test("usage counts once for each reply, with the highest figure its blocks tell", () => {
  const usage = (messageId: string, outputTokens: number): Body => ({
    type: "usage",
    messageId,
    model: "x",
    usage: { inputTokens: 10, outputTokens, cacheReadTokens: 5, cacheWriteTokens: 0 },
  });

  expect(facts(usage("a", 1), usage("a", 1), usage("b", 7), usage("a", 30)).usage).toEqual({
    inputTokens: 20,
    outputTokens: 37,
    cacheReadTokens: 10,
    cacheWriteTokens: 0,
    replies: 2,
  });
});

test("files are read, created and modified, the latest last; what failed did not happen", () => {
  const { files } = facts(
    said("go"),
    used({ kind: "write", name: "Write", path: "/w/new.ts", newText: "x" }, { created: true }),
    used({ kind: "read", name: "Read", path: "/w/b.ts" }),
    used({ kind: "edit", name: "Edit", path: "/w/c.ts", oldText: "a", newText: "b" }, { ok: false }),
    edited("/w/new.ts", "x", "y"),
  );

  expect(files).toMatchObject([
    { path: "/w/b.ts", ops: ["read"] },
    { path: "/w/new.ts", ops: ["created", "modified"] },
  ]);
});

test("todos follow the whole list and single changes", () => {
  const list = (...todos: readonly [string, "pending" | "completed"][]) =>
    used({
      kind: "todos",
      name: "TodoWrite",
      whole: true,
      todos: todos.map(([text, status]) => ({ id: undefined, text, status })),
    });
  const change = (
    id: string | undefined,
    text: string | undefined,
    status: "pending" | "completed" | "deleted",
    todoId?: string,
  ) => used({ kind: "todos", name: "TaskUpdate", whole: false, todos: [{ id, text, status }] }, { todoId });
  const whole = facts(
    said("go"),
    list(["a", "pending"], ["b", "pending"]),
    list(["a", "completed"], ["c", "pending"]),
  );
  const single = facts(
    said("go"),
    change(undefined, "one", "pending", "1"),
    change(undefined, "two", "pending", "2"),
    change("1", undefined, "completed"),
    change("2", undefined, "deleted"),
  );

  expect(whole.todos).toMatchObject([
    { text: "a", status: "completed", record: "r2", ordinal: 0 },
    { text: "c", status: "pending", record: "r4", ordinal: 1 },
  ]);
  expect(single.todos).toMatchObject([{ id: "1", text: "one", status: "completed" }]);
});

test("a command that failed twice and passed after changes is a fix worth a note; once is a fact", () => {
  const error = failing("FAIL src/a.test.ts\nTypeError: refresh is not a function");
  const struggle = facts(
    said("fix it"),
    ran("npm test 2>&1 | tail -20", error),
    edited("/w/src/a.ts", "a", "b"),
    ran("npm test", error),
    edited("/w/src/b.ts", "a", "b"),
    ran("cd /w && npm test", { text: "Tests  3 passed (3)" }),
  );
  const once = facts(said("go"), ran("make", error), edited("/w/a.c", "a", "b"), ran("make"));
  const flaky = facts(said("go"), ran("make", error), ran("make"));

  expect(struggle.fixes).toMatchObject([
    { command: "npm test", runs: 2, files: ["/w/src/a.ts", "/w/src/b.ts"] },
  ]);
  expect(guesses(struggle)).toEqual([
    {
      kind: "worked",
      text: "Fixed in src/a.ts, src/b.ts: TypeError: refresh is not a function",
      result: "`npm test` had failed 2 times and passes",
    },
  ]);
  expect(once.fixes.length).toBe(1);
  expect(guesses(once)).toEqual([]);
  expect(flaky.fixes).toEqual([]);
});

test("tests that fail behind a pipe have failed, whatever its exit code; a search without a match has not", () => {
  const { turns, carry } = facts(
    said("go"),
    ran("npm test | tail", { exitCode: 0, text: "Tests  1 failed | 2 passed (3)" }),
    ran("grep x y", failing("")),
  );

  expect(turns[0]?.commandsFailed).toEqual(["npm test"]);
  expect(carry.failures.length).toBe(1);
});

test("an edit that is taken back after a failure is a failed approach; without a reason it is a fact", () => {
  const forth = edited("/w/src/a.ts", "const ttl = 60;", "const ttl = cache.ttl();");
  const back = edited("/w/src/a.ts", "const ttl = cache.ttl();", "const ttl = 60;");
  const failed = facts(
    said("go"),
    forth,
    ran("npm test", failing("TypeError: cache.ttl is not a function")),
    back,
  );

  expect(guesses(failed)).toEqual([
    {
      kind: "failed",
      text: "A change of src/a.ts (“const ttl = cache.ttl();”)",
      why: "`npm test` failed: TypeError: cache.ttl is not a function",
      file: "src/a.ts",
    },
  ]);
  expect(facts(said("go"), forth, back)).toMatchObject({
    undone: [{ path: "/w/src/a.ts", why: undefined }],
    proposals: [],
  });
  expect(
    guesses(
      facts(
        said("go"),
        forth,
        ran("npm test", failing("Error: x")),
        back,
        edited("/w/src/a.ts", "const ttl = 60;", "const ttl = cache.ttl();"),
      ),
    ),
  ).toEqual([]);
});

test("git throws edits away that are in no commit", () => {
  const steps = [
    said("go"),
    edited("/w/src/a.ts", "a", "tokens.rotate()"),
    ran("npm test", failing("Error: no tokens")),
  ];
  const thrown = facts(...steps, ran("git checkout -- src/a.ts"));
  const committed = facts(...steps, ran('git commit -qam "wip"'), ran("git reset --hard"));

  expect(thrown.undone).toMatchObject([{ path: "/w/src/a.ts", why: "`npm test` failed: Error: no tokens" }]);
  expect(committed.undone).toEqual([]);
});

test("a refused plan is a failed approach, with the reason typed at once or in the next prompt", () => {
  const plan = (reason?: string) =>
    used(
      { kind: "plan", name: "ExitPlanMode", plan: "# Move sessions to Redis\n1. …" },
      { ok: false, rejected: { reason } },
    );
  const expected = {
    kind: "failed",
    text: "The plan “Move sessions to Redis” was refused",
    why: "we have no Redis in production",
  };

  expect(guesses(facts(said("plan it"), plan("we have no Redis in production")))).toEqual([expected]);
  expect(guesses(facts(said("plan it"), plan(), said("we have no Redis in production")))).toEqual([expected]);
  expect(guesses(facts(said("plan it"), plan()))).toEqual([]);
});

test("a refused command is a failed approach if the person said why", () => {
  const refused = (reason?: string) => ran("npm install left-pad", { ok: false, rejected: { reason } });

  expect(guesses(facts(said("go"), refused("no new dependencies")))).toEqual([
    { kind: "failed", text: "Running `npm install left-pad` was refused", why: "no new dependencies" },
  ]);
  expect(facts(said("go"), refused())).toMatchObject({
    refusals: [{ what: "Running `npm install left-pad`" }],
    proposals: [],
    commands: [],
  });
});

test("a correction that says how is the person's decision; one against changed files is a failed approach", () => {
  const done = [said("add a client"), edited("/w/src/client.ts", "a", "b"), answered("Done.")];
  const how = facts(...done, said("No, use the existing client. It already retries."));
  const wrong = facts(...done, said("that's wrong, the retries are gone"));
  const talk = facts(said("what is this?"), answered("A cache."), said("no, that is not so"));

  expect(guesses(how)).toEqual([
    {
      kind: "decision",
      text: "Use the existing client",
      why: "It already retries",
      approved: "by the person",
    },
  ]);
  expect(how.turns.at(-1)?.corrects).toBe(true);
  expect(guesses(wrong)).toEqual([
    {
      kind: "failed",
      text: "What was done in src/client.ts for “add a client”",
      why: "the retries are gone",
      file: "src/client.ts",
    },
  ]);
  expect(guesses(talk)).toEqual([]);
});

test("a first prompt corrects nothing", () => {
  expect(guesses(facts(said("Don't use classes. Build a parser.")))).toEqual([]);
});

test("an answered question and a decision with its reason are decisions", () => {
  const question = used(
    { kind: "question", name: "AskUserQuestion", questions: ["Which cache?", "Which port?"] },
    { answers: ["Redis", ""] },
  );
  const result = facts(
    said("go"),
    question,
    answered("I chose a write-through cache because reads dominate."),
  );

  expect(result.answers).toMatchObject([{ question: "Which cache?", answer: "Redis" }]);
  expect(guesses(result)).toEqual([
    { kind: "decision", text: "Which cache? Redis", approved: "by the person" },
    { kind: "decision", text: "A write-through cache", why: "reads dominate" },
  ]);
});

test("next steps are those of the last answer and what the todos hold when the turn is over", () => {
  const answer = answered(
    "Done.\n\n**Next steps:**\n1. Rotate refresh tokens\n2. Add rate limits\n\nWant me to go on?",
  );
  const todos = used({
    kind: "todos",
    name: "TodoWrite",
    whole: true,
    todos: [
      { id: undefined, text: "Write the docs", status: "pending" },
      { id: undefined, text: "Add rate limits", status: "in_progress" },
      { id: undefined, text: "Login", status: "completed" },
    ],
  });
  const first = facts(said("go"), todos, answer);
  const texts = (result: ConversationFacts) => guesses(result).map(({ kind, text }) => `${kind}: ${text}`);

  expect(texts(first)).toEqual([
    "next: Add rate limits",
    "next: Rotate refresh tokens",
    "next: Write the docs",
  ]);
  expect(first.proposals.map(({ evidence }) => evidence.record)).toEqual(["r2", "r3", "r2"]);
  expect(texts(facts(said("go"), answer, said("what is JWT?"), answered("A token.")))).toEqual([
    "next: Rotate refresh tokens",
    "next: Add rate limits",
  ]);
  expect(
    texts(facts(said("go"), answer, said("do both"), edited("/w/a", "a", "b"), answered("Both done."))),
  ).toEqual([]);
  expect(texts(facts(said("go"), todos))).toEqual([]);
});

test("the same guess has the same key for ever, and two of one record have two", () => {
  const steps = [
    said("go"),
    answered("Next steps:\n- one thing\n- another thing"),
    said("hm?"),
    answered("Next steps:\n- another thing"),
  ];
  const early = facts(...steps.slice(0, 2)).proposals;
  const late = facts(...steps).proposals;

  expect(new Set(early.map(({ key }) => key)).size).toBe(2);
  expect(early[0]?.key).toMatch(/^[0-9a-f]{64}$/);
  expect(late.map(({ text, key }) => [text, key])).toEqual([[early[1]?.text, early[1]?.key]]);
});

test("commits, titles, git branches and compactions are facts", () => {
  const result = facts(
    { type: "title", text: "given by hand", byPerson: true },
    { type: "title", text: "made up", byPerson: false },
    { type: "compaction", trigger: "manual" },
    said("go"),
    ran('git commit -m "auth: rotate"', { text: "[feature/auth abc1234] auth: rotate\n 1 file changed" }),
    Object.assign(answered("ok"), { gitBranch: "HEAD" }),
    Object.assign(answered("ok"), { gitBranch: "fix" }),
  );

  expect(result).toMatchObject({
    title: "given by hand",
    commits: [{ hash: "abc1234", subject: "auth: rotate", gitBranch: "feature/auth" }],
    gitBranches: ["main", "fix"],
    compactions: 1,
    startedAtMs: 0,
    lastAtMs: 7000,
  });
});

test("facts stay bounded however long the conversation is and whatever it holds", () => {
  const long = "x".repeat(50_000);
  const items = Array.from({ length: 700 }, (_, n) => [
    said(`${n} ${long}`),
    used({ kind: "write", name: `tool ${n}`, path: `/w/${n}`, newText: long }),
    edited(`/w/e${n}`, `${n} ${long}`, long),
    ran(`make ${n} ${long}`, failing(long)),
    answered(`I chose ${n} because ${n}.\nNext steps:\n- ${n} ${long}`),
  ]);
  const result = facts(...items.flat());

  expect(result.turnCount).toBe(700);
  expect(result.turns.length).toBe(TURNS_KEPT_MAX);
  expect(result.files.length).toBe(FILES_KEPT_MAX);
  expect(JSON.stringify(result).length).toBeLessThan(800_000);
});
