import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type BoardQuestion, type BoardSession, lineFor, writeBoard } from "./board.ts";

const active = (slug: string, title: string): BoardSession => ({
  slug,
  title,
  column: "active",
  reason: undefined,
  paused: false,
});
const done = (slug: string, title: string): BoardSession => ({ ...active(slug, title), column: "completed" });
const blocked = (slug: string, reason: string): BoardSession => ({
  ...active(slug, slug),
  column: "blocked",
  paused: true,
  reason,
});

const board = (
  text: string | undefined,
  sessions: readonly BoardSession[],
  over: Partial<BoardQuestion> = {},
) =>
  writeBoard({
    text,
    person: "@ada",
    sessions,
    known: new Set(sessions.map(({ slug }) => slug)),
    written: new Map(),
    ...over,
  });

const TEAM = `# .claude/SESSIONS.md (Shared with team)

## Active Sessions
- @alice: 2026-01-25-feature-payments (payment processing)
- @bob: 2026-01-24-bug-cache (memory leak investigation)

## Recent Completions
- @charlie: 2026-01-23-docs-api (API documentation) ✓
- @alice: 2026-01-20-refactor-auth (auth refactoring) ✓

## Blocked Work
- @bob's work blocked on security review (expected 2026-01-27)
`;

test("a new board has three sections and a line a session, as the format shows", () => {
  const sessions = [
    active("2026-01-25-search", "Search"),
    done("2026-01-20-login", "Login"),
    blocked("2026-01-22-mail", "waiting for a key by @carol (expected 2026-01-27)"),
  ];
  const format = readFileSync(new URL("../../docs/formats/board.md", import.meta.url), "utf8");
  expect(board(undefined, sessions).text).toBe(/^````markdown\n([\s\S]*?)^````$/m.exec(format)?.[1]);
});

test("among others' lines ours are sorted in, and theirs stay byte for byte", () => {
  const { text } = board(TEAM.replaceAll("\n", "\r\n"), [
    active("2026-01-25-search", "Search"),
    done("2026-01-20-login", "Login"),
  ]);
  const added = text.split("\r\n").filter((line) => line.startsWith("- @ada"));
  expect(added).toEqual(["- @ada: 2026-01-25-search (Search)", "- @ada: 2026-01-20-login (Login) ✓"]);
  expect(
    text
      .split("\r\n")
      .filter((line) => !line.startsWith("- @ada"))
      .join("\n"),
  ).toBe(TEAM);
  expect(text).toContain("## Active Sessions\r\n- @ada: 2026-01-25-search (Search)\r\n- @alice");
});

test("a session's line moves from section to section, and goes when its time is over", () => {
  const start = board(TEAM, [active("2026-01-25-search", "Search")]);
  const finished = board(start.text, [done("2026-01-25-search", "Search")], { written: start.written });
  expect(finished.text).not.toContain("search (Search)\n");
  expect(finished.text).toContain("## Recent Completions\n- @ada: 2026-01-25-search (Search) ✓\n- @charlie");
  const over = board(finished.text, [], { known: new Set(["2026-01-25-search"]), written: finished.written });
  expect(over.text).toBe(TEAM);
});

test("words of one's own stay in a line, also where it moves; ours follow the session", () => {
  const first = board(undefined, [active("2026-01-25-search", "Search")]);
  const renamed = board(first.text, [active("2026-01-25-search", "Full text")], { written: first.written });
  expect(renamed.text).toContain("- @ada: 2026-01-25-search (Full text)");
  const theirs = first.text.replace("(Search)", "(search, see #12; needs @bob)");
  const kept = board(theirs, [active("2026-01-25-search", "Full text")], { written: first.written });
  expect([kept.text, kept.kept]).toEqual([theirs, ["2026-01-25-search"]]);
  const moved = board(theirs, [done("2026-01-25-search", "Full text")], { written: first.written });
  expect(moved.text).toContain("- @ada: 2026-01-25-search (search, see #12; needs @bob) ✓");
});

test("lines of this person that no session here is known for are somebody's words, or another machine's", () => {
  const text = `${TEAM}- @ada: 2025-12-01-elsewhere (from the other laptop)\n`;
  expect(board(text, []).text).toBe(text);
});

test("a line that a merge doubled is there once again, and a half-merged board is left alone", () => {
  const { text, written } = board(TEAM, [active("2026-01-25-search", "Search")]);
  const line = "- @ada: 2026-01-25-search (Search)\n";
  expect(
    board(text.replace(line, line + line), [active("2026-01-25-search", "Search")], { written }).text,
  ).toBe(text);
  const conflict = text.replace(line, `<<<<<<< HEAD\n${line}=======\n>>>>>>> theirs\n`);
  expect(board(conflict, [])).toMatchObject({ text: conflict, broken: expect.stringContaining("line 4") });
});

test("two people's additions to one board merge: each changes lines of their own only", () => {
  const ada = board(TEAM, [active("2026-01-25-search", "Search")]).text.split("\n");
  const zoe = board(TEAM, [active("2026-01-25-mail", "Mail")], { person: "@zoe" }).text.split("\n");
  const base = TEAM.split("\n");
  const added = (lines: readonly string[]) => lines.flatMap((line, at) => (base.includes(line) ? [] : [at]));
  expect([added(ada), added(zoe)]).toEqual([[3], [5]]);
});

const slug = fc.constantFrom("2026-01-01-a", "2026-01-02-b", "2026-01-03-c", "2026-01-04-d");
const session = fc.record({
  slug,
  title: fc.string({ maxLength: 30 }),
  column: fc.constantFrom("active", "completed", "blocked" as const),
  reason: fc.option(fc.string({ maxLength: 20 }), { nil: undefined }),
  paused: fc.boolean(),
}) as fc.Arbitrary<BoardSession>;
const anyLine = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    "",
    "## Active Sessions",
    "## Blocked",
    "# Done",
    "```",
    "- @bob: 2026-01-01-a (x)",
    "- @ada's words",
  ),
  session.map((one) => lineFor("@ada", one)),
  session.map((one) => lineFor("@zoe", one)),
);

test("whatever stands in the file: twice is once, each session has one line, and nobody else's line is touched", () => {
  fc.assert(
    fc.property(
      fc.array(anyLine, { maxLength: 25 }),
      fc.uniqueArray(session, { selector: (one) => one.slug, maxLength: 4 }),
      fc.constantFrom("\n", "\r\n"),
      (lines, sessions, eol) => {
        const text = lines.join(eol);
        const first = board(text, sessions);
        if (first.broken !== undefined) return;
        const second = board(first.text, sessions, { written: first.written });
        expect(second.text).toBe(first.text);
        const others = (of: string) =>
          of
            .split(/\r?\n/)
            .filter(
              (line) => line.trim() !== "" && !/^ {0,3}[-*+]\s+@ada:\s/.test(line) && !line.startsWith("#"),
            );
        const before = others(text);
        expect(others(first.text).filter((line) => before.includes(line))).toEqual(before);
      },
    ),
    { numRuns: 200 },
  );
});
