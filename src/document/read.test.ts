import fc from "fast-check";
import { expect, test } from "vitest";
import { hostileText } from "./document.arbitrary.ts";
import type { StateDocument } from "./document.ts";
import { readDocument } from "./read.ts";

function itemsOf(document: StateDocument, kind: string): readonly unknown[] {
  return document.sections
    .flatMap(({ items }) => items)
    .filter((item) => item.kind === kind)
    .map(({ text, fields, checked }) => ({ text, ...fields, ...(checked === undefined ? {} : { checked }) }));
}

const SEARCH = `# Session State: Product search by facets
**Created**: 2026-03-02
**Updated**: 2026-03-04
**Status**: in_progress
**Session Thread**: https://example.org/threads/41

## Context Summary
Shoppers filter the catalogue by brand, price and size.
The old filter reads the whole table.

## What We Know
- The catalogue has 1.2 million rows
- Counts per facet must be exact below 10,000 hits

## What We've Tried (Successful Approaches)
1. **Approach**: Partial index per tenant
   - **Result**: ✓ 38 ms instead of 2.1 s
   - **Why it works**: nine of ten tenants fit in memory
   - **Code location**: \`src/search/index.sql\`

2. **Approach**: Counting facets in one pass
   - **Result**: ✓ one query instead of seven

## What We've Tried (Failed Approaches)
1. **Approach**: Materialized view for every facet
   - **Problem**: refresh takes nine minutes
   - **Why it failed**: every write touches all facets
   - **Lesson learned**: count at read time, cache the answer
   - **Time spent**: ~3 hours

## What We Haven't Tried Yet
- [ ] Bitmap index on size
- [x] Approximate counts above 10,000 hits

## Next Steps
1. **Immediate** (next session):
   - [ ] Cache facet counts for a minute
   - [x] Explain plan for the slow tenant

2. **Short-term** (this week):
   - [ ] Load test with 200 shoppers

3. **Future considerations**:
   - [ ] Facets by availability

## Technical Decisions
- **Decision**: Exact counts only below 10,000 hits
  - **Reasoning**: nobody reads larger numbers
  - **Trade-off**: two code paths
  - **Approved**: ✓

## Key Files Involved
- \`src/search/facets.ts\` - counts facets

## Known Issues
- [ ] **Issue**: Size facet ignores half sizes
  - **Status**: Investigating
  - **Potential impact**: 4 % of shoes can't be found
  - **Priority**: HIGH

## Dependencies & Blockers
- Waiting for the catalogue team to publish half sizes

## Useful Commands & Scripts
\`\`\`bash
# Explains the slowest query of the last hour
npm run explain -- --slowest

psql -f bench/facets.sql \\
  --set tenant=7
\`\`\`

## Session Continuity
**Previous session** (2026-03-03):
- Measured the old filter

## Session Metrics
- **Files modified**: 6
`;

test("the users' template is read whole: every section, field, horizon and box", () => {
  const document = readDocument(SEARCH);

  expect(document).toMatchObject({ title: "Product search by facets", status: "in_progress", warnings: [] });
  expect(document.sections.map(({ holds }) => holds)).toEqual([
    "summary",
    "finding",
    "worked",
    "failed",
    "untried",
    "next",
    "decision",
    "file",
    "issue",
    "blocker",
    "command",
    "derived",
    "derived",
  ]);
  expect(itemsOf(document, "summary")).toEqual([
    { text: "Shoppers filter the catalogue by brand, price and size. The old filter reads the whole table." },
  ]);
  expect(itemsOf(document, "worked")[0]).toEqual({
    text: "Partial index per tenant",
    result: "✓ 38 ms instead of 2.1 s",
    why: "nine of ten tenants fit in memory",
    file: "`src/search/index.sql`",
  });
  expect(itemsOf(document, "failed")).toEqual([
    {
      text: "Materialized view for every facet",
      why: "refresh takes nine minutes; every write touches all facets",
      lesson: "count at read time, cache the answer",
      time: "~3 hours",
    },
  ]);
  expect(itemsOf(document, "next")).toEqual([
    { text: "Cache facet counts for a minute", checked: false },
    { text: "Explain plan for the slow tenant", checked: true },
    { text: "Load test with 200 shoppers", horizon: "short-term", checked: false },
    { text: "Facets by availability", horizon: "future", checked: false },
  ]);
  expect(itemsOf(document, "decision")).toEqual([
    {
      text: "Exact counts only below 10,000 hits",
      why: "nobody reads larger numbers",
      tradeoff: "two code paths",
      approved: "✓",
    },
  ]);
  expect(itemsOf(document, "issue")[0]).toMatchObject({
    status: "Investigating",
    priority: "HIGH",
    checked: false,
  });
  expect(itemsOf(document, "command")).toEqual([
    { text: "npm run explain -- --slowest", why: "Explains the slowest query of the last hour" },
    { text: "psql -f bench/facets.sql --set tenant=7" },
  ]);
});

