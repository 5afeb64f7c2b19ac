import { expect, test } from "vitest";
import { answered, type Body, edited, facts, failing, guesses, ran, said, used } from "../../test/told.ts";
import type { ConversationFacts } from "./facts.ts";

const texts = (result: ConversationFacts) => guesses(result).map(({ kind, text }) => `${kind}: ${text}`);
const interrupted: Body = { type: "interruption", duringTool: false };
const TRY = [
  said("make it fast"),
  answered("I'll put a lock around every write:"),
  edited("/w/src/a.ts", "write(x)", "locked(() => write(x))"),
  edited("/w/src/b.ts", "write(y)", "locked(() => write(y))"),
  ran("npm test", failing("✖ two writers (3ms)\n  Error: deadlock")),
];
const FAILED = { why: "`npm test` failed: two writers: Error: deadlock", file: "src/a.ts, src/b.ts" };

test("edits thrown away after a failure are one failed approach, in the words that announced them", () => {
  for (const command of [
    "git checkout src/a.ts src/b.ts && git status --short",
    "git checkout -- .",
    "git restore src",
    "git reset --hard",
    "git stash",
  ]) {
    expect(guesses(facts(...TRY, ran(command))), command).toEqual([
      { kind: "failed", text: "Put a lock around every write", ...FAILED },
    ]);
  }
});

test("a statement takes the place of the edits it is about, before or after them, and has their files", () => {
  const after = facts(
    ...TRY,
    ran("git checkout src/"),
    answered("Tried: a lock around every write. It failed because both wait for each other. Undone."),
  );
  const before = facts(
    ...TRY,
    answered("A lock around every write doesn't work because both wait for each other. I'm taking it back."),
    ran("git checkout src/a.ts src/b.ts"),
    answered("Back to where we were."),
  );
  const twice = facts(
    ...TRY,
    answered("Using a lock doesn't work because of the order. Reverting."),
    ran("git checkout src/"),
    answered("Tried: a lock around every write. It failed because both wait for each other."),
  );

  const expected = {
    kind: "failed",
    text: "A lock around every write",
    why: "both wait for each other",
    file: "src/a.ts, src/b.ts",
  };
  expect(guesses(after)).toEqual([expected]);
  expect(guesses(before)).toEqual([expected]);
  expect(guesses(twice)).toEqual([expected]);
});

test("what was stashed and brought back, or passed in the end, is no failure", () => {
  expect(facts(...TRY, ran("git stash"), ran("npm test"), ran("git stash pop"))).toMatchObject({
    undone: [],
    proposals: [],
  });
  const debugging = facts(
    ...TRY,
    edited("/w/src/a.ts", "locked(", "lockedInOrder("),
    ran("npm test"),
    ran("git checkout src/b.ts"),
  );
  expect(texts(debugging)).toEqual([]);
});

test("a commit is what worked, with the tests that passed before it", () => {
  const work = [
    said("add limits"),
    edited("/w/a.ts", "a", "b"),
    ran("npm test", { text: "ℹ pass 5\nℹ fail 0" }),
  ];
  const quiet = ran('git commit -qam "api: limits" && git log --oneline -1', { text: "5f0aa02 api: limits" });

  expect(guesses(facts(...work, quiet))).toEqual([
    { kind: "worked", text: "api: limits", result: "committed as 5f0aa02; 5 tests pass" },
  ]);
  expect(guesses(facts(...work, edited("/w/a.ts", "b", "c"), quiet))).toEqual([
    { kind: "worked", text: "api: limits", result: "committed as 5f0aa02" },
  ]);
  expect(facts(...work, quiet).commits).toEqual([
    { hash: "5f0aa02", subject: "api: limits", gitBranch: "main", atMs: 6000 },
  ]);
  expect(texts(facts(...work, ran("git commit -m wip", { text: "[main 5f0aa02] wip" })))).toEqual([]);
});

