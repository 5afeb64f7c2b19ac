import { renameSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, makeAppBox } from "../../test/app-box.ts";
import type { ConversationId } from "../base/id.ts";
import { adoptDocuments } from "./adopt-documents.ts";
import { newSession } from "./new-session.ts";
import { addNote } from "./note.ts";
import { listNotes } from "./notes.ts";
import { callingPlace } from "./resolve-session.ts";
import { statusHere } from "./status.ts";
import { summaries } from "./summary.ts";

let box: AppBox;
beforeEach(async () => {
  box = makeAppBox();
  await callingPlace(box.app);
  box.initialise();
});
afterEach(() => box.dispose());

const path = (name: string) => join(box.project, ".claude", "sessions", name);
const adopt = async () => adoptDocuments(box.app, await callingPlace(box.app));
const known = () =>
  summaries(box.app).map(({ slug, title, status, phase }) => [slug, title, status, phase] as const);

test("a document put there by hand is a session, named by its file, and is taken in once", async () => {
  box.write(
    path("2026-01-24-feature-auth.tmp"),
    "# Session State: Login with tokens\n**Created**: 2026-01-24\n**Status**: blocked (the review)\n\n## What We Know\n- Express\n\n## Next Steps\n- [ ] Rotate\n",
  );
  box.write(path("notes.tmp"), "just some text\n");
  expect(await adopt()).toHaveLength(1);
  expect(known()).toEqual([["2026-01-24-feature-auth", "Login with tokens", "blocked", "paused"]]);
  const { notes } = await listNotes(box.app, { session: "feature-auth", all: false });
  expect(notes.map(({ kind, text, by }) => [kind, text, by.kind])).toEqual([
    ["finding", "Express", "person"],
    ["next", "Rotate", "person"],
  ]);
  expect(await adopt()).toEqual([]);
  expect(box.read(path("notes.tmp"))).toBe("just some text\n");
  expect(box.read(path("2026-01-24-feature-auth.tmp"))).toContain("**Created**: 2026-01-24");
});

test("of several that come at once, the newest that is not finished goes on, however old all of them are", async () => {
  const text = (title: string, status: string) =>
    `# Session State: ${title}\n**Status**: ${status}\n\n## Next Steps\n- [ ] ${title} on\n`;
  box.write(path("2025-03-01-api.tmp"), text("Api", "in_progress"));
  box.write(path("2025-04-01-auth.tmp"), text("Auth", "in_progress"));
  box.write(path("2025-05-01-leak.tmp"), text("Leak", "completed"));
  expect(await adopt()).toHaveLength(3);
  expect((await statusHere(box.app, {})).session?.slug).toBe("2025-04-01-auth");
  box.write(path("2026-01-24-mail.tmp"), text("Mail", "in_progress"));
  box.write(path("2026-01-25-post.tmp"), text("Post", "in_progress"));
  box.pass(60_000);
  await adopt();
  expect((await statusHere(box.app, {})).session?.slug).toBe("2026-01-25-post");
});

test("what is set aside does not take the place of the work that goes on", async () => {
  await newSession(box.app, { title: "Login" });
  box.pass(5 * 24 * 60 * 60 * 1000);
  await addNote(box.app, { kind: "next", text: "Rotate" });
  box.pass(60_000);
  box.write(path("2026-01-29-mail.tmp"), "# Session State: Mail\n\n## Next Steps\n- [ ] Send\n");
  await adopt();
  expect(known().map(([slug, , , phase]) => [slug, phase])).toContainEqual(["2026-01-29-mail", "paused"]);
  expect((await statusHere(box.app, {})).session?.title).toBe("Login");
});

test("a document that a person's own script just made is there for the next command, and for an agent's when its turn ends", async () => {
  const text =
    "# Session State: {DESCRIPTION}\n**Created**: $(date +%Y-%m-%d)\n\n## Next Steps\n- [ ] Look\n";
  box.write(path("2026-01-25-bug-caching.tmp"), text);
  const agents = box.inShell("5f7cfb2e-8f0c-4c7e-9d5a-3a7d4d1c0b11" as ConversationId);
  await expect(listNotes(agents, { session: "bug-caching", all: false })).rejects.toMatchObject({
    code: "session_not_found",
  });
  expect(box.read(path("2026-01-25-bug-caching.tmp"))).toBe(text);
  await addNote(box.app, { kind: "failed", text: "Bigger heap", session: "bug caching" });
  expect((await statusHere(box.app, { session: "Bug Caching" })).session?.title).toBe("bug caching");
  expect(box.read(path("2026-01-25-bug-caching.tmp"))).toContain("Bigger heap");
});

