import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, makeAppBox } from "../../test/app-box.ts";
import { LINT_LINES_MAX } from "../base/limits.ts";
import { changePhase } from "./change-phase.ts";
import { lintHere } from "./lint-session.ts";
import { newSession } from "./new-session.ts";
import { addNote } from "./note.ts";
import { changeNotes } from "./notes.ts";
import { rotateDocument } from "./rotate-document.ts";
import { searchNotes } from "./search-notes.ts";
import { showBrief } from "./show-brief.ts";
import { undo } from "./undo.ts";

let box: AppBox;
beforeEach(() => {
  box = makeAppBox();
});
afterEach(() => box.dispose());

const rotate = (dryRun = false) => rotateDocument(box.app, { dryRun });

const many = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at + 1)).join("\n");

/** What a person wrote: forty failed attempts, two hundred findings, and little that is open. */
const LONG = `# Session State: Token rotation
**Created**: 2026-01-25
**Updated**: 2026-01-25
**Status**: in_progress

## What We Know
${many(200, (at) => `- Finding ${at}`)}

## What We've Tried (Failed Approaches)
${many(40, (at) => `${at}. **Approach**: Attempt ${at}\n   - **Why it failed**: reason ${at}\n   - **Lesson learned**: ask first\n   - **Time spent**: ~1 hour\n`)}
## Next Steps
- [ ] Rate limit the endpoint
- [x] Rotate on use

## Technical Decisions
- **Decision**: 15 minute tokens
  - **Reasoning**: comfort

- **Decision**: Redis
  - **Superseded by**: one UPDATE

## Dependencies & Blockers
- Security review

## Session Metrics
`;

/** @returns the document of a session that is long. */
async function longWork(): Promise<string> {
  const { document = "" } = await newSession(box.app, { title: "Token rotation", template: undefined });
  box.write(document, LONG);
  await addNote(box.app, { kind: "next", text: "Ask the security team" });
  return document;
}

test("what is over goes into a dated part that can be read, and the document goes on with what is open", async () => {
  const document = await longWork();
  box.write(document, `${box.read(document)}\n## My own section\n\nTelephone: 4711\n`);
  const before = box.read(document);
  expect((await lintHere(box.app, { fix: false })).findings).toContainEqual(
    expect.objectContaining({ rule: "length", fix: expect.stringContaining("leftoff rotate") }),
  );

  const { part = "", linesAfter = 0, closed, carried } = await rotate();

  expect(part).toMatch(/context\/2026-01\/2026-01-25-token-rotation-until-2026-01-25\.md$/);
  expect(box.read(part)).toContain(before.trimEnd());
  expect(closed).toHaveLength(242);
  expect(carried.map(({ text }) => text)).toEqual([
    "Ask the security team",
    "Rate limit the endpoint",
    "15 minute tokens",
    "Security review",
  ]);
  const text = box.read(document);
  for (const kept of [
    "Rate limit the endpoint",
    "15 minute tokens",
    "Security review",
    "Telephone: 4711",
    "until-2026-01-25.md",
  ])
    expect(text).toContain(kept);
  for (const gone of ["Attempt 7", "Finding 8", "Redis", "Rotate on use"]) expect(text).not.toContain(gone);
  expect(linesAfter).toBeLessThan(LINT_LINES_MAX / 4);
  const { findings } = await lintHere(box.app, { fix: false });
  expect(findings.map(({ rule }) => rule)).not.toContain("length");
  expect(findings.map(({ message }) => message).join("\n")).not.toContain("Redis");
});

test("nothing is forgotten: the brief has the failed attempts, and a search finds all", async () => {
  await longWork();
  await rotate();

  const { text } = (await showBrief(box.app, {})).brief;
  expect(text).toMatch(/## Failed attempts: do not repeat\n- Attempt \d+\. Why: reason \d+\./);
  expect((await searchNotes(box.app, { query: "Finding 123" })).found[0]?.note.text).toBe("Finding 123");
});

test("a note that changes stands in the document again", async () => {
  const document = await longWork();
  const { closed } = await rotate();
  const done = closed.find(({ text }) => text === "Rotate on use")?.id ?? "";
  await changeNotes(box.app, { change: "reopen", notes: [done] });

  expect(box.read(document)).toContain("- [ ] Rotate on use");
  expect((await rotate()).part).toBeUndefined();
});

test("a dry run writes nothing", async () => {
  const document = await longWork();
  const before = box.read(document);
  const { part = "", closed, linesAfter } = await rotate(true);

  expect(closed).toHaveLength(242);
  expect(linesAfter).toBeUndefined();
  expect(existsSync(part)).toBe(false);
  expect(box.read(document)).toBe(before);
});

test("undo brings everything back, and takes the part away unless somebody changed it", async () => {
  const document = await longWork();
  const { part = "" } = await rotate();
  box.pass(60_000);
  await undo(box.app, { dryRun: false });
  expect(existsSync(part)).toBe(false);
  expect(box.read(document)).toContain("Attempt 7");
  expect(box.read(document)).not.toContain("until-2026-01-25.md");

  const again = (await rotate()).part ?? "";
  box.write(again, `${box.read(again)}\nMine.\n`);
  box.pass(60_000);
  await undo(box.app, { dryRun: false });
  expect(box.read(again)).toContain("Mine.");
  // Theirs stays; ours goes beside it.
  expect((await rotate()).part).toMatch(/-until-2026-01-25-2\.md$/);
});

test("a part never holds a secret, and what a killed process left there is replaced", async () => {
  const document = await longWork();
  box.write(document, `${box.read(document)}\n## Mine\n\nghp_0123456789abcdefghijABCDEFGHIJ012345\n`);
  const planned = await rotate(true);
  // Killed between the page and the event: the page lies there, and nobody knows of it.
  const orphan = planned as unknown as { readonly text: string };
  box.write(planned.part ?? "", orphan.text);
  const { part = "", redacted } = await rotate();

  expect(part).toBe(planned.part);
  expect(redacted).toBe(1);
  expect(box.read(part)).not.toContain("ghp_0123456789");
  expect(box.read(document)).toContain("ghp_0123456789");
});

test("an archived session is not rotated, and where nothing is over nothing is written", async () => {
  await newSession(box.app, { title: "One", template: undefined });
  await addNote(box.app, { kind: "next", text: "Rate limit the endpoint" });
  expect((await rotate()).part).toBeUndefined();
  expect(existsSync(join(box.project, ".claude", "context"))).toBe(false);

  await changePhase(box.app, { change: "complete" });
  const { archiveSession } = await import("./archive-session.ts");
  await archiveSession(box.app, { dryRun: false });
  await expect(rotateDocument(box.app, { session: "one", dryRun: false })).rejects.toMatchObject({
    code: "transition_refused",
  });
});
