import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, makeAppBox } from "../../test/app-box.ts";
import { beginFeatureAuth, FEATURE_AUTH } from "../../test/feature-auth.ts";
import type { App } from "./app.ts";
import { handOff } from "./hand-off.ts";
import { listSessions } from "./list-sessions.ts";
import { newSession } from "./new-session.ts";
import { addNote } from "./note.ts";
import { changeNotes, listNotes } from "./notes.ts";
import { handleOf } from "./person.ts";
import { resumeFile } from "./resume-file.ts";
import { showBrief } from "./show-brief.ts";
import { statusHere } from "./status.ts";

let ada: AppBox;
let bob: AppBox;
beforeEach(async () => {
  ada = makeAppBox();
  bob = makeAppBox();
  for (const box of [ada, bob]) {
    await listSessions(box.app, { all: false });
    box.initialise();
  }
});
afterEach(() => {
  ada.dispose();
  bob.dispose();
});

const as = (name: string, { app }: AppBox): App => ({ ...app, env: { ...app.env, LEFTOFF_PERSON: name } });
const FILE = join(".claude", "sessions", `${FEATURE_AUTH}-handoff.md`);

async function work(): Promise<void> {
  await beginFeatureAuth(ada);
}

/** Ada commits the file, Bob pulls it. */
async function handed(to = "Bob"): Promise<string> {
  const { text } = await handOff(as("Ada Lovelace", ada), { to, dryRun: false });
  bob.write(join(bob.project, FILE), ada.read(join(ada.project, FILE)));
  return text;
}

test("a colleague goes on with a handoff: a session of theirs, with notes that carry their author", async () => {
  await work();
  expect(await handed()).toContain("**From**: @ada-lovelace\n**To**: @bob\n");
  bob.pass(24 * 60 * 60 * 1000);
  const resumed = await resumeFile(bob.app, { file: FILE });
  expect(resumed).toMatchObject({
    kind: "started",
    from: "@ada-lovelace",
    notes: 2,
    session: { slug: "2026-01-26-feature-auth", title: "Feature auth" },
  });
  const { notes } = await listNotes(bob.app, { all: false });
  expect(notes.map(({ text, by }) => [text, by])).toEqual([
    ["Tokens in localStorage", { kind: "person", name: "@ada-lovelace" }],
    ["Rotate tokens", { kind: "person", name: "@ada-lovelace" }],
  ]);
  expect((await statusHere(bob.app, {})).next.map(({ text }) => text)).toEqual(["Rotate tokens"]);
  const { text } = (await showBrief(bob.app, {})).brief;
  expect(text).toContain("(2026-01-26-feature-auth), day 1, in progress, handed over by @ada-lovelace.\n");
  expect(text).toContain("Tokens in localStorage");
  expect(bob.read(resumed.session.document ?? "")).toContain("Rotate tokens");
});

test("the same handoff again changes nothing; a newer one brings what is new, and keeps what was done since", async () => {
  await work();
  await handed();
  await resumeFile(bob.app, { file: FILE });
  expect(await resumeFile(bob.app, { file: FILE })).toMatchObject({ kind: "brought up to date", notes: 0 });
  const rotate = (await listNotes(bob.app, { all: false })).notes.find(({ kind }) => kind === "next");
  await changeNotes(bob.app, { change: "done", notes: [rotate?.id ?? ""] });
  await addNote(ada.app, { kind: "decision", text: "15 minute tokens" });
  await handed();
  expect(await resumeFile(bob.app, { file: FILE })).toMatchObject({ kind: "brought up to date", notes: 1 });
  const { notes } = await listNotes(bob.app, { all: false });
  expect(notes.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    "failed open",
    "next done",
    "decision open",
  ]);
  expect((await listSessions(bob.app, { all: true })).sessions).toHaveLength(1);
});

test("one's own handoff leads back to one's own session", async () => {
  await work();
  await handed();
  ada.pass(1000);
  await newSession(ada.app, { title: "Something else" });
  ada.pass(1000);
  expect(await resumeFile(ada.app, { file: FILE })).toMatchObject({
    kind: "own",
    session: { slug: "2026-01-25-feature-auth" },
  });
  expect((await statusHere(ada.app, {})).session?.slug).toBe("2026-01-25-feature-auth");
});

test("a handoff that somebody changed is not overwritten; an unchanged one has the same bytes again", async () => {
  await work();
  const text = await handed();
  expect(await handed()).toBe(text);
  ada.write(join(ada.project, FILE), `${text}\nAnd call me.\n`);
  await expect(handed()).rejects.toMatchObject({ code: "refused" });
  expect(ada.read(join(ada.project, FILE))).toContain("And call me.");
});

test("no secret goes along, and that one was left out is said", async () => {
  await work();
  await addNote(ada.app, { kind: "finding", text: "The key is ghp_0123456789abcdefghijABCDEFGHIJ012345" });
  const { text, redacted } = await handOff(ada.app, { dryRun: true });
  expect([text.includes("ghp_"), redacted]).toEqual([false, 1]);
});

test("what is no handoff is refused, and what is no file says what to do instead", async () => {
  bob.write(join(bob.project, "notes.md"), "# Session State: x\n");
  await expect(resumeFile(bob.app, { file: "notes.md" })).rejects.toMatchObject({ code: "input_invalid" });
  await expect(resumeFile(bob.app, { file: "feature-auth" })).rejects.toMatchObject({
    code: "not_yet_available",
    hint: expect.stringContaining("leftoff switch feature-auth"),
  });
});

test("a person is called by their name in small letters, of any script", () => {
  expect(["Ada Lovelace", "@bob", "  ", "김 민수", "-x-"].map(handleOf)).toEqual([
    "@ada-lovelace",
    "@bob",
    "@somebody",
    "@김-민수",
    "@x",
  ]);
});
