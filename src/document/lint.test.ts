import { expect, test } from "vitest";
import type { Note } from "../session/note.ts";
import { note } from "./document.model.ts";
import { isVague, type LintMaterial, lintSession } from "./lint.ts";
import { readDocument } from "./read.ts";

const HOUR_MS = 60 * 60 * 1000;
const material = (notes: readonly Note[], over: Partial<LintMaterial> = {}): LintMaterial => ({
  notes,
  document: undefined,
  phase: "active",
  nowMs: 100 * 24 * HOUR_MS,
  lastTurnAtMs: 0,
  lastNotedAtMs: 0,
  completedAtMs: undefined,
  filesChanged: 0,
  ...over,
});
const rules = (...args: Parameters<typeof material>) =>
  lintSession(material(...args)).map(({ rule }) => rule);

test("a failure without a reason and its cost, a step without priority, a success without a place are found", () => {
  const found = lintSession(
    material([
      note({ id: 1, kind: "failed", text: "Sessions in memory" }),
      note({ id: 2, kind: "next", text: "Rotate tokens" }),
      note({ id: 3, kind: "worked", text: "Short tokens" }),
      note({ id: 4, kind: "decision", text: "Cookies" }),
      note({ id: 5, kind: "blocker", text: "Review in SEC-41" }),
    ]),
  );
  expect(found.map(({ rule }) => rule)).toEqual(["reason", "time", "priority", "files", "decision", "links"]);
  for (const { message, fix } of found) expect(message !== "" && fix !== "").toBe(true);
});

test("what says all of it is left in peace", () => {
  expect(
    rules([
      note({ id: 0, kind: "summary", text: "Login for the shop" }),
      note({ id: 1, kind: "failed", text: "Sessions", fields: { why: "two hosts", time: "2h" } }),
      note({ id: 2, kind: "next", text: "P1: rotate tokens" }),
      note({ id: 3, kind: "worked", text: "Short tokens", fields: { file: "src/token.ts" } }),
      note({ id: 4, kind: "decision", text: "Cookies", fields: { why: "no script reads them" } }),
      note({ id: 5, kind: "blocker", text: "SEC-41", fields: { link: "https://example.org/SEC-41" } }),
      note({ id: 6, kind: "failed", text: "dropped", state: "dropped" }),
    ]),
  ).toEqual([]);
});

test("a status that says nothing, a long document, and work that was never put away", () => {
  const document = {
    ...readDocument("# X\n**Status**: in_progress | completed\n## Next Steps\n"),
    lines: 401,
  };
  expect(rules([], { document })).toEqual(["status", "length"]);
  expect(rules([], { phase: "complete", completedAtMs: 95 * 24 * HOUR_MS })).toEqual(["archived"]);
});

test("work that went on without notes, and a session that leaves nothing to begin with", () => {
  expect(rules([], { filesChanged: 2, lastTurnAtMs: 9 * HOUR_MS, lastNotedAtMs: HOUR_MS })).toEqual([
    "context",
    "context",
    "current",
  ]);
});

test("steps whose tags have nothing in common are of different features", () => {
  const step = (id: number, tags: string) =>
    note({ id, kind: "next", text: `Step ${id}`, fields: { tags, priority: "high" } });
  expect(rules([step(1, "auth, tokens"), step(2, "tokens")])).toEqual([]);
  expect(rules([step(1, "auth"), step(2, "billing"), step(3, "auth billing")])).toEqual([]);
  expect(rules([step(1, "auth"), step(2, "billing")])).toEqual(["mixed"]);
});

test("words that say nothing are vague, and only those", () => {
  for (const text of [
    "Fixed stuff",
    "did things",
    "Updated some code",
    "WIP",
    "various fixes",
    "continue",
    "Finish it.",
    "fix stuff",
    "Clean up the code",
  ])
    expect(isVague(text)).toBe(true);
  for (const text of ["Fixed stuff in src/a.ts", "Continue with rotation", "Improved cache", "Move invoices"])
    expect(isVague(text)).toBe(false);
});
