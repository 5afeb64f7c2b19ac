import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { NoteKind } from "../session/note.ts";
import { readDocument } from "./read.ts";

const EXAMPLE = readFileSync(new URL("../../examples/example-session.tmp", import.meta.url), "utf8");

test("the worked example of a migration is read whole: attempts, risks, decisions, figures and their hours", () => {
  const { sections, warnings, status } = readDocument(EXAMPLE);
  const items = sections.flatMap((section) => section.items);
  const of = (kind: NoteKind) => items.filter((item) => item.kind === kind);
  expect([status, warnings]).toEqual(["in_progress", []]);
  expect(sections.filter(({ holds }) => holds === undefined)).toEqual([]);
  expect(
    of("worked").map(({ fields }) => [fields.why, fields.file, fields.time].includes(undefined)),
  ).toEqual([false, false, false, false]);
  expect(of("failed").every(({ fields }) => fields.why && fields.cause && fields.lesson && fields.time)).toBe(
    true,
  );
  expect(of("failed")).toHaveLength(4);
  expect(of("risk")).toHaveLength(6);
  expect(of("risk").every(({ fields }) => fields.mitigation && fields.impact)).toBe(true);
  expect(of("decision")).toHaveLength(5);
  expect(of("decision").every(({ fields }) => fields.result && fields.tradeoff)).toBe(true);
  expect(of("metric")[0]?.fields).toEqual({ before: "410 ms", after: "60 ms", gain: "6.8×" });
  const hours = [...of("worked"), ...of("failed")].map(({ fields }) =>
    Number(/\d+/.exec(fields.time ?? "")?.[0]),
  );
  expect(hours.reduce((sum, each) => sum + each, 0)).toBe(24);
});