test("a quiet commit gets its hash from a later command", () => {
  const result = facts(
    said("go"),
    edited("/w/a.ts", "a", "b"),
    ran("git commit -qam 'api: limits'"),
    ran("git log --oneline -3", { text: "5f0aa02 (HEAD -> main) api: limits\n1111111 older" }),
  );
  expect(result.commits).toMatchObject([{ hash: "5f0aa02", subject: "api: limits" }]);
  expect(guesses(result)).toEqual([{ kind: "worked", text: "api: limits", result: "committed as 5f0aa02" }]);
});

test("an amended commit is one commit and keeps its key; one taken back is none", () => {
  const first = [said("go"), ran("git commit -m 'add limit'", { text: "[main 1111111] add limit" })];
  const amended = facts(
    ...first,
    ran("git commit --amend -m 'api: limits for logins'", { text: "[main 2222222] api: limits for logins" }),
  );

  expect(amended.commits).toMatchObject([{ hash: "2222222" }]);
  expect(guesses(amended)).toEqual([
    { kind: "worked", text: "api: limits for logins", result: "committed as 2222222" },
  ]);
  expect(amended.proposals[0]?.key).toBe(facts(...first).proposals[0]?.key);
  expect(facts(...first, ran("git reset --soft HEAD~1"))).toMatchObject({ commits: [], proposals: [] });
  expect(
    texts(facts(...first, ran("git revert HEAD", { text: '[main 3333333] Revert "add limit"' }))),
  ).toEqual([]);
});

test("a commit that the person turns down did not work", () => {
  const result = facts(
    said("add a client"),
    edited("/w/src/client.ts", "a", "b"),
    ran("git commit -am 'client: one request each'", { text: "[main 1111111] client: one request each" }),
    answered("Done."),
    said("that's wrong, the retries are gone"),
  );
  expect(guesses(result)).toEqual([
    {
      kind: "failed",
      text: "client: one request each",
      why: "the retries are gone",
      file: "src/client.ts",
    },
  ]);
});

test("what is turned down is told in the agent's words, never as half a prompt", () => {
  const long = `We need a client. ${"It has to be good. ".repeat(20)}`;
  const done = (answer: string) =>
    guesses(
      facts(
        said(long),
        edited("/w/src/client.ts", "a", "b"),
        answered(answer),
        said("revert that, it breaks staging"),
      ),
    );
  expect(done("I've replaced the retries by one request. Tests pass.")).toEqual([
    {
      kind: "failed",
      text: "Replaced the retries by one request",
      why: "it breaks staging",
      file: "src/client.ts",
    },
  ]);
  expect(done("All green.")[0]?.text).toBe("What was done in src/client.ts");
});

test("an edit taken back after the person turned it down is the same matter", () => {
  const result = facts(
    said("add a client"),
    edited("/w/src/client.ts", "a", "b"),
    answered("Done."),
    said("that's wrong, the retries are gone"),
    edited("/w/src/client.ts", "b", "a"),
    answered("Reverted."),
  );
  expect(texts(result)).toEqual(["failed: What was done in src/client.ts for “add a client”"]);
});

test("an option refused and one picked are the person's decisions", () => {
  const asked = answered("That could live in:\n1. Redis with a TTL\n2. our own store\nWhich one?");
  expect(guesses(facts(said("go"), asked, said("No, not Redis: we run on one machine.")))).toEqual([
    { kind: "decision", text: "Not Redis", why: "we run on one machine", approved: "by the person" },
  ]);
  expect(guesses(facts(said("go"), asked, said("option 2 please")))).toEqual([
    { kind: "decision", text: "Our own store", approved: "by the person" },
  ]);
});

