import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { NoteKind } from "../session/note.ts";
import { compareDocument } from "./compare.ts";
import { EMPTY_VIEW, note } from "./document.model.ts";
import { readDocument } from "./read.ts";
import { TEMPLATES } from "./templates.ts";
import { writeDocument } from "./write.ts";

/** The worked examples, by the template that each is made for (examples/README.md). */
const EXAMPLES = [
  ["feature", "feature-session.tmp"],
  ["bug", "bug-session.tmp"],
  ["refactor", "refactor-session.tmp"],
  ["migration", "example-session.tmp"],
  ["research", "research-session.tmp"],
] as const;

const textOf = (file: string) => readFileSync(new URL(`../../examples/${file}`, import.meta.url), "utf8");

function readExample(file: string) {
  const text = textOf(file);
  const document = readDocument(text);
  const items = document.sections.flatMap((section) => section.items);
  return { text, document, items, of: (kind: NoteKind) => items.filter((item) => item.kind === kind) };
}

test("there is a worked example for each template, and it holds the template's phases and steps, word for word", () => {
  expect(EXAMPLES.map(([template]) => template)).toEqual(TEMPLATES.map(({ name }) => name));
  for (const [template, file] of EXAMPLES) {
    const text = textOf(file);
    const lines = TEMPLATES.find(({ name }) => name === template)?.text.split("\n") ?? [];
    const phases = lines.flatMap((line) => /^## (.* Phase)$/.exec(line)?.[1] ?? []);
    const steps = lines.flatMap((line) => /^- \[ \] (.*)$/.exec(line)?.[1] ?? []);
    const headings = lines.flatMap((line) => /^## (.*)$/.exec(line)?.[1] ?? []);
    for (const phase of phases) expect(text).toContain(`\n**${phase}**:\n- [`);
    for (const step of steps) expect(text).toMatch(new RegExp(`^- \\[[ x]\\] ${step}$`, "m"));
    for (const heading of headings.filter((one) => !phases.includes(one)))
      expect(text).toContain(`\n## ${heading}\n`);
  }
});

test.each(EXAMPLES)("the worked example of a %s is read whole", (_template, file) => {
  const { document, items, of } = readExample(file);
  expect(document.warnings).toEqual([]);
  expect(document.status).toBeDefined();
  expect(document.sections.filter(({ holds }) => holds === undefined)).toEqual([]);
  expect(items.filter(({ unconfirmed }) => unconfirmed)).toEqual([]);
  for (const { fields } of of("worked"))
    expect([fields.result, fields.why, fields.time, fields.file]).not.toContain(undefined);
  for (const { fields } of of("failed"))
    expect([fields.why, fields.cause, fields.lesson, fields.time]).not.toContain(undefined);
  for (const { fields } of of("decision"))
    expect([fields.why, fields.tradeoff, fields.approved, fields.result]).not.toContain(undefined);
  for (const { fields } of of("risk"))
    expect([fields.likelihood, fields.impact, fields.mitigation]).not.toContain(undefined);
  for (const { fields } of of("issue"))
    expect([fields.status, fields.impact, fields.priority]).not.toContain(undefined);
  expect(of("worked").length).toBeGreaterThanOrEqual(3);
  expect(of("failed").length).toBeGreaterThanOrEqual(2);
  expect(of("decision").length).toBeGreaterThanOrEqual(3);
  expect(of("metric").length).toBeGreaterThanOrEqual(2);
});

test.each(EXAMPLES)("hours, days, figures and blockers of the worked example of a %s add up", (_t, file) => {
  const { text, of } = readExample(file);
  const said = (pattern: RegExp) => pattern.exec(text)?.slice(1) ?? [];
  const [hours, sessions, dates = ""] = said(/~(\d+) hours across (\d+) sessions \((.*)\)$/m);
  const spent = [...of("worked"), ...of("failed")].map(({ fields }) => numberIn(fields.time));
  expect(spent.reduce((sum, each) => sum + each, 0)).toBe(Number(hours));

  const days = dates.split(", ").map((date) => (date.length === 5 ? `2026-${date}` : date));
  const current = said(/\*\*Current session\*\* \((.*)\)/)[0];
  expect(days).toHaveLength(Number(sessions));
  expect([...days].sort()).toEqual(days);
  expect([days[0], days.at(-1), current]).toEqual([
    said(/\*\*Created\*\*: (.*)/)[0],
    said(/\*\*Updated\*\*: (.*)/)[0],
    said(/\*\*Updated\*\*: (.*)/)[0],
  ]);
  expect(days.at(-2)).toBe(said(/\*\*Previous session\*\* \((.*)\)/)[0]);

  for (const { fields } of of("metric")) {
    if (fields.gain === undefined) continue;
    const [before, after] = [fields.before, fields.after].map((cell) => numberIn(cell));
    const [gain] = [before! / after!, after! / before!].sort((a, b) => b - a);
    expect(gain).toBeCloseTo(numberIn(fields.gain), 1);
  }
  const blockers = of("blocker");
  const [resolved, all] = said(/\*\*Blockers resolved\*\*: (\d+)\/(\d+)/);
  expect([blockers.filter(({ checked }) => checked).length, blockers.length]).toEqual([
    Number(resolved),
    Number(all),
  ]);
});

test("what is replaced by another decision names one that stands", () => {
  for (const [, file] of EXAMPLES) {
    const { of } = readExample(file);
    const named = of("decision").flatMap(({ fields }) => fields.superseded ?? []);
    expect(named).toHaveLength(1);
    expect(of("decision").map(({ text }) => text)).toEqual(expect.arrayContaining(named));
  }
});

test("the migration has what its users' own example had: 4 and 4 attempts, 6 risks, 5 decisions, a gain of 6.8×", () => {
  const { of } = readExample("example-session.tmp");
  const counts = (["worked", "failed", "risk", "decision"] as const).map((kind) => of(kind).length);
  expect(counts).toEqual([4, 4, 6, 5]);
  expect(of("metric")[0]?.fields).toEqual({ before: "410 ms", after: "60 ms", gain: "6.8×" });
});

test.each(EXAMPLES)(
  "the worked example of a %s, its notes taken in, is written back byte for byte",
  (_t, file) => {
    const text = textOf(file);
    const added = compareDocument({ text: "", items: [] }, text).changes.flatMap((change) =>
      change.type === "added" ? [change.item] : [],
    );
    const notes = added.map(({ kind, text: said, fields, checked }, id) =>
      note({ id, kind, text: said, fields, state: checked ? "done" : "open" }),
    );
    const aligned = added.map(({ range }, id) => ({ note: notes[id]!.id, range }));
    const { title = "", status = "in_progress", statusReason } = readDocument(text);
    const updatedDate = /\*\*Updated\*\*: (.*)/.exec(text)?.[1] ?? "";
    const view = { ...EMPTY_VIEW, title, status, statusReason, notes, updatedDate };
    expect(writeDocument({ text, aligned }, view).text).toBe(text);
  },
);

/** The first number of a cell or field. */
function numberIn(cell: string | undefined): number {
  return Number(/\d[\d,]*(?:\.\d+)?/.exec(cell ?? "")?.[0].replaceAll(",", ""));
}
