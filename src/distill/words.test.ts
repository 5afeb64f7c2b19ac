import fc from "fast-check";
import { expect, test } from "vitest";
import { findingsOf } from "./finding.ts";
import { intentOf } from "./intent.ts";
import { optionPicked } from "./option.ts";
import { isPartOf, saysSame } from "./same.ts";

test("what an agent found out is a finding, what it suspects is none", () => {
  const said: readonly (readonly [string, readonly string[]])[] = [
    ["It turns out that the ORM opens a connection per query.", ["The ORM opens a connection per query"]],
    [
      "Root cause: the cookie is set on the wrong domain.",
      ["Root cause: the cookie is set on the wrong domain"],
    ],
    ["The cause is a race between two writers.", ["The cause is a race between two writers"]],
    ["Found it: the zone is read before dotenv is loaded.", ["The zone is read before dotenv is loaded"]],
    ["The cause may be a race between two writers.", []],
    ["The cause of the flake is probably the clock.", []],
    ["Turns out it works.", []],
    ["Does it turn out that the cause is the clock?", []],
  ];
  for (const [text, found] of said) expect(findingsOf(text), text).toEqual(found);
});

test("what an agent is about to do is an approach, unless it only looks or tidies", () => {
  expect(intentOf("They fail. The smallest change first: the store counts a generation per user.")).toBe(
    "The store counts a generation per user",
  );
  expect(intentOf("Let me try using a mutex per file:")).toBe("Using a mutex per file");
  expect(intentOf("Now I'll cache the parsed config in memory.")).toBe("Cache the parsed config in memory");
  for (const text of [
    "I'll look at the code.",
    "Done.",
    "Let me fix it.",
    "Shall I add a cache in memory?",
    "",
  ])
    expect(intentOf(text), text).toBe("");
});

test("an option that the person picks is told in the answer's words", () => {
  const answer = "Two ways:\n1. **Keep sessions** in memory\n2. Use a table\n\nWhich one?";
  const lettered = "Option A: a cron job.\nOption B: a queue.\nWhat do you prefer?";
  expect(optionPicked("go with option 2", answer)).toBe("Use a table");
  expect(optionPicked("1", answer)).toBe("Keep sessions in memory");
  expect(optionPicked("let's take the second one, please", answer)).toBe("Use a table");
  expect(optionPicked("B", lettered)).toBe("A queue");
  expect(optionPicked("the first", lettered)).toBe("A cron job");
  for (const prompt of ["2 tests fail", "do a release", "option 7", "why?", "I want a button"])
    expect(optionPicked(prompt, answer), prompt).toBeUndefined();
  expect(optionPicked("2", "Done:\n1. this\n2. that")).toBeUndefined();
});

test("two wordings of one thing are the same, and a shorter one is part of a longer", () => {
  expect(isPartOf("Drop expired families", "Drop expired families: the store grows.")).toBe(true);
  expect(
    isPartOf(
      "Say in README what /refresh answers",
      "Say in README.md that /refresh can answer `token_reused`",
    ),
  ).toBe(true);
  expect(isPartOf("Add tests", "Write the docs")).toBe(false);
  expect(isPartOf("部署", "部署")).toBe(true);
  expect(isPartOf("", "x")).toBe(false);
  expect(saysSame("A generation counter", "a generation counter")).toBe(true);
  expect(saysSame("Use Redis for the cache", "Use Redis for sessions and mail")).toBe(false);
  expect(saysSame("Use Redis", "Not Redis")).toBe(false);
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => saysSame(a, b) === saysSame(b, a)));
});
