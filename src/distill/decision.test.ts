import fc from "fast-check";
import { expect, test } from "vitest";
import { expectLinearIn } from "../../test/linear.ts";
import { correctionOf } from "./correction.ts";
import { decisionsOfAgent, decisionsOfPerson } from "./decision.ts";

const show = (list: readonly { readonly text: string; readonly why: string | undefined }[]) =>
  list.map(({ text, why }) => `${text} | ${why ?? "-"}`);
const person = (prompt: string) => show(decisionsOfPerson(prompt, correctionOf(prompt)));
const agent = (text: string) => show(decisionsOfAgent(text));

test("a person's decisions are told without what leads to them, with their reason", () => {
  const said: readonly (readonly [string, string])[] = [
    [
      "No, not Redis: we run on one small machine. Commit the tests.",
      "Not Redis | we run on one small machine",
    ],
    [
      "Tests are red. I decided: every login is its own family, kept in our store. Build it.",
      "Every login is its own family, kept in our store | -",
    ],
    ["We decided to keep the v1 API because clients depend on it.", "Keep the v1 API | clients depend on it"],
    [
      "ok, let's go with JWT, it is what the mobile team knows",
      "Go with JWT | it is what the mobile team knows",
    ],
    [
      "Use pino instead of winston. It is faster. Then add tests.",
      "Use pino instead of winston | It is faster",
    ],
    ["Postgres it is.", "Postgres | -"],
    [
      "No new dependencies please, we ship this to a 16 MB box",
      "No new dependencies | we ship this to a 16 MB box",
    ],
    ["I've decided against GraphQL: nobody here knows it.", "Not GraphQL | nobody here knows it"],
    ["Actually, keep the old name since scripts use it", "Keep the old name | scripts use it"],
    ["nein, kein Redis, wir haben nur eine Maschine", "Kein Redis | wir haben nur eine Maschine"],
    ["No. Use the existing client. It already retries.", "Use the existing client | It already retries"],
    ["yes, let's use SQLite so that backups are one file", "Use SQLite | so that backups are one file"],
    ["we agreed on weekly releases", "Weekly releases | -"],
    ["Decision: store hashes only", "Store hashes only | -"],
  ];
  for (const [prompt, decision] of said) expect(person(prompt), prompt).toEqual([decision]);
});

test("tasks, questions and asides are no decisions of a person", () => {
  for (const prompt of [
    "let's go",
    "should we use JWT instead of sessions?",
    "use the tool",
    "what happens if we go with A",
    "I want a button",
    "No luck yet",
    "no, not yet",
    "no tests fail here",
    "not sure about that one",
    "fix the parser",
  ]) {
    expect(person(prompt), prompt).toEqual([]);
  }
});

test("an agent's decision needs its reason or its name", () => {
  const said: readonly (readonly [string, string])[] = [
    ["Done. I chose SQLite because it needs no server. More text.", "SQLite | it needs no server"],
    ["**Decision:** keep the v1 API, since clients depend on it.", "Keep the v1 API | clients depend on it"],
    [
      "I'll use argon2 instead of bcrypt to avoid its limit of 72 bytes.",
      "Use argon2 instead of bcrypt | to avoid its limit of 72 bytes",
    ],
    [
      "I decided to keep the queue in memory since restarts are rare.",
      "Keep the queue in memory | restarts are rare",
    ],
    [
      "We went with polling over websockets because the proxy drops idle ones.",
      "Polling over websockets | the proxy drops idle ones",
    ],
  ];
  for (const [text, decision] of said) expect(agent(text), text).toEqual([decision]);
  for (const text of [
    "I chose SQLite.",
    "I'll use grep because it is fast.",
    "Should we go with A because of B?",
    "I decided to look at the tests first because they are small.",
    "As you decided, we went with hashes because a leak must not log anybody in.",
    "```\nI chose x because y\n```",
    "> I chose x because y",
  ]) {
    expect(agent(text), text).toEqual([]);
  }
});

test("any words are read without throwing and in linear time", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      person(text);
      agent(text);
    }),
  );
  for (const part of [
    "no, ",
    "ok, ",
    "I'll use a ",
    "because ",
    ". ",
    "let's use a, we ",
    ": we ",
    "decided to ",
  ]) {
    expectLinearIn(part, 100_000, (text) => {
      agent(text);
      person(text.slice(0, 600));
      decisionsOfPerson(text.slice(0, 8_000));
    });
  }
});
