import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compareDocument } from "./compare.ts";
import { EMPTY_VIEW, note } from "./document.model.ts";
import type { StateDocument } from "./document.ts";
import { FIELD_ALIASES } from "./fields.ts";
import { readDocument } from "./read.ts";
import { ALIASES } from "./section-aliases.ts";
import { PARTS } from "./section-parts.ts";
import { SECTIONS } from "./sections.ts";
import { STATUS_ALIASES } from "./status.ts";
import { writeDocument } from "./write.ts";

const FORMAT = readFileSync(new URL("../../docs/formats/document.md", import.meta.url), "utf8");
const EXAMPLES = [...FORMAT.matchAll(/^````markdown\n([\s\S]*?)^````\n\n```json\n([\s\S]*?)^```$/gm)].map(
  ([, text = "", json = ""]) => ({
    text,
    items: JSON.parse(json) as unknown,
  }),
);

function itemsOf({ sections }: StateDocument): readonly unknown[] {
  return sections
    .flatMap(({ items }) => items)
    .map(({ kind, text, fields, checked, unconfirmed }) => ({
      kind,
      text,
      ...(checked === undefined ? {} : { checked }),
      ...(unconfirmed ? { unconfirmed } : {}),
      ...(Object.keys(fields).length > 0 ? { fields } : {}),
    }));
}

test("every example of the format document reads as it says", () => {
  expect(EXAMPLES).toHaveLength(FORMAT.split("\n````markdown\n").length - 1);
  for (const { text, items } of EXAMPLES) {
    const document = readDocument(text);
    expect(itemsOf(document)).toEqual(items);
    expect(document.warnings).toEqual([]);
  }
});

test("every example, its notes taken in, is written back byte for byte", () => {
  for (const { text } of EXAMPLES) {
    const added = compareDocument({ text: "", items: [] }, text).changes.flatMap((change) =>
      change.type === "added" ? [change.item] : [],
    );
    const notes = added.map(({ kind, text: said, fields, checked, unconfirmed }, id) =>
      note({ id, kind, text: said, fields, state: checked ? "done" : unconfirmed ? "proposed" : "open" }),
    );
    const aligned = added.map(({ range }, id) => ({ note: notes[id]!.id, range }));
    const { title = "", status = "in_progress", statusReason } = readDocument(text);
    expect(writeDocument({ text, aligned }, { ...EMPTY_VIEW, title, status, statusReason, notes }).text).toBe(
      text,
    );
  }
});

test("the format document lists every heading, field name and status word that is read", () => {
  for (const { key, heading } of SECTIONS) {
    const [aliases, parts] = [ALIASES[key].join(" · "), PARTS[key].join(" · ")];
    expect(FORMAT).toContain(`| ${heading} | ${key} | ${aliases} | ${parts} |`);
  }
  for (const [name, words] of [...Object.entries(FIELD_ALIASES), ...Object.entries(STATUS_ALIASES)]) {
    expect(FORMAT).toContain(`| ${name} | ${words.join(" · ")} |`);
  }
});
