import { type Linted, lintHere } from "../app/lint-session.ts";
import { counted } from "../base/count.ts";
import type { LintFinding } from "../document/lint.ts";
import { cutTo } from "./cells.ts";
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

function textOf(door: Door, { session, findings, fixed }: Linted): string {
  const { bold, dim, green } = door.style;
  const fixable = findings.filter(({ repair }) => repair !== undefined).length;
  const title = cutTo(session.title, (door.columns ?? Number.MAX_SAFE_INTEGER) - 20);
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  return [
    ...fixed.map((sentence) => `${green("did")} ${sentence}`),
    findings.length === 0
      ? green(`${title}: whoever comes next knows enough.`)
      : bold(`${counted(findings.length, "finding")} in ${title}`),
    ...rules.flatMap((rule) =>
      ruleLines(
        door,
        findings.filter((finding) => finding.rule === rule),
      ),
    ),
    ...(fixable > 0 ? ["", dim(`\`leftoff lint --fix\` settles ${fixable} of them by itself.`)] : []),
  ].join("\n");
}

/** Findings of one rule; what settles several of them alike is said once. */
function ruleLines({ style }: Door, findings: readonly LintFinding[]): readonly string[] {
  return [
    "",
    style.yellow(findings[0]?.rule ?? ""),
    ...findings.flatMap(({ message, fix }, index) => [
      `  ${message}`,
      ...(findings[index + 1]?.fix === fix ? [] : [style.dim(`    → ${fix}`)]),
    ]),
  ];
}
