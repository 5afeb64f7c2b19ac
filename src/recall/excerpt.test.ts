import fc from "fast-check";
import { expect, test } from "vitest";
import { excerptOf } from "./excerpt.ts";

test("an excerpt has a line for each heading, without what says nothing", () => {
  const readme = `---
title: x
---
# Shop
[![build](https://example.org/b.svg)](https://example.org)
<p align="center">
Sells *things*.
It is small.

## Use
\`\`\`sh
npm start
\`\`\`
- start it
1. stop it
<!-- no
one -->
## Empty
`;
  expect(excerptOf(readme)).toEqual(["Shop: Sells *things*.; It is small.", "Use: start it; stop it"]);
});

test("any text is read, into lines of one line each", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => {
      for (const line of excerptOf(text)) expect(line).not.toMatch(/[\n═]/);
    }),
  );
});
