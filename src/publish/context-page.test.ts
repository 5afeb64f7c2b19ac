import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type ContextFacts,
  type ContextItem,
  changedLines,
  isKept,
  withGitBranch,
  writeContextPage,
} from "./context-page.ts";

const item = (line: string, text = line.replace(/^- (?:\[.\] )?/, "")): ContextItem => ({ line, text });
const NOTHING: ContextFacts = {
  work: undefined,
  status: undefined,
  titles: new Set(),
  namesGit: true,
  gitBranch: undefined,
  commits: undefined,
  lists: { architecture: [], decisions: [], issues: [], testing: [], next: [] },
};
const facts = (over: Partial<ContextFacts>, lists: Partial<ContextFacts["lists"]> = {}): ContextFacts => ({
  ...NOTHING,
  ...over,
  titles: new Set([over.work ?? ""]),
  lists: { ...NOTHING.lists, ...lists },
});
const page = (
  text: string | undefined,
  own: ContextFacts,
  over: { written?: readonly string[]; adopt?: boolean } = {},
) => writeContextPage({ text, facts: own, written: new Set(over.written), adopt: over.adopt ?? false });

/** Seed 004, "Context Files". */
const SEED = `# Project Context

## Current Work
Feature: Payment Processing
Status: In Progress (70% complete)
Branch: feature/payment-processing

## Architecture
- Using Stripe API
- Webhook handling in src/webhooks/stripe.ts

## Recent Decisions
- Decided to use Stripe instead of PayPal (2024-01-15)
- Storing payment history in PostgreSQL

## Known Issues
- [ ] Webhook signature verification failing in dev
- [x] Fixed decimal precision issue

## Dependencies
- PostgreSQL 14+

## Testing Notes
- Use Stripe test mode keys

## Next Session
Continue with:
1. Implement refund logic
2. Add webhook retry mechanism
`;

test("a new page is the format's example", () => {
  const text = readFileSync(new URL("../../docs/formats/context.md", import.meta.url), "utf8");
  const example = /^````markdown\n([\s\S]*?)^````$/m.exec(text)?.[1];
  const own = facts(
    {
      work: "Payment processing",
      status: "in progress",
      gitBranch: "feature/payment-processing",
      commits: ["1a2b3c4 Retry webhooks", "9f8e7d6 Store payments"],
    },
    {
      architecture: [item("- src/webhooks/stripe.ts receives what Stripe sends")],
      decisions: [
        item(
          "- Use Stripe instead of PayPal: one contract for all countries (2026-01-15)",
          "Use Stripe instead of PayPal",
        ),
      ],
      issues: [
        item("- [ ] Signatures of webhooks are not accepted in dev"),
        item("- [x] Amounts lost their cents"),
      ],
      testing: [item("- npm test -- payments")],
      next: [item("- [ ] Implement refunds")],
    },
  );
  expect(page(undefined, own, { adopt: true }).text).toBe(example);
  expect(page(undefined, own).text).toBe("");
});

test("a person's page is only read until it is adopted; then each of their bytes is still there", () => {
  const own = facts(
    { work: "Refunds", status: "in progress", gitBranch: "refunds", commits: ["abc1234 Add refunds"] },
    {
      decisions: [
        item("- Use Stripe instead of PayPal: fees (2026-01-15)", "Use Stripe instead of PayPal"),
        item("- Keep amounts in cents"),
      ],
      next: [item("- [ ] Implement refund logic"), item("- [ ] Write to the ledger")],
    },
  );
  expect(page(SEED, own).text).toBe(SEED);
  const { text, written } = page(SEED, own, { adopt: true });
  expect([isKept(SEED), isKept(text)]).toEqual([false, true]);
  expect(changedLines(SEED, text)).toEqual({
    added: ["- Keep amounts in cents", "- [ ] Write to the ledger"],
    removed: [],
  });
  expect(text).toContain(
    "Feature: Payment Processing\nStatus: In Progress (70% complete)\nBranch: refunds\nRecent commits: abc1234 Add refunds\n",
  );
  expect(written).toEqual(["decisions - Keep amounts in cents", "next - [ ] Write to the ledger"]);
});

test("a line of ours follows its note; one in a person's words, ticked by them, or explained by them, stays", () => {
  const first = page(
    undefined,
    facts(
      { work: "Refunds" },
      {
        issues: [
          item("- [ ] Rounding is off"),
          item("- [ ] Slow on Mondays"),
          item("- [ ] Mails come twice"),
        ],
      },
    ),
    { adopt: true },
  );
  const edited = first.text
    .replace("- [ ] Slow on Mondays", "- [x] Slow on Mondays")
    .replace("- [ ] Mails come twice", "- [ ] Mails come twice\n  only for Bob");
  const after = page(
    edited,
    facts({ work: "Refunds" }, { issues: [item("- [x] Rounding is off"), item("- [ ] Slow on Mondays")] }),
    { written: first.written },
  );
  expect(changedLines(edited, after.text)).toEqual({
    added: ["- [x] Rounding is off"],
    removed: ["- [ ] Rounding is off"],
  });
  const gone = page(after.text, facts({ work: "Refunds" }), { written: after.written });
  expect(changedLines(after.text, gone.text).removed).toEqual(["- [x] Rounding is off"]);
});

