import fc from "fast-check";
import { expect, test } from "vitest";
import { expectLinear } from "../../test/linear.ts";
import { DOCUMENT_ITEMS_MAX } from "../base/limits.ts";
import { compareDocument } from "./compare.ts";
import { EMPTY_VIEW, note } from "./document.model.ts";
import type { DocumentView, WrittenDocument } from "./document.ts";
import { writeDocument } from "./write.ts";

const view: DocumentView = {
  ...EMPTY_VIEW,
  thread: "https://example.org/t/7",
  notes: [
    note({ id: 1, kind: "summary", text: "Mails go through a queue." }),
    note({ id: 2, kind: "finding", text: "The pool holds four connections" }),
    note({
      id: 3,
      kind: "failed",
      text: "A larger pool",
      fields: { why: "the server refuses the ninth", lesson: "ask for limits first", time: "~1 hour" },
    }),
    note({ id: 4, kind: "next", text: "Move invoices" }),
    note({ id: 5, kind: "next", text: "Retire the pool", fields: { horizon: "future" } }),
    note({ id: 6, kind: "next", text: "Move passwords", state: "done" }),
    note({
      id: 7,
      kind: "decision",
      text: "One queue for all",
      state: "proposed",
      fields: { why: "order", tradeoff: "slow mails wait", approved: "✓" },
    }),
    note({
      id: 8,
      kind: "issue",
      text: "Attachments are lost",
      fields: { priority: "HIGH", impact: "invoices", status: "open" },
    }),
    note({ id: 9, kind: "command", text: "npm run mails", fields: { why: "sends what waits" } }),
  ],
  files: [{ path: "src/mail.ts", what: "modified" }],
  continuity: {
    previous: undefined,
    current: { when: "2026-01-26", lines: ["Queue for passwords"] },
    next: ["Move invoices"],
  },
  metrics: [{ name: "Files modified", value: "3" }],
};

/** Writes over a text as the shell does, with nothing of it edited by a person. */
function over(before: WrittenDocument, text: string, wish: DocumentView): WrittenDocument {
  return writeDocument({ text, aligned: compareDocument(before, text).aligned }, wish);
}

function withNote(
  wish: DocumentView,
  id: number,
  change: Partial<DocumentView["notes"][number]>,
): DocumentView {
  return { ...wish, notes: wish.notes.map((one, at) => (at === id - 1 ? { ...one, ...change } : one)) };
}

/** Lines of one text that the other lacks. */
function newLines(before: string, after: string): readonly string[] {
  const old = new Set(before.split("\n"));
  return after.split("\n").filter((line) => !old.has(line));
}

const written = writeDocument(undefined, view);

test("a document that could not be read any more is not written: it is given back as it is, with the reason", () => {
  const notes = Array.from({ length: DOCUMENT_ITEMS_MAX }, (_, id) =>
    note({ id: id + 1, kind: "finding", text: `found ${id}` }),
  );
  const few = writeDocument(undefined, { ...EMPTY_VIEW, notes: notes.slice(0, 3) });
  const full = over(few, few.text, { ...EMPTY_VIEW, notes });
  expect([full.text, full.items]).toEqual([few.text, few.items]);
  expect(full).toMatchObject({ refused: expect.stringContaining(`${DOCUMENT_ITEMS_MAX} is the most`) });
});

