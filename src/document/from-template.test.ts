import { expect, test } from "vitest";
import { EMPTY_VIEW } from "./document.model.ts";
import { documentFromTemplate, stepsIn, templateTitle } from "./from-template.ts";
import { readDocument } from "./read.ts";
import { TEMPLATES } from "./templates.ts";

const itemsOf = (text: string) => readDocument(text).sections.flatMap(({ items }) => items);

test("each template of ours makes a document with its title, every usual section, and its boxes as next steps", () => {
  expect(TEMPLATES.map(({ name }) => name)).toEqual(["feature", "bug", "refactor", "migration", "research"]);
  for (const { text } of TEMPLATES) {
    const made = documentFromTemplate(text, EMPTY_VIEW);
    const document = readDocument(made);
    expect(document).toMatchObject({ title: EMPTY_VIEW.title, status: "in_progress", warnings: [] });
    const items = itemsOf(made);
    expect(new Set(items.map(({ kind }) => kind))).toEqual(new Set(["next"]));
    expect(items).toHaveLength(stepsIn(text));
    for (const heading of ["Context Summary", "Technical Decisions", "Session Metrics"])
      expect(document.sections.map((section) => section.heading)).toContain(heading);
  }
});

test("a template of one's own keeps its phases, its own sections and its words; nothing in it is run", () => {
  const text = `## Implementation
- [ ] Build {DESCRIPTION}
- [x] Started $(date +%Y-%m-%d)

## Team rules
No release on Fridays. \`$(rm -rf x)\`

## Known Issues
- [ ] **Issue**: flaky login test
`;
  const made = documentFromTemplate(text.replaceAll("\n", "\r\n"), EMPTY_VIEW);
  expect(itemsOf(made).map(({ kind, text: said, checked }) => [kind, said, checked])).toEqual([
    ["next", "Build Rotate refresh tokens", false],
    ["next", "Started 2026-01-25", true],
    ["issue", "flaky login test", false],
  ]);
  expect(made).toContain("**Implementation**:\n- [ ] Build");
  expect(made).toContain("## Team rules\nNo release on Fridays. `$(rm -rf x)`\n\n## Session Continuity");
  expect(templateTitle("x\n# Template: Feature Development\n")).toBe("Feature Development");
});