test("what Current Work says of the session is ours only while it names one, and of git always", () => {
  const mark = "<!-- leftoff keeps its lines on this page up to date; without this line it only reads it -->";
  const text = `## Current Work\n- **Branch**: old\n- **Feature:** Something else\n- **Git branch**: older\n\n${mark}\n`;
  const own = facts({ work: "Refunds", status: "in progress", gitBranch: "refunds" });
  expect(page(text, own).text).toBe(
    `## Current Work\n- **Branch**: refunds\n- **Feature:** Something else\n\n${mark}\n`,
  );
  const ours = `## Current Work\nWorking on: Refunds\nStatus: in progress\n\n${mark}\n`;
  const later = facts({ work: "Mails", status: "blocked: a key" });
  expect(page(ours, { ...later, titles: new Set(["Refunds", "Mails"]) }).text).toBe(
    `## Current Work\nWorking on: Mails\nStatus: blocked: a key\n\n${mark}\n`,
  );
});

test("a section that somebody took out of a page of ours stays out, and a half merged page is left as it is", () => {
  const own = facts({}, { next: [item("- [ ] Implement refunds")] });
  const { text } = page(undefined, own, { adopt: true });
  const cut = text.replace("## Next Session\n- [ ] Implement refunds\n\n", "");
  expect(page(cut, own, { adopt: true }).text).toBe(cut);
  const half = text.replace("## Dependencies\n", "<<<<<<< HEAD\n## Dependencies\n");
  expect(page(half, own, { adopt: true })).toMatchObject({
    text: half,
    broken: "it holds merge-conflict marks (line 11)",
  });
});

test("a brief's page names the git branch of HEAD, and no commit that is not HEAD's", () => {
  const own = facts({ work: "Refunds", gitBranch: "old", commits: ["1a2b3c4 Add refunds"] });
  const { text } = page(undefined, own, { adopt: true });
  const now = withGitBranch(text, { gitBranch: "new", commit: "1a2b3c4d5e6f7081920a1b2c3d4e5f6071829304" });
  expect(now).toBe(text.replace("Branch: old", "Branch: new"));
  expect(withGitBranch(text, { gitBranch: "new", commit: "ffff" })).not.toContain("Recent commits");
  expect(withGitBranch(SEED, { gitBranch: "new", commit: undefined })).toBe(SEED);
});

test("a page that others have, too, says nothing of where one work tree stands, but for a person's own words", () => {
  const at = (gitBranch: string, namesGit = true) =>
    facts({ work: "Refunds", gitBranch, commits: [`${gitBranch} a`], namesGit });
  const { text } = page(undefined, at("a"), { adopt: true });
  const shared = page(text, at("b", false)).text;
  expect(shared).toContain("Working on: Refunds\n\n## Architecture");
  expect(page(shared, at("a")).text).toBe(text);
  const own = shared.replace("Refunds\n", "Refunds\n- **Branch**: the old one\n");
  expect(page(own, at("b", false)).text).toBe(own);
});

test("whatever stands on the page: twice is once, no line of a person's goes, and nothing throws", () => {
  const words = fc.constantFrom(
    "# Project Context",
    "## Current Work",
    "## Recent Decisions",
    "## Next Steps",
    "## Mine",
    "Branch: x",
    "**Status**: done",
    "- [ ] Implement refunds",
    "- [x] Implement refunds",
    "1. Implement refunds soon",
    "  more",
    "",
    "```",
    "Feature: y",
    "- z",
  );
  const own = facts(
    { work: "Refunds", status: "in progress", gitBranch: "main", commits: ["1 a"] },
    { next: [item("- [ ] Implement refunds")], decisions: [item("- z")] },
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 25 }), fc.constantFrom("\n", "\r\n"), (lines, eol) => {
      const text = lines.join(eol);
      const once = page(text, own, { adopt: true });
      expect(page(once.text, own, { written: once.written }).text).toBe(once.text);
      if (once.broken !== undefined) return;
      const lost = changedLines(text, once.text).removed;
      // A second line that says byte for byte what ours says, and what our own line says of the session.
      expect(
        lost.filter((line) => !["- [ ] Implement refunds", "- z", "**Status**: done"].includes(line)),
      ).toEqual([]);
      if (lost.includes("- z")) expect(once.text).toContain("- z");
    }),
  );
});