test("a new document is the users' template, filled in", () => {
  expect(written.text).toBe(`# Session State: Rotate refresh tokens
**Created**: 2026-01-25
**Updated**: 2026-01-26
**Status**: in_progress
**Session Thread**: https://example.org/t/7

## Context Summary
Mails go through a queue.

## What We Know
- The pool holds four connections

## What We've Tried (Successful Approaches)
1. **Approach**:
   - **Result**:

## What We've Tried (Failed Approaches)
1. **Approach**: A larger pool
   - **Why it failed**: the server refuses the ninth
   - **Lesson learned**: ask for limits first
   - **Time spent**: ~1 hour

## What We Haven't Tried Yet
- [ ]

## Next Steps
1. **Immediate** (next session):
   - [ ] Move invoices
   - [x] Move passwords

3. **Future considerations**:
   - [ ] Retire the pool

## Technical Decisions
- **Decision**: One queue for all (unconfirmed)
  - **Reasoning**: order
  - **Trade-off**: slow mails wait
  - **Approved**: ✓

## Key Files Involved
- \`src/mail.ts\` - modified

## Known Issues
- [ ] **Issue**: Attachments are lost
  - **Status**: open
  - **Potential impact**: invoices
  - **Priority**: HIGH

## Dependencies & Blockers
-

## Useful Commands & Scripts
\`\`\`bash
# sends what waits
npm run mails
\`\`\`

## Session Continuity
**Current session** (2026-01-26):
- Queue for passwords

**Expected next session**:
- Move invoices

## Session Metrics
- **Files modified**: 3
`);
});

test("one thing that changes changes one line", () => {
  const change = (wish: DocumentView): readonly string[] =>
    newLines(written.text, over(written, written.text, wish).text);
  expect(change(withNote(view, 4, { state: "done" }))).toEqual(["   - [x] Move invoices"]);
  expect(change(withNote(view, 7, { state: "open" }))).toEqual(["- **Decision**: One queue for all"]);
  expect(
    change(
      withNote(view, 3, { fields: { why: "it is full", lesson: "ask for limits first", time: "~1 hour" } }),
    ),
  ).toEqual(["   - **Why it failed**: it is full"]);
  expect(change({ ...view, updatedDate: "2026-01-27" })).toEqual(["**Updated**: 2026-01-27"]);
  expect(change({ ...view, status: "blocked", statusReason: "no key" })).toEqual([
    "**Status**: blocked (no key)",
  ]);
  expect(change({ ...view, metrics: [{ name: "Files modified", value: "4" }] })).toEqual([
    "- **Files modified**: 4",
  ]);
  expect(change({ ...view, title: "Mail queue" })).toEqual(["# Session State: Mail queue"]);
});

test("a dropped note goes with everything below it, and leaves one blank line", () => {
  const { text } = over(written, written.text, {
    ...view,
    notes: view.notes.filter(({ kind }) => kind !== "failed"),
  });
  expect(text).toContain("## What We've Tried (Failed Approaches)\n\n## What We Haven't Tried Yet\n");
});

test("a section that is not there comes with its first note, at its place", () => {
  const risk = note({
    id: 20,
    kind: "risk",
    text: "The queue fills up",
    fields: { impact: "mails are late" },
  });
  const { text } = over(written, written.text, { ...view, notes: [...view.notes, risk] });
  expect(text).toContain(
    "-\n\n## Risks\n- **Risk**: The queue fills up\n  - **Potential impact**: mails are late\n\n## Useful Commands & Scripts\n",
  );
});

test("new items look like the ones around them", () => {
  const theirs =
    "# Mail\r\n\r\n### What worked\r\n* a queue\r\n* two workers\r\n\r\n### TODO\r\n1) first\r\n2) second\r\n\r\n### Files\r\n";
  const { text } = writeDocument(
    { text: theirs, aligned: [] },
    {
      ...EMPTY_VIEW,
      title: "Mail",
      notes: [
        note({ id: 1, kind: "worked", text: "one lock" }),
        note({ id: 2, kind: "next", text: "third" }),
        note({ id: 3, kind: "learning", text: "queues fill" }),
      ],
      files: [{ path: "a.ts", what: "" }],
    },
  );
  expect(text).toBe(
    "# Mail\r\n\r\n### What worked\r\n* a queue\r\n* two workers\r\n* **Approach**: one lock\r\n\r\n### TODO\r\n1) first\r\n2) second\r\n3) [ ] third\r\n\r\n" +
      "### Files\r\n- `a.ts`\r\n\r\n### Key Learnings\r\n- queues fill\r\n",
  );
});