test("names in bold print without labels are attempts, with what stands below them or behind an arrow", () => {
  const document = readDocument(`# Session State: Upload stalls at 99 %
**Created**: 2026-02-11
**Completed**: 2026-02-13
**Status**: ✓ COMPLETED

## Summary
Uploads above 2 GB stalled; a proxy buffered them.

## What We've Tried (Successful)
1. **Traced one upload through the proxy** ✓
   - The proxy buffers 1 GB before it forwards
   - Found in: \`deploy/proxy.conf\`
2. **Streaming without a buffer** ✓

## What We've Tried (Failed)
1. **Blamed the browser's slicing**
   - Turned out: slices arrive in order
   - Lesson: look at both ends of a pipe first
2. **Larger worker pool** → made it stall earlier

## Solution
- The proxy passes uploads on at once

## Key Learnings
1. A progress bar shows what was sent, not what arrived
`);

  expect(document).toMatchObject({ title: "Upload stalls at 99 %", status: "completed" });
  expect(itemsOf(document, "worked")).toEqual([
    {
      text: "Traced one upload through the proxy",
      result: "The proxy buffers 1 GB before it forwards",
      file: "`deploy/proxy.conf`",
    },
    { text: "Streaming without a buffer" },
  ]);
  expect(itemsOf(document, "failed")).toEqual([
    {
      text: "Blamed the browser's slicing",
      why: "slices arrive in order",
      lesson: "look at both ends of a pipe first",
    },
    { text: "Larger worker pool", why: "made it stall earlier" },
  ]);
  expect(itemsOf(document, "solution")).toEqual([{ text: "The proxy passes uploads on at once" }]);
  expect(itemsOf(document, "learning")).toHaveLength(1);
});

test("a refactoring with its own headings is read by what they mean", () => {
  const document = readDocument(`Session State: Mailer (SMTP ➜ queue)
===========================

## Current Progress
- Phase 1: password mails go through the queue ✓
- Phase 2: invoices (half done)

### Endpoints Completed
1. \`POST /password\` ✓

### Endpoints Remaining
- \`POST /invoice\`

## Blocking Issues
- [ ] Attachments above 10 MB

## 🚀 Next Session Suggestions
**This week**:
* [ ] Move invoices

#### Later
* [ ] Retire the SMTP pool

## Parking lot
- not ours to touch
`);

  expect(document.title).toBe("Mailer (SMTP ➜ queue)");
  expect(itemsOf(document, "progress")).toHaveLength(3);
  expect(itemsOf(document, "blocker")).toEqual([{ text: "Attachments above 10 MB", checked: false }]);
  expect(itemsOf(document, "next")).toEqual([
    { text: "`POST /invoice`" },
    { text: "Move invoices", horizon: "short-term", checked: false },
    { text: "Retire the SMTP pool", horizon: "future", checked: false },
  ]);
  expect(document.sections.at(-1)).toMatchObject({ heading: "Parking lot", holds: undefined, items: [] });
});

test("attempts as headings, plain field names and another language are read", () => {
  const document = readDocument(`# 세션 상태: 결제 오류
상태: 진행 중

## 알고 있는 것
- 카드사 응답이 늦다

## What We've Tried
### Failed
#### Attempt 1: Longer timeout ❌
- Problem: the gateway gives up first
- Lesson learned: ask for the gateway's limits
#### Attempt 2: Retry at once
- **Why it failed:** it charged twice

## 다음 단계
1. 즉시:
   - [ ] 멱등 키 추가
`);

  expect(document).toMatchObject({ title: "결제 오류", status: "in_progress" });
  expect(itemsOf(document, "finding")).toEqual([{ text: "카드사 응답이 늦다" }]);
  expect(itemsOf(document, "failed")).toEqual([
    { text: "Longer timeout", why: "the gateway gives up first", lesson: "ask for the gateway's limits" },
    { text: "Retry at once", why: "it charged twice" },
  ]);
  expect(itemsOf(document, "next")).toEqual([{ text: "멱등 키 추가", checked: false }]);
});

test("what a template waits to be told is nobody's note", () => {
  const document = readDocument(`# Session State: {DESCRIPTION}
**Created**: $(date +%Y-%m-%d)
**Status**: in_progress | completed | blocked

## Context Summary
[Add your context here]

## What We Know
-

## What We've Tried (Successful)
1. **Approach**:
   - **Result**:

## What We've Tried (Failed)
1. **Approach**: [details]
   - **Problem**: [specific issue]

## What We Haven't Tried Yet
- [ ]

## Next Steps
1. **Immediate** (next session):
   - [ ]

## Known Issues
- [ ] **Issue**:
- None
`);

  expect(document).toMatchObject({ title: undefined, status: undefined });
  expect(document.sections.flatMap(({ items }) => items)).toEqual([]);
});

test("code, comments, quotes and tables hold no items", () => {
  const document = readDocument(`## Next Steps
- [ ] ship it
  \`\`\`
  - [ ] not this
  \`\`\`
<!--
- [ ] nor this
-->
| - [ ] nor | this |
> - [ ] nor this
`);

  expect(itemsOf(document, "next")).toEqual([{ text: "ship it", checked: false }]);
});

