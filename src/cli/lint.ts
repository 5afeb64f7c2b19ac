import { type Linted, lintHere } from "../app/lint-session.ts";
import { type Door, type Run, show } from "./door.ts";

/** Exits with 1 where something was found, so that a script or a hook of one's own can ask. */
export const run: Run = async (door, { args, options }) => {
  const linted = await lintHere(door.app, { session: args[0], fix: options.fix === true });
  const { session, findings, fixed } = linted;
  const document = {
    schema: "leftoff.lint/1",
    session: session.id,
    slug: session.slug,
    findings: findings.map(({ rule, message, fix, note, repair }) => ({
      rule,
      message,
      fix,
      note: note ?? null,
      fixable: repair !== undefined,
    })),
    fixed,
  };
  show(door, document as { schema: string }, () => textOf(door, linted));
  return findings.length === 0 ? 0 : 1;
};

function textOf({ style }: Door, { session, findings, fixed }: Linted): string {
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  const fixable = findings.some(({ repair }) => repair !== undefined);
  return [
    ...fixed.map((sentence) => `${style.green("did")} ${sentence}`),
    ...rules.flatMap((rule) => [
      style.bold(rule),
      ...findings
        .filter((finding) => finding.rule === rule)
        .flatMap(({ message, fix }) => [`  ${message}`, style.dim(`    ${fix}`)]),
    ]),
    findings.length === 0
      ? style.green(`${session.slug}: whoever comes next knows enough.`)
      : `${findings.length} ${findings.length === 1 ? "finding" : "findings"} in ${session.slug}.`,
    ...(fixable ? [style.dim("`leftoff lint --fix` does what is safe.")] : []),
  ].join("\n");
}