test("a person's lines in sections that leftoff keeps stay, and theirs count before ours", () => {
  const theirs = written.text
    .replace("- Queue for passwords", "- Queue for passwords\n- Talked to ops")
    .replace("- **Files modified**: 3", "- **Files modified**: about three\n- **Coffees**: 4")
    .replace("- `src/mail.ts` - modified", "- `src/mail.ts` - start reading here");
  const { text } = over(written, theirs, {
    ...view,
    metrics: [
      { name: "Files modified", value: "9" },
      { name: "Commits", value: "2" },
    ],
    continuity: { ...view.continuity, current: { when: "2026-01-27", lines: ["Queue for invoices"] } },
  });
  expect(newLines(theirs, text)).toEqual([
    "**Current session** (2026-01-27):",
    "- Queue for invoices",
    "- **Commits**: 2",
  ]);
  expect(newLines(text, theirs)).toEqual(["**Current session** (2026-01-26):", "- Queue for passwords"]);
});

test("figures stand in one order, whichever of them was known first", () => {
  const all = ["Total time invested", "Conversations", "Code lines changed", "Files modified", "Commits"].map(
    (name, at) => ({ name, value: String(at) }),
  );
  const whole = writeDocument(undefined, { ...view, metrics: all });
  fc.assert(
    fc.property(fc.array(fc.subarray(all), { maxLength: 4 }), (known) => {
      const last = known.reduce<WrittenDocument>(
        (before, metrics) => over(before, before.text, { ...view, metrics }),
        writeDocument(undefined, { ...view, metrics: [] }),
      );
      expect(over(last, last.text, { ...view, metrics: all }).text).toBe(whole.text);
    }),
  );
});

test("a late figure does not come between a person's line and what is nested under it", () => {
  const theirs = written.text.replace(
    "- **Files modified**: 3",
    "- Counted by hand\n  - **Files modified**: 3",
  );
  const metrics = [{ name: "Conversations", value: "2" }, ...view.metrics];
  expect(over(written, theirs, { ...view, metrics }).text).toContain(
    "- Counted by hand\n  - **Files modified**: 3\n- **Conversations**: 2\n",
  );
});

test("a line of ours that a person took out stays out", () => {
  const theirs = written.text
    .replace("- `src/mail.ts` - modified\n", "")
    .replace("- **Files modified**: 3\n", "");
  const { changes } = compareDocument(written, theirs);
  const hidden = changes.flatMap((change) => (change.type === "dropped" ? [change.note] : []));
  expect(over(written, theirs, { ...view, hidden }).text).toBe(theirs);
});

test("sections that leftoff keeps, taken out by a person, stay out", () => {
  const theirs = written.text.slice(0, written.text.indexOf("\n## Session Continuity"));
  expect(over(written, theirs, view).text).toBe(theirs);
});

test("a document with conflict marks is given back as it is", () => {
  const text = written.text.replace(
    "- [ ] Move invoices",
    "<<<<<<< HEAD\n- [ ] Move invoices\n=======\n- [ ] Move bills\n>>>>>>> main",
  );
  expect(over(written, text, withNote(view, 2, { text: "changed" })).text).toBe(text);
});

test("an emptied document is written anew", () => {
  expect(writeDocument({ text: "\n", aligned: [] }, view)).toEqual(written);
});

