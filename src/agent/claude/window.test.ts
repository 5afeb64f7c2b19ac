import { expect, test } from "vitest";
import { contextWindowTokens } from "./window.ts";

test("a model that nobody knows has the window that every model has", () => {
  for (const model of ["claude-haiku-4-5", "claude-opus-4-5-20251101", "claude-sonnet-5x", "gpt-5", ""])
    expect(contextWindowTokens(model, {}), model).toBe(200_000);
});

test("models with a million tokens are known by their name, or by the mark behind it", () => {
  for (const model of ["claude-opus-4-8", "claude-opus-5-5", "claude-fable-5-1", "claude-sonnet-4-5[1m]"])
    expect(contextWindowTokens(model, {}), model).toBe(1_000_000);
});

test("the environment makes the window smaller, and never larger", () => {
  expect(contextWindowTokens("claude-opus-5-5", { CLAUDE_CODE_DISABLE_1M_CONTEXT: "1" })).toBe(200_000);
  expect(contextWindowTokens("claude-opus-5-5", { CLAUDE_CODE_DISABLE_1M_CONTEXT: "0" })).toBe(1_000_000);
  expect(contextWindowTokens("claude-opus-5-5", { CLAUDE_CODE_AUTO_COMPACT_WINDOW: "400000" })).toBe(400_000);
  expect(contextWindowTokens("claude-haiku-4-5", { CLAUDE_CODE_AUTO_COMPACT_WINDOW: "900000" })).toBe(
    200_000,
  );
  expect(contextWindowTokens("claude-haiku-4-5", { CLAUDE_CODE_AUTO_COMPACT_WINDOW: "none" })).toBe(200_000);
});
