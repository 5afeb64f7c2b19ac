import { compareDocument } from "../src/document/compare.ts";
import { EMPTY_VIEW, note } from "../src/document/document.model.ts";
import { parseDocument } from "../src/document/read.ts";
import { writeDocument } from "../src/document/write.ts";
import { median, type Row, round } from "./row.ts";

const SAMPLES = 41;
/** V8 compiles what it runs often, on threads of its own whose time counts, too; a figure of code it still works on is one of V8. */
const WARM_UPS = 40;
const TARGET_MS = 10;
const NOTES = 1_500;
const KINDS = ["finding", "failed", "next", "issue"] as const;

/**
 * What a turn spends on a state document of 200 kB: read it, compare it with what was written, splice. Untouched by the
 * person, and with a box that they ticked. Reading it once is the floor beside it.
 */
export function benchDocument(): readonly Row[] {
  const notes = Array.from({ length: NOTES }, (_, id) =>
    note({
      id,
      kind: KINDS[id % KINDS.length] ?? "finding",
      text: `Note ${id}: the token service answers late when the pool is full and nobody looks`,
      fields: { why: `reason number ${id}` },
    }),
  );
  const view = { ...EMPTY_VIEW, notes };
  const written = writeDocument(undefined, view);
  const next = { ...view, notes: [...notes, note({ id: NOTES, kind: "finding", text: "One note more" })] };
  const turn = (text: string): void => {
    const parsed = parseDocument(text);
    writeDocument({ text, parsed, aligned: compareDocument(written, parsed).aligned }, next);
  };
  const ticked = written.text.replace("- [ ] Note 2:", "- [x] Note 2:");
  const floor = times(() => parseDocument(written.text));
  return [
    row(
      "a turn's reading and splicing of a 200 kB document",
      times(() => turn(written.text)),
      floor,
    ),
    row(
      "the same with a box that the person ticked",
      times(() => turn(ticked)),
      floor,
    ),
  ];
}

/** Of CPU: what else runs on the machine counts for little. */
function times(work: () => void): readonly number[] {
  for (let done = 0; done < WARM_UPS; done += 1) work();
  return Array.from({ length: SAMPLES }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
}

function row(name: string, samples: readonly number[], floor: readonly number[]): Row {
  const value = median(samples);
  const against = `${TARGET_MS} ms (reading it once ${round(median(floor))} ms)`;
  const ratio = value / TARGET_MS;
  return { name, value: round(value), unit: "ms", against, ratio: round(ratio), target: 1, ok: ratio <= 1 };
}
