import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { note } from "../../test/feature-auth.ts";
import type { SessionId } from "../base/id.ts";
import { HANDOFF_CORE_TOKENS_MAX } from "../base/limits.ts";
import { estimateTokens } from "../recall/tokens.ts";
import { HORIZONS, NOTE_KINDS, type Note } from "../session/note.ts";
import { coreOf, type HandoffView, handoffPage } from "./handoff.ts";
import { readHandoff } from "./read-handoff.ts";

const VIEW: HandoffView = {
  session: "ses_0198f3a2b4c57d6e8f90123456789abc" as SessionId,
  slug: "2026-01-25-feature-auth",
  title: "Feature auth",
  from: "@ada",
  to: "@bob",
  date: "2026-01-26",
  status: "blocked",
  statusReason: "security review",
  gitBranch: "feature/auth",
  commit: "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d",
  figures: [{ name: "Total time invested", value: "2 h 10 min" }],
  notes: [],
  files: [],
  commands: [],
  path: ".claude/sessions/2026-01-25-feature-auth-handoff.md",
};

test("who it is from and for, and how to go on, stand above everything", () => {
  expect(handoffPage(VIEW).split("\n## ")[0]).toBe(`# Handoff: Feature auth
**From**: @ada
**To**: @bob
**Date**: 2026-01-26
**Session**: 2026-01-25-feature-auth (ses_0198f3a2b4c57d6e8f90123456789abc)
**Git branch**: feature/auth
**Commit**: 1a2b3c4
**Status**: blocked (security review)
**Total time invested**: 2 h 10 min

To continue: \`leftoff resume .claude/sessions/2026-01-25-feature-auth-handoff.md\`
`);
});

const FORMAT = readFileSync(new URL("../../docs/formats/handoff.md", import.meta.url), "utf8");

test("the example of the format is what is written, and what is read", () => {
  const example = /^````markdown\n([\s\S]*?)^````$/m.exec(FORMAT)?.[1] ?? "";
  const notes = [
    note("summary", "Logins survive a restart; tokens are not rotated yet"),
    note("failed", "Sessions in memory", { why: "lost at every restart" }),
    note("next", "Rotate refresh tokens", { priority: "HIGH" }),
    note("next", "Passkeys", { horizon: "future" }),
    note("decision", "15 minute access tokens", { why: "balances security and comfort" }, "proposed"),
    note("blocker", "Waiting for the security review"),
  ];
  const files = [{ path: "src/tokens.ts", what: "modified" }];
  expect(handoffPage({ ...VIEW, notes, files })).toBe(example);
  expect(readHandoff(example)?.notes.map(({ kind }) => kind)).toEqual(
    JSON.parse(/^```json\n([\s\S]*?)^```$/m.exec(FORMAT)?.[1] ?? ""),
  );
});

test("a decision that another one replaced is not handed over as one that stands, and is told below", () => {
  const notes = [
    note("decision", "Write to both sides", { why: "no gap", superseded: "One side follows the other" }),
    note("decision", "One side follows the other"),
  ];
  expect(coreOf(notes)).toBe("## Start Here\n\n**Decided**:\n- One side follows the other");
  expect(handoffPage({ ...VIEW, notes })).toContain("Write to both sides");
});

test("the core begins with what is needed first, and what does not fit is counted and stands below", () => {
  const many = Array.from({ length: 60 }, (_, at) =>
    note("failed", `Attempt ${at} at the cache`, { why: "lost" }),
  );
  const notes = [...many, note("next", "Rotate tokens"), note("next", "Some day", { horizon: "future" })];
  const core = coreOf(notes);
  expect(core).toMatch(
    /^## Start Here\n\n\*\*Next\*\*:\n- Rotate tokens\n\n\*\*Do not try again\*\*:\n- Attempt 0 at the cache — lost\n/,
  );
  expect(core).toMatch(/\n\n\d+ more below\.$/);
  expect(core).not.toContain("Some day");
  expect(handoffPage({ ...VIEW, notes })).toContain("Attempt 59 at the cache");
});

const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 300 }),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
  fc.constantFrom(
    "## Start Here",
    "# Handoff: x",
    "- [x] done",
    "(unconfirmed)",
    "</x>",
    "**Why**: no",
    "```",
  ),
);
const anyNote = fc
  .record({
    kind: fc.constantFrom(...NOTE_KINDS),
    text,
    why: fc.option(text, { nil: undefined }),
    horizon: fc.constantFrom(...HORIZONS),
    state: fc.constantFrom("open", "done", "proposed" as const),
  })
  .map(({ kind, text: words, why, horizon, state }) =>
    note(
      kind,
      words,
      { ...(why === undefined ? {} : { why }), ...(kind === "next" ? { horizon } : {}) },
      state as Note["state"],
    ),
  );

test("whatever the notes are, the core is within its budget and the page is read again as a handoff", () => {
  fc.assert(
    fc.property(fc.array(anyNote, { maxLength: 40 }), (notes) => {
      expect(estimateTokens(coreOf(notes))).toBeLessThanOrEqual(HANDOFF_CORE_TOKENS_MAX);
      const read = readHandoff(handoffPage({ ...VIEW, notes }));
      expect(read).toMatchObject({ title: "Feature auth", from: "@ada", session: VIEW.session });
    }),
    { numRuns: 60 },
  );
});

test("a colleague reads the notes that were written: kind, text, fields, what is done and what is a guess", () => {
  const notes = [
    note("summary", "Logins survive a restart"),
    note("worked", "JWT", { result: "✓ stateless", file: "`src/jwt.ts`" }),
    note("failed", "Sessions in memory", {
      why: "lost at every restart",
      lesson: "measure",
      time: "~2 hours",
    }),
    note("next", "Rotate tokens", { priority: "HIGH" }),
    note("next", "Audit", { horizon: "short-term" }, "done"),
    note("next", "Passkeys", { horizon: "future" }, "proposed"),
    note("decision", "15 minute tokens", { why: "comfort", tradeoff: "refresh", approved: "✓" }, "proposed"),
    note("file", "`src/jwt.ts` - tokens"),
    note("issue", "Not rate limited", { impact: "brute force" }, "done"),
    note("blocker", "Waiting for the key"),
    note("command", "npm test", { why: "runs tests" }),
    note("learning", "# is a comment"),
  ];
  const read = readHandoff(handoffPage({ ...VIEW, notes }))?.notes ?? [];
  expect(read).toEqual(
    notes.map(({ kind, text: words, fields, state }) => ({
      kind,
      text: words,
      fields,
      done: state === "done",
      unconfirmed: state === "proposed",
    })),
  );
});

test("any bytes are a handoff or none, and nothing throws", () => {
  fc.assert(fc.property(fc.string({ maxLength: 400 }), (any) => void readHandoff(`# Handoff: ${any}`)));
  expect(readHandoff("# Session State: x\n")).toBeUndefined();
});
