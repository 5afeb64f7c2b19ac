import fc from "fast-check";
import { expect, test } from "vitest";
import { correctionOf, decisionsOfAgent, decisionsOfPerson, directive, nextStepsOf } from "./speech.ts";

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
});

test("an agent's decision needs its reason or its name", () => {
  expect(decisionsOfAgent("Done. I chose SQLite because it needs no server. More text.")).toEqual([
    { text: "I chose SQLite", why: "it needs no server" },
  ]);
  expect(decisionsOfAgent("**Decision:** keep the v1 API, since clients depend on it.")).toEqual([
    { text: "keep the v1 API", why: "clients depend on it" },
  ]);
  expect(decisionsOfAgent("I'll use argon2 instead of bcrypt to avoid the 72 byte limit.")).toEqual([
    { text: "I'll use argon2 instead of bcrypt", why: "the 72 byte limit" },
  ]);
  for (const text of [
    "I chose SQLite.",
    "I'll use grep because it is fast.",
    "Should we go with A because of B?",
    "```\nI chose x because y\n```",
    "> I chose x because y",
  ]) {
    expect(decisionsOfAgent(text), text).toEqual([]);
  }
});

test("a person decides by saying what to go with", () => {
  expect(decisionsOfPerson("ok, let's go with JWT because the mobile app needs it")).toEqual([
    { text: "ok, let's go with JWT", why: "the mobile app needs it" },
  ]);
  expect(decisionsOfPerson("Use pino instead of winston. Then add tests.").map(({ text }) => text)).toEqual([
    "Use pino instead of winston",
  ]);
  for (const prompt of [
    "let's go",
    "should we use JWT instead of sessions?",
    "use the tool",
    "what happens if we go with A",
  ]) {
    expect(decisionsOfPerson(prompt), prompt).toEqual([]);
  }
});

test("next steps stand under a heading or behind its colon", () => {
  expect(
    nextStepsOf("Done.\n\n## Next steps\n\n- [ ] rotate **tokens**\n- [x] login\n1. add `limits`\n\nBye."),
  ).toEqual(["rotate tokens", "add `limits`"]);
  expect(nextStepsOf("**Remaining:** wire up the UI")).toEqual(["wire up the UI"]);
  expect(nextStepsOf("Next steps (optional):\n* deploy\n\nText\n- no step")).toEqual(["deploy"]);
  expect(nextStepsOf("下一步：\n1. 部署")).toEqual(["部署"]);
  expect(nextStepsOf("TODO:\n- Shall I deploy?\n- none")).toEqual([]);
  expect(nextStepsOf("The next steps were hard.\n- one")).toEqual([]);
});

test("any words are read without throwing and in linear time", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      correctionOf(text);
      directive(text);
      decisionsOfAgent(text);
      decisionsOfPerson(text);
      nextStepsOf(text);
    }),
  );
  for (const part of [
    "no, ",
    "ok, ",
    "I'll use a ",
    "next steps:\n- ",
    ". ",
    "because ",
    "*",
    "# ",
    "let's ",
  ]) {
    const text = part.repeat(100_000);
    const startedMs = performance.now();
    correctionOf(text.slice(0, 600));
    directive(text.slice(0, 600));
    decisionsOfAgent(text);
    decisionsOfPerson(text.slice(0, 600));
    nextStepsOf(text);
    expect(performance.now() - startedMs, part).toBeLessThan(1_500);
  }
});