test("what a script left unfilled is what the file's name says", async () => {
  box.write(
    path("2026-01-23-bug-caching.tmp"),
    "# Session State: {DESCRIPTION}\n**Created**: $(date +%Y-%m-%d)\n**Status**: in_progress\n\n## Context Summary\n[Add your context here]\n\n## What We Know\n-\n",
  );
  await adopt();
  expect(known()).toEqual([["2026-01-23-bug-caching", "bug caching", "in_progress", "new"]]);
  expect(box.read(path("2026-01-23-bug-caching.tmp"))).toMatch(
    /^# Session State: bug caching\n\*\*Created\*\*: 2026-01-23\n/,
  );
});

test("documents of several days about one work are one session, with the newest as its document", async () => {
  const text = (over: string) => `# Session State: JWT\n**Created**: 2026-01-23\n**Updated**: ${over}\n`;
  box.write(
    path("2026-01-23-jwt.tmp"),
    `${text("2026-01-23")}\n## What We Know\n- HS256\n\n## Next Steps\n- [ ] Old step\n`,
  );
  box.write(path("2026-01-24-jwt.tmp"), `${text("2026-01-24")}\n## What We Know\n- Middleware works\n`);
  box.write(
    path("2026-01-22-jwt.tmp"),
    `${text("2026-01-22")}\n## What We Know\n- Express\n\n## Next Steps\n- [ ] Older step\n`,
  );
  await adopt();
  expect(summaries(box.app).map(({ document }) => document)).toEqual([path("2026-01-24-jwt.tmp")]);
  const { notes } = await listNotes(box.app, { session: "jwt", all: false });
  expect(notes.map(({ text: said }) => said)).toEqual(
    expect.arrayContaining(["Express", "HS256", "Middleware works"]),
  );
  expect(await adopt()).toEqual([]);

  box.write(path("2026-01-25-jwt.tmp"), `${text("2026-01-25")}\n## What We Know\n- Refresh works\n`);
  await adopt();
  const later = await listNotes(box.app, { session: "jwt", all: false });
  expect(later.notes.map(({ text: said }) => said).sort()).toEqual([
    "Express",
    "HS256",
    "Middleware works",
    "Refresh works",
  ]);
});

test("a copy of an older document begins on its own day, without what was measured elsewhere", async () => {
  box.write(
    path("2026-01-25-billing.tmp"),
    "# Session State: Migration\n**Created**: 2025-11-02\n**Updated**: 2025-11-05\n\n## What We Know\n- A fact\n\n## Session Continuity\n**Previous session** (2025-11-04):\n- Did it\n\n## Session Metrics\n- **Total time invested**: ~24 hours\n",
  );
  await adopt();
  const text = box.read(path("2026-01-25-billing.tmp"));
  expect(text).toContain("**Created**: 2026-01-25");
  expect(text).not.toContain("24 hours");
  expect(text).not.toContain("Did it");
});

test("a document that was renamed stays with its session", async () => {
  const { slug, document } = await newSession(box.app, { title: "Search" });
  await addNote(box.app, { kind: "finding", text: "Slow" });
  renameSync(document ?? "", path("2026-01-25-faster-search.tmp"));
  await adopt();
  expect(known().map(([name]) => name)).toEqual([slug]);
  await addNote(box.app, { kind: "finding", text: "Large" });
  expect(box.read(path("2026-01-25-faster-search.tmp"))).toContain("- Slow\n- Large");
});

test("a file that was looked at is read again only when its size or time is another one", async () => {
  const notes = path("notes.tmp");
  const put = (text: string, seconds: number) => {
    box.write(notes, text.padEnd(60));
    utimesSync(notes, seconds, seconds);
  };
  put("just some text", 1_700_000_000);
  expect(await adopt()).toEqual([]);
  put("just some text", 1_700_000_001);
  expect(await adopt()).toEqual([]);
  put("## What We Know\n- Express", 1_700_000_001);
  expect(await adopt()).toEqual([]);
  put("## What We Know\n- Express", 1_700_000_002);
  expect(await adopt()).toHaveLength(1);
});
