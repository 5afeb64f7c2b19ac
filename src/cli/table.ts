import Table from "cli-table3";

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
