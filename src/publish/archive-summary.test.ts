import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { note } from "../../test/feature-auth.ts";
import type { SessionId } from "../base/id.ts";
import { parseDocument } from "../document/read.ts";
import type { NoteKind } from "../session/note.ts";
import { type ArchiveView, archiveSummary } from "./archive-summary.ts";
import { sealed, sealOf } from "./seal.ts";

const FORMAT = readFileSync(new URL("../../docs/formats/archive-summary.md", import.meta.url), "utf8");
const EXAMPLE = /^````markdown\n([\s\S]*?)^````$/m.exec(FORMAT)?.[1] ?? "";

const VIEW: ArchiveView = {
  session: "ses_0198f3a2b4c57d6e8f90123456789abc" as SessionId,
  slug: "2026-01-25-token-refresh",
  title: "Token refresh",
  createdDate: "2026-01-25",
  finishedDate: "2026-01-27",
  cancelledBecause: undefined,
  gitBranches: ["feature/refresh"],
  figures: [{ name: "Conversations", value: "2 with 9 prompts" }],
  notes: [
    note("summary", "Outcome: Logins survive a restart"),
    note("finding", "The clock of the test server is two minutes ahead"),
    note("worked", "One family of tokens per device", {
      result: "✓ a stolen token ends the family",
      file: "`src/tokens.ts`",
    }),
    note("failed", "Tokens in localStorage", {
      why: "any script on the page reads them",
      lesson: "httpOnly cookies only",
    }),
    note("failed", "A guess of ours", {}, "proposed"),
    note("next", "Rotate on every use", {}, "done"),
    note("next", "Rate limit the refresh endpoint"),
    note("decision", "15 minute access tokens", { why: "balances security and comfort", approved: "✓" }),
    note("issue", "Two tabs refresh at once", {}, "done"),
    note("learning", "Test with two tabs open"),
  ],
  files: [{ path: "src/tokens.ts", what: "modified" }],
  commands: [{ command: "npm test", what: "runs tests" }],
  commits: [{ hash: "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d", subject: "Rotate refresh tokens" }],
  fixes: [{ command: "npm test", error: "expected 401, got 200", files: ["src/tokens.ts"] }],
};

test("the example of the format is what is written", () => {
  expect(archiveSummary(VIEW)).toBe(EXAMPLE);
});

test("parts that hold nothing are left out, and the same view gives the same bytes", () => {
  const empty = archiveSummary({ ...VIEW, notes: [], files: [], commands: [], commits: [], fixes: [] });
  expect(empty).not.toContain("##");
  expect(archiveSummary(VIEW)).toBe(archiveSummary(VIEW));
});

test("a summary is read as a document reads: what was decided, learned and left open is found under its kind", () => {
  const items = parseDocument(archiveSummary(VIEW)).sections.flatMap((section) => section.items);
  const of = (kind: NoteKind) => items.filter((item) => item.kind === kind).map(({ text }) => text);
  expect(of("decision")).toEqual(["15 minute access tokens"]);
  expect(of("next")).toEqual(["Rate limit the refresh endpoint"]);
  expect(of("learning")).toContain("Test with two tabs open");
});

test("a seal tells whose a page is and whether anybody changed it, also after git changed its line endings", () => {
  const page = sealed("# A\n\n- b\n", VIEW.session);
  expect(sealOf(page)).toEqual({ session: VIEW.session, untouched: true });
  expect(sealOf(page.replaceAll("\n", "\r\n"))?.untouched).toBe(true);
  expect(sealOf(page.replace("- b", "- c"))).toEqual({ session: VIEW.session, untouched: false });
  expect(sealOf("# A\n")).toBeUndefined();
});
