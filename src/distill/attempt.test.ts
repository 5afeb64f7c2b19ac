import fc from "fast-check";
import { expect, test } from "vitest";
import { expectLinearIn } from "../../test/linear.ts";
import { attemptsOf } from "./attempt.ts";

const read = (text: string, tookBack = false) =>
  attemptsOf(text, { tookBack }).map(({ text, why, lesson }) =>
    [text, why ?? "-", ...(lesson === undefined ? [] : [lesson])].join(" | "),
  );

test("what was tried in vain is read with its reason, however it is put", () => {
  const said: readonly (readonly [string, string])[] = [
    [
      "Tried: one lock for all files. It failed because two hooks wait for each other. Undone.",
      "One lock for all files | two hooks wait for each other",
    ],
    [
      "I tried caching the tokens in localStorage, but any script can read them.",
      "Caching the tokens in localStorage | any script can read them",
    ],
    [
      "I first tried a global mutex, which deadlocked under load. Reverted.",
      "A global mutex | deadlocked under load",
    ],
    [
      "We attempted to move the parser into a worker; however, copying made it slower.",
      "Move the parser into a worker | copying made it slower",
    ],
    [
      "Using a regex for nested quotes didn't work because it backtracks.",
      "A regex for nested quotes | it backtracks",
    ],
    [
      "The retry approach doesn't work: the server counts every attempt, so I reverted it.",
      "The retry approach | the server counts every attempt",
    ],
    [
      "Optimistic locking failed because the ORM swallows the conflict. I rolled it back.",
      "Optimistic locking | the ORM swallows the conflict",
    ],
    [
      "I tried to memoize the selector. It didn't help because its input is a new array.",
      "Memoize the selector | its input is a new array",
    ],
    [
      "Dead end: patching the vendored library. The build overwrites it.",
      "Patching the vendored library | The build overwrites it",
    ],
    [
      "Reverted the switch to esbuild because it drops decorator metadata.",
      "The switch to esbuild | it drops decorator metadata",
    ],
    [
      "My first attempt, a LRU keyed by URL, failed because URLs carry a nonce.",
      "A LRU keyed by URL | URLs carry a nonce",
    ],
    [
      "Attempt 1: debounce in the view. Its timer is lost on unmount. Attempt 2: in the store. Works.",
      "Debounce in the view | Its timer is lost on unmount",
    ],
    [
      "What didn't work: server-sent events, because the proxy buffers responses.",
      "Server-sent events | the proxy buffers responses",
    ],
    [
      "Switching to WAL mode made no difference. I took it back.",
      "Switching to WAL mode | it made no difference",
    ],
    [
      "Tried Redis streams but restarts lost messages — went back to Postgres.",
      "Redis streams | restarts lost messages",
    ],
    [
      "Mocking the clock globally won't work since the driver reads it natively.",
      "Mocking the clock globally | the driver reads it natively",
    ],
    [
      "Tried: polling. It hung the tab. Lesson learned: push, never pull.",
      "Polling | It hung the tab | push, never pull",
    ],
  ];
  for (const [text, attempt] of said) expect(read(text), text).toEqual([attempt]);
});

test("items under a heading of failures are attempts, with what stands below them", () => {
  expect(
    read(
      "## What failed\n- **Session cookies**: need sticky sessions\n- Polling each second → too much load\n- `sharp` for thumbnails because it needs libvips\n- something odd\n\n## Next",
    ),
  ).toEqual([
    "Session cookies | need sticky sessions",
    "Polling each second | too much load",
    "`sharp` for thumbnails | it needs libvips",
  ]);
  expect(
    read(
      "**Dead ends — do not retry**\n\n1. Streaming the CSV\n   - Problem: it buffers the whole file\n   - Lesson learned: measure first\n2. ~~A bigger pool~~\n\nNothing else.",
    ),
  ).toEqual(["Streaming the CSV | it buffers the whole file | measure first", "A bigger pool | -"]);
  expect(
    read("### Failed approaches\n\n| # | Approach | Why |\n|---|---|---|\n| 1 | Boost by age | Unstable |\n"),
  ).toEqual(["Boost by age | Unstable"]);
  expect(read("## What didn't work\n❌ **Wrapping `a(b: 0)` again**: no effect on it\n❌ none")).toEqual([
    "Wrapping `a(b: 0)` again | no effect on it",
  ]);
  expect(
    read(
      "Failed attempts:\n- **Narrowing** the type:\n  Failed because test crates are built on their own and\n  cannot see it.\n- None.",
    ),
  ).toEqual(["Narrowing the type | test crates are built on their own and cannot see it"]);
});

test("bugs, failing tests, failed commands and wishes are no attempts", () => {
  for (const text of [
    "The test failed because the fixture was stale.",
    "`npm test` fails because the port is taken.",
    "The login button doesn't work because the handler is missing.",
    "I tried to run the tests but there is no network.",
    "I tried to read the file but it doesn't exist.",
    "If the cache doesn't work because of X, we can try Y.",
    "3 tests failed because the snapshot changed.",
    "This failed because of a typo. Fixed.",
    "The build failed: missing dependency.",
    "I tried the new API and it works.",
    "Have you tried turning it off?",
    "The upload fails because the server returns 413.",
    "Tried: a bigger pool. It works.",
    "Deploying failed because the token expired.",
    "Running the migration failed because the database is locked.",
    "Failed: 3 tests",
    "What failed:\n- auth.test.ts\n- cart.test.ts",
    "## Dead ends\n- None. All is well.",
    "```\nI tried a but b\n```",
    "> Tried: polling. It failed because of load.",
  ]) {
    expect(read(text), text).toEqual([]);
  }
});

test("after changes were taken back, a bare mention is about them", () => {
  expect(read("Tried: a lock per file.")).toEqual([]);
  expect(read("Tried: a lock per file.", true)).toEqual(["A lock per file | -"]);
  expect(read("A lock per file doesn't work: NFS has none.", true)).toEqual([
    "A lock per file | NFS has none",
  ]);
});

test("any words are read without throwing and in linear time", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => void read(text, true)));
  for (const part of [
    "tried: ",
    "I tried a but ",
    "x didn't work because ",
    "## dead ends\n- ",
    "- a\n  - b\n",
    "| a | b ",
    "|",
    "`",
    "(",
    "reverted a because ",
    "which ",
    "attempt 1: ",
    "— ",
    " ",
  ]) {
    expectLinearIn(part, 60_000, (text) => read(text, true));
  }
});
