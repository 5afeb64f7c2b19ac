import type { Check } from "../app/doctor/check.ts";
import { type Diagnosis, doctor } from "../app/doctor/doctor.ts";
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
    ...fixed.map((sentence) => `${green("did")} ${sentence}`),
    ...checks.flatMap((check) => lines(door, check)),
    ok
      ? green("All is well.")
      : red(`${wrong} ${wrong === 1 ? "thing is" : "things are"} not as they should be.`),
    ...(checks.some(({ ok: good, remedy }) => !good && remedy !== undefined)
      ? [dim("`leftoff doctor --fix` does what is safe.")]
      : []),
  ].join("\n");
}

function lines({ style }: Door, { name, ok, detail, fix }: Check): readonly string[] {
  const mark = ok ? (fix === undefined ? style.green("ok  ") : style.yellow("note")) : style.red("FAIL");
  return [
    `${mark} ${name}: ${ok && fix === undefined ? style.dim(detail) : detail}`,
    ...(fix === undefined ? [] : [style.dim(`     ${fix}`)]),
  ];
}