test("what the seeds' script leaves behind is filled in where it asks", () => {
  const script =
    "# Session State: {DESCRIPTION}\n**Created**: $(date +%Y-%m-%d)\n**Status**: in_progress\n\n## What We Know\n-\n\n## Next Steps\n1. **Immediate** (next session):\n   - [ ]\n";
  const notes = [
    note({ id: 1, kind: "finding", text: "a" }),
    note({ id: 2, kind: "next", text: "b" }),
    note({ id: 3, kind: "next", text: "c", fields: { horizon: "short-term" } }),
  ];
  expect(writeDocument({ text: script, aligned: [] }, { ...EMPTY_VIEW, notes }).text).toBe(
    "# Session State: Rotate refresh tokens\n**Created**: 2026-01-25\n**Updated**: 2026-01-26\n**Status**: in_progress\n\n## What We Know\n- a\n\n" +
      "## Next Steps\n1. **Immediate** (next session):\n   - [ ] b\n\n2. **Short-term** (this week):\n   - [ ] c\n",
  );
});

test("a person's own words for the same status stay", () => {
  const theirs = written.text.replace("in_progress", "blocked by the audit");
  expect(over(written, theirs, { ...view, status: "blocked", statusReason: "" }).text).toBe(theirs);
  expect(over(written, theirs, { ...view, status: "blocked", statusReason: "the audit" }).text).toBe(theirs);
});

test("a step without a box is ticked and cleared by a sign at its end", () => {
  const text = "# Mail\n\n## Next Steps\n1. Move invoices\n";
  const [change] = compareDocument({ text: "", items: [] }, text).changes.filter(
    ({ type }) => type === "added",
  );
  const place = change?.type === "added" ? [{ note: view.notes[3]!.id, range: change.item.range }] : [];
  const wish = { ...EMPTY_VIEW, title: "Mail", notes: [{ ...view.notes[3]!, state: "done" as const }] };
  const ticked = writeDocument({ text, aligned: place }, wish);
  expect(ticked.text).toBe("# Mail\n\n## Next Steps\n1. Move invoices ✓\n");
  expect(over(ticked, ticked.text, { ...wish, notes: [view.notes[3]!] }).text).toBe(text);
});

test("a document is read and spliced in time linear in its length", () => {
  const kinds = ["finding", "failed", "next", "issue"] as const;
  expectLinear(1_500, (count) => {
    const notes = Array.from({ length: count }, (_, id) =>
      note({
        id,
        kind: kinds[id % 4]!,
        text: `Note ${id}: the token service answers late when the pool is full and nobody looks`,
        fields: { why: `reason number ${id}` },
      }),
    );
    const long = writeDocument(undefined, { ...view, notes });
    const text = long.text.replace("- [ ] Note 2:", "- [x] Note 2:");
    const { aligned } = compareDocument(long, text);
    expect(writeDocument({ text, aligned }, { ...view, notes }).text.length).toBeGreaterThan(count * 120);
  });
});

test("a row of a table is changed cell by cell, and what has no column stands behind the table", () => {
  const before = `## Risks
| # | Risk | Impact | Seen by |
|---|------|--------|---------|
| 1 | Counts drift | wrong totals | Kim |
| 2 | Disk fills | writes stop | Lee |
| - | - | - | - |
`;
  const items = compareDocument({ text: "", items: [] }, before).changes.flatMap((change) =>
    change.type === "added" ? [change.item] : [],
  );
  const notes = items.map(({ kind, text, fields }, id) => note({ id, kind, text, fields }));
  const aligned = items.map(({ range }, id) => ({ note: notes[id]!.id, range }));
  const [first, second] = notes;
  const wish = {
    ...EMPTY_VIEW,
    notes: [
      { ...first!, fields: { impact: "wrong totals at night" }, state: "done" as const },
      { ...second!, fields: { impact: "writes stop", mitigation: "alarm | page" } },
    ],
  };
  const written = writeDocument({ text: before, aligned }, wish);
  expect(written.text).toBe(`## Risks
| # | Risk | Impact | Seen by |
|---|------|--------|---------|
| 1 | Counts drift ✓ | wrong totals at night | Kim |
| - | - | - | - |

- **Risk**: Disk fills
  - **Potential impact**: writes stop
  - **Mitigation**: alarm | page
`);
  expect(compareDocument(written, written.text).changes).toEqual([]);
});
