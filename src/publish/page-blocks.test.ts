import fc from "fast-check";
import { expect, test } from "vitest";
import { pageBlocks } from "./page-blocks.ts";

test("paragraphs and list items with what is below them are blocks, each with its heading and line", () => {
  const page = `# Project status
**Purpose**: feedback

## Problems and Solutions
1. **Cache** was cold
   - warmed at start
2. Clock skew

### Technical notes
Runs on
two lines
`;
  expect(pageBlocks(page)).toEqual([
    { line: 2, heading: "Project status", text: "Purpose: feedback", rest: [] },
    { line: 5, heading: "Problems and Solutions", text: "Cache was cold", rest: ["warmed at start"] },
    { line: 7, heading: "Problems and Solutions", text: "Clock skew", rest: [] },
    { line: 10, heading: "Technical notes", text: "Runs on", rest: ["two lines"] },
  ]);
});

test("any text has blocks, whose lines are those of the text", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => {
      const count = text.split(/\r?\n/).length;
      for (const { line } of pageBlocks(text)) expect(line).toBeLessThanOrEqual(count);
    }),
  );
});
