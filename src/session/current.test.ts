import { expect, test } from "vitest";
import type { ConversationId, SessionId } from "../base/id.ts";
import { SESSION_IDLE_MS } from "../base/limits.ts";
import { type CurrentQuestion, chooseCurrent, type SessionCandidate } from "./current.ts";

const conversation = "conv-1" as ConversationId;

function candidate(name: string, over: Partial<SessionCandidate> = {}): SessionCandidate {
  return {
    id: `ses_${name}` as SessionId,
    phase: "active",
    updatedAtMs: 1000,
    chosenAtMs: 0,
    gitBranches: ["main"],
    conversations: [],
    ...over,
  };
}

function ask(candidates: readonly SessionCandidate[], over: Partial<CurrentQuestion> = {}) {
  return chooseCurrent({
    candidates,
    conversation: undefined,
    gitBranch: "main",
    defaultGitBranch: "main",
    nowMs: 2000,
    ...over,
  });
}

test("a conversation stays in its own session, even a finished one", () => {
  const own = candidate("own", { phase: "complete", conversations: [conversation] });
  expect(ask([candidate("newer", { updatedAtMs: 1500 }), own], { conversation })).toMatchObject({
    id: "ses_own",
    because: "own conversation",
  });
});

test("a new conversation continues the newest open session that touched this git branch", () => {
  const feature = candidate("feature", { gitBranches: ["feature"] });
  const current = ask([candidate("main", { updatedAtMs: 1900 }), feature], { gitBranch: "feature" });
  expect(current).toMatchObject({ id: "ses_feature", because: "this git branch" });
});

test("a git branch made in the middle of the work extends the session", () => {
  expect(ask([candidate("a")], { gitBranch: "spike" })).toMatchObject({
    id: "ses_a",
    because: "another git branch",
  });
});

test("idle for 72 hours on the default git branch: new work starts and carries the next steps", () => {
  const question = { nowMs: 1000 + SESSION_IDLE_MS };
  expect(ask([candidate("old")], question)).toEqual({ kind: "none", carryFrom: "ses_old" });
  expect(
    ask([candidate("old", { gitBranches: ["feature"] })], { ...question, gitBranch: "feature" }),
  ).toMatchObject({
    id: "ses_old",
  });
});

test("finished sessions are not continued", () => {
  expect(ask([candidate("a", { phase: "complete" })])).toEqual({ kind: "none", carryFrom: undefined });
});

test("a switch holds against a newer session until that one is worked on again", () => {
  const older = candidate("older", { updatedAtMs: 500 });
  const newer = candidate("newer", { updatedAtMs: 1000 });
  const chosen = { ...older, chosenAtMs: 1200 };
  expect(ask([newer, chosen])).toMatchObject({ id: "ses_older", because: "switched to" });
  expect(ask([{ ...newer, updatedAtMs: 1300 }, chosen])).toMatchObject({ id: "ses_newer" });
});
