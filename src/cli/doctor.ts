import type { Check } from "../app/doctor/check.ts";
import { type Diagnosis, doctor } from "../app/doctor/doctor.ts";
import { padded, wrapped } from "./cells.ts";
import { type Door, type Run, show } from "./door.ts";

export const run: Run = async (door, { options }) => {
  const installer = { setup: await door.setup(), program: door.program, repair: await door.repair() };
  const diagnosis = await doctor(door.app, installer, { fix: options.fix === true });
  const { ok, checks, fixed } = diagnosis;
  const document = {
    schema: "leftoff.doctor/1",
    ok,
    checks: checks.map(({ name, ok: good, detail, fix }) => ({ name, ok: good, detail, fix: fix ?? null })),
    fixed,
  };
  show(door, document, () => textOf(door, diagnosis));
  return ok ? 0 : 1;
};

function textOf(door: Door, { ok, checks, fixed }: Diagnosis): string {
  const { green, red, dim } = door.style;
  const wrong = checks.filter((check) => !check.ok).length;
  return [
    ...fixed.map((sentence) => `${green("did")}   ${withShownPaths(door, sentence)}`),
    ...checks.flatMap((check) => lines(door, check)),
    ok
      ? green("All is well.")
      : red(`${wrong} ${wrong === 1 ? "thing is" : "things are"} not as they should be.`),
    ...(checks.some(({ ok: good, remedy }) => !good && remedy !== undefined)
      ? [dim("`leftoff doctor --fix` does what is safe.")]
      : []),
  ].join("\n");
}

/** Where details begin: behind the mark and the longest name of a check. */
const DETAIL_AT = 19;

function lines(door: Door, { name, ok, detail, fix }: Check): readonly string[] {
  const { style, columns = Number.MAX_SAFE_INTEGER } = door;
  const mark = ok ? (fix === undefined ? style.green("ok") : style.yellow("note")) : style.red("FAIL");
  const said = withShownPaths(door, detail);
  const head = padded(`${padded(mark, 6)}${name}`, DETAIL_AT);
  return [
    ...wrapped(`${head}${ok && fix === undefined ? style.dim(said) : said}`, columns, DETAIL_AT),
    ...(fix === undefined
      ? []
      : wrapped(`${" ".repeat(DETAIL_AT)}${style.dim(withShownPaths(door, fix))}`, columns, DETAIL_AT)),
  ];
}

/**
 * Paths below the person's home as they would type them, wherever they stand in a sentence. An indented line is one to be
 * copied into a file: between quotation marks no shell knows a `~`.
 */
function withShownPaths({ app }: Door, text: string): string {
  const home = app.env.HOME ?? "";
  if (home === "" || home === "/") return text;
  return text
    .split("\n")
    .map((line) => (line.startsWith("  ") ? line : line.replaceAll(`${home}/`, "~/")))
    .join("\n");
}
