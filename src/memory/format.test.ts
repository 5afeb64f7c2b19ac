import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { minuteOf } from "./memory.ts";
import { readMemory } from "./read.ts";

const PAGE = readFileSync(new URL("../../docs/formats/memory.md", import.meta.url), "utf8");

test("the page's example says what the page says that it says", () => {
  const [, markdown = "", json = ""] =
    /^````markdown\n([\s\S]*?)^````\n\n```json\n([\s\S]*?)^```$/m.exec(PAGE) ?? [];
  const items = readMemory(markdown.split("\n"), () => false).map(
    ({ kind, text, why, status, saidAtMs }) => ({
      kind,
      text,
      ...(why === undefined ? {} : { why }),
      ...(status === undefined ? {} : { status }),
      ...(saidAtMs === undefined ? {} : { saidAt: minuteOf(saidAtMs) }),
    }),
  );

  expect(items).toEqual(JSON.parse(json));
});