test("an interrupted turn is what is next, before what its answer and earlier ones left", () => {
  const before = [
    said("build it"),
    edited("/w/a", "a", "b"),
    answered("Built.\n\nNext steps:\n1. Drop old rows\n2. Document it"),
  ];
  const cut = facts(
    ...before,
    said("Phones send it twice. Do not fail then."),
    edited("/w/a", "b", "c"),
    answered("Half of it. What is left:\n\n1. Give the store a clock.\n2. A test: the sa"),
    interrupted,
  );

  expect(texts(cut)).toEqual([
    "next: Go on with: Phones send it twice. Do not fail then.",
    "next: Give the store a clock",
    "next: Drop old rows",
    "next: Document it",
  ]);
  expect(cut.proposals[0]?.evidence.record).toBe(cut.turns[1]?.promptRecord);
  expect(texts(facts(...before, said("go on"), interrupted))).toEqual([
    "next: Drop old rows",
    "next: Document it",
  ]);
  expect(texts(facts(said("fix the parser"), interrupted, said("continue"), interrupted))).toEqual([
    "next: Go on with: fix the parser",
  ]);
  expect(texts(facts(said("add a flag"), { type: "answer", text: "API Error: 529", failed: true }))).toEqual([
    "next: Go on with: add a flag",
  ]);
  expect(texts(facts(said("add a flag"), interrupted, said("never mind"), answered("Fine.")))).toEqual([]);
});

test("a long prompt that was cut short is told by its first whole sentences", () => {
  const [next] = guesses(facts(said(`${"Rows are read twice. ".repeat(30)}`), interrupted));
  expect(next?.text.length).toBeLessThanOrEqual(200);
  expect(next?.text.endsWith("Rows are read twice.")).toBe(true);
});

test("a step is said once, in its fuller words, and with the key of its todo", () => {
  const todo = used(
    {
      kind: "todos",
      name: "TaskCreate",
      whole: false,
      todos: [{ id: undefined, text: "Drop expired rows", status: "pending" }],
    },
    { todoId: "1" },
  );
  const both = facts(
    said("go"),
    todo,
    edited("/w/a", "a", "b"),
    answered("Next steps:\n- Drop expired rows: the table grows by one a login.\n- Say it in the README"),
  );
  expect(texts(both)).toEqual([
    "next: Drop expired rows: the table grows by one a login",
    "next: Say it in the README",
  ]);
  expect(both.proposals[0]?.key).toBe(facts(said("go"), todo, answered("Done.")).proposals[0]?.key);
});

test("steps go when they are done or others are named, and stay through work on something else", () => {
  const named = [
    said("go"),
    edited("/w/a", "a", "b"),
    answered("Next steps:\n- Drop expired rows\n- Document the flag"),
  ];
  const work = (prompt: string, ...more: readonly (Body | readonly Body[])[]) =>
    texts(facts(...named, said(prompt), edited("/w/b", "a", "b"), ...more, answered("Done."))).filter(
      (text) => text.startsWith("next"),
    );

  expect(work("fix the typo in the header")).toEqual(["next: Drop expired rows", "next: Document the flag"]);
  expect(work("drop the expired rows first")).toEqual(["next: Document the flag"]);
  expect(work("go on")).toEqual([]);
  expect(
    work("make CI green", ran("git commit -am x", { text: "[main 1111111] docs: document the new flag" })),
  ).toEqual(["next: Drop expired rows"]);
  expect(work("tidy up", answered("x"), answered("Remaining: deploy it"))).toEqual(["next: Deploy it"]);
});

test("commits do not push decisions out of a long conversation", () => {
  const commits = Array.from({ length: 40 }, (_, n) =>
    ran("git commit -am x", {
      text: `[main 1111${String(n).padStart(3, "0")}] part ${n}: ${"abcdefghij"[n % 10]}${n} works`,
    }),
  );
  const result = facts(said("go"), answered("I chose SQLite because it needs no server."), ...commits);
  expect(texts(result).filter((text) => text.startsWith("decision"))).toEqual(["decision: SQLite"]);
  expect(texts(result).at(-1)).toBe("worked: part 39: j39 works");
});
