import { expect, test } from "vitest";
import { complaint, correctionOf, directive } from "./correction.ts";

test("people correct at the beginning of a short prompt", () => {
  const wrong = [
    "that's wrong",
    "No, this is not what I asked for.",
    "it doesn't work",
    "revert that please",
    "please undo it",
    "no, the token is longer",
    "das ist falsch",
    "c'est faux, désolé",
    "違う",
    "错了",
  ];
  for (const prompt of wrong) expect(correctionOf(prompt)?.kind, prompt).toBe("wrong");
  const otherwise = [
    "no, use pnpm",
    "Don't add dependencies.",
    "actually keep the old name",
    "No - leave the tests alone",
    "No! Use pnpm.",
    "nein, nutze das alte Modul",
    "No, not Redis: one machine has no use for it",
    "no new dependencies please",
    "No, no Docker here",
  ];
  for (const prompt of otherwise) expect(correctionOf(prompt)?.kind, prompt).toBe("otherwise");
});

test("questions, thanks and new tasks are no corrections", () => {
  const none = [
    "no problem, go on",
    "Actually, can you explain this?",
    "don't worry about it",
    "never mind",
    "no idea",
    "fix the parser",
    "is that wrong?",
    "Notice the time",
    "no-op refactoring of the parser",
    "No.",
    "nothing else",
    `no, ${"a long story ".repeat(60)}`,
    "",
  ];
  for (const prompt of none) expect(correctionOf(prompt), prompt).toBeUndefined();
});

test("a directive is the correction without its no", () => {
  expect(directive("No, use pnpm")).toBe("Use pnpm");
  expect(directive("actually, keep the name")).toBe("Keep the name");
  expect(directive("No - leave it")).toBe("Leave it");
  expect(directive("No Redis")).toBe("No Redis");
});

test("a complaint is the correction without the words that only complain", () => {
  const complaintOf = (prompt: string) => {
    const correction = correctionOf(prompt);
    return correction === undefined ? undefined : complaint(correction);
  };
  expect(complaintOf("that's wrong, the retries are gone")).toBe("the retries are gone");
  expect(complaintOf("it doesn't work because the cookie is never set")).toBe("the cookie is never set");
  expect(complaintOf("Revert that please. The API must stay as it is.")).toBe("The API must stay as it is");
  expect(complaintOf("No, the token is longer")).toBe("the token is longer");
  expect(complaintOf("that's wrong")).toBe("");
});
