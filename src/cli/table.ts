import Table from "cli-table3";
import { cellsOf } from "./cells.ts";

/** Columns without lines: what a terminal shows best and what can be copied. */
const PLAIN = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** Spaces, and colours around nothing, at the end of a line. */
const ENDING = /(?: |\p{Cc}\[\d+m)+$/u;

/** Rows under a head, in columns as wide as their widest cell (wide characters count as two). */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const made = new Table({
    head: [...head],
    chars: PLAIN,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0, compact: true },
  });
  made.push(...rows.map((row) => [...row]));
  return made
    .toString()
    .split("\n")
    .map((line) => line.replace(ENDING, (ending) => ending.replaceAll(" ", "")))
    .join("\n");
}

/** The same in a terminal: where it has no room for all columns, the last one stands below its row, without a head. */
export function tableIn(
  { columns }: { readonly columns: number | undefined },
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const whole = table(head, rows);
  if (whole.split("\n").every((line) => cellsOf(line) <= (columns ?? Number.MAX_SAFE_INTEGER))) return whole;
  const narrow = table(
    head.slice(0, -1),
    rows.map((row) => row.slice(0, -1)),
  );
  const [first = "", ...lines] = narrow.split("\n");
  const below = (row: readonly string[]) => (cellsOf(row.at(-1) ?? "") === 0 ? [] : [`  ${row.at(-1)}`]);
  return [first, ...rows.flatMap((row, index) => [lines[index] ?? "", ...below(row)])].join("\n");
}
