import { expect, test } from "vitest";
import { isOpen, lifeCycleDiagram, nextPhase, PHASES, TRIGGERS } from "./life-cycle.ts";

test("a session goes from new to active and working, pauses and comes back, completes and is archived", () => {
  expect(nextPhase("new", "prompt")).toBe("working");
  expect(nextPhase("working", "turn_ended")).toBe("active");
  expect(nextPhase("active", "pause")).toBe("paused");
  expect(nextPhase("paused", "resume")).toBe("active");
  expect(nextPhase("active", "complete")).toBe("complete");
  expect(nextPhase("complete", "archive")).toBe("archived");
});

test("every finished session can be reopened", () => {
  for (const phase of PHASES.filter((candidate) => !isOpen(candidate))) {
    expect(nextPhase(phase, "reopen")).toBe("active");
  }
});

test("a prompt after complete does not reopen: people say thanks", () => {
  expect(nextPhase("complete", "prompt")).toBeUndefined();
});

test("every phase can be reached from new, and the picture names each", () => {
  const reached = new Set(["new"]);
  for (let before = 0; before !== reached.size; ) {
    before = reached.size;
    for (const phase of PHASES.filter((candidate) => reached.has(candidate))) {
      for (const trigger of TRIGGERS) reached.add(nextPhase(phase, trigger) ?? phase);
    }
  }
  expect([...reached].sort()).toEqual([...PHASES].sort());
  for (const phase of PHASES) expect(lifeCycleDiagram()).toContain(phase);
});