test("a conflict mark and a fence that nobody closed are reported with their place", () => {
  expect(
    readDocument("## Next Steps\n<<<<<<< HEAD\n- a\n=======\n- b\n>>>>>>> main\n").warnings.map(
      ({ line }) => line,
    ),
  ).toEqual([2, 4, 6]);
  expect(readDocument("## Next Steps\n- a\n  ```sh\n- b\n").warnings).toMatchObject([{ line: 3, column: 3 }]);
});

test("a status is what people call it", () => {
  const statusOf = (value: string): unknown => {
    const { status, statusReason } = readDocument(`# X\n**Status**: ${value}\n`);
    return [status, statusReason];
  };
  expect(statusOf("✓ COMPLETED")).toEqual(["completed", undefined]);
  expect(statusOf("Done!")).toEqual(["completed", undefined]);
  expect(statusOf("🚧 In Progress")).toEqual(["in_progress", undefined]);
  expect(statusOf("Blocked on the security review")).toEqual(["blocked", "the security review"]);
  expect(statusOf("blocked (no answer from ops)")).toEqual(["blocked", "no answer from ops"]);
  expect(statusOf("waiting for: a key")).toEqual(["blocked", "a key"]);
  expect(statusOf("unblocked")).toEqual([undefined, undefined]);
});

test("any string is a document, whose parts lie in order and inside it", () => {
  const text = fc.array(hostileText, { maxLength: 25 }).map((pieces) => pieces.join("\n"));
  fc.assert(
    fc.property(text, (any) => {
      let last = 0;
      for (const { range, items } of readDocument(any).sections) {
        expect(range.from).toBeGreaterThanOrEqual(last);
        for (const item of items) {
          expect(item.range.from).toBeGreaterThanOrEqual(last);
          expect(item.range.to).toBeGreaterThan(item.range.from);
          expect(item.text.trim()).not.toBe("");
          last = item.range.to;
        }
        expect(range.to).toBeGreaterThanOrEqual(last);
        last = range.to;
      }
      expect(last).toBeLessThanOrEqual(any.length);
    }),
    { numRuns: 500 },
  );
});

test("sections of a bug, a refactoring and a finished feature have kinds of their own", () => {
  const document = readDocument(`# Session State: Orders lost at midnight
## Root Cause
- The job reads the day in local time
## Solution
- Days are counted in UTC
  - **Root cause**: two clocks
## Final Implementation
- Files: \`src/day.ts\`
## Deployment
- No downtime
## Rollback plan
- Set DAY_CLOCK=local
## Performance Metrics
- p95 of the nightly job
  - **Before**: 41 min
  - **After**: 6 min
  - **Improvement**: 6.8×
## Dependencies & Blockers
- Key for the archive
  - **Waiting on**: ops
  - **ETA**: 2026-03-01
## Technical Decisions
- **Decision**: UTC everywhere
  - **Reasoning**: one clock
  - **Outcome**: no lost order since
- **Decision**: Local days in reports
  - **Superseded by**: UTC everywhere
`);

  expect(itemsOf(document, "solution")).toEqual([
    { text: "The job reads the day in local time" },
    { text: "Days are counted in UTC", cause: "two clocks" },
  ]);
  expect(itemsOf(document, "implementation")).toEqual([{ text: "Files: `src/day.ts`" }]);
  expect(itemsOf(document, "deployment")).toHaveLength(2);
  expect(itemsOf(document, "metric")).toEqual([
    { text: "p95 of the nightly job", before: "41 min", after: "6 min", gain: "6.8×" },
  ]);
  expect(itemsOf(document, "blocker")).toEqual([
    { text: "Key for the archive", waiting: "ops", expected: "2026-03-01" },
  ]);
  expect(itemsOf(document, "decision")).toEqual([
    { text: "UTC everywhere", why: "one clock", result: "no lost order since" },
    { text: "Local days in reports", superseded: "UTC everywhere" },
  ]);
});

test("steps below a label of urgency have its priority, with CRLF, tabs and emoji, in other languages", () => {
  const document = readDocument(
    [
      "# Session State: Suche",
      "### 🔭 Nächste Schritte",
      "**High priority**:",
      "- [ ] Index neu bauen",
      "\t- Priority: low",
      "* [ ] 🚀 Grenzen messen",
      "",
      "#### Langfristig",
      "1)\t[ ] Synonyme",
      "",
      "### ❌ Ce qui n'a pas fonctionné",
      "1. **Tout en mémoire**",
      "\t- Pourquoi: trop lent",
      "",
      "### 失败的方法",
      "- 缓存一切",
    ].join("\r\n"),
  );
  expect(itemsOf(document, "next")).toEqual([
    { text: "Index neu bauen", priority: "low", checked: false },
    { text: "🚀 Grenzen messen", priority: "high", checked: false },
    { text: "Synonyme", horizon: "future", checked: false },
  ]);
  expect(itemsOf(document, "failed")).toEqual([
    { text: "Tout en mémoire", why: "trop lent" },
    { text: "缓存一切" },
  ]);
});
