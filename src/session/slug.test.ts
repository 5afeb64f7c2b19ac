import fc from "fast-check";
import { expect, test } from "vitest";
import { SLUG_CHARS_MAX, TITLE_CHARS_MAX } from "../base/limits.ts";
import { describeWork, makeSlug, titleOf } from "./slug.ts";

test("a session is named by its day and what its first prompt is about", () => {
  const description = describeWork(
    "Please add refresh token rotation to the auth service. Then test it.",
    "main",
    "main",
  );
  expect(makeSlug("2026-01-25", description, new Set())).toBe("2026-01-25-add-refresh-token-rotation-auth");
});

test("a git branch with a name of its own names the work better than a prompt", () => {
  expect(makeSlug("2026-01-25", describeWork("fix it", "feature/auth", "main"), new Set())).toBe(
    "2026-01-25-feature-auth",
  );
});

test("a name that is taken gets a number", () => {
  expect(makeSlug("2026-01-25", "auth", new Set(["2026-01-25-auth", "2026-01-25-auth-2"]))).toBe(
    "2026-01-25-auth-3",
  );
});

test("prompts in other scripts keep their letters", () => {
  expect(makeSlug("2026-01-25", describeWork("인증 기능 추가", "main", "main"), new Set())).toBe(
    "2026-01-25-인증-기능-추가",
  );
});

test("any prompt gives a slug that is a safe file name and a title of one line, both within their limits", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 600 }), (prompt) => {
      const slug = makeSlug("2026-01-25", describeWork(prompt, undefined, undefined), new Set());
      expect(slug).toMatch(/^2026-01-25-[\p{L}\p{N}-]+$/u);
      expect([...slug].length).toBeLessThanOrEqual("2026-01-25-".length + SLUG_CHARS_MAX);
      const title = titleOf(prompt, "Untitled");
      expect(title.length).toBeLessThanOrEqual(TITLE_CHARS_MAX);
      expect(title).not.toContain("\n");
    }),
  );
});
