import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { SECTIONS } from "../../src/document/sections.ts";

const PROGRAM = "dist/main.js";
/** Two hours after the last word of the examples, so that they keep the days they were recorded on. */
const NOW_MS = Date.parse("2026-11-18T12:23:40.000Z");

/**
 * What `leftoff try` prints, with everything that differs from run to run made steady: the clock stands still, the day
 * is UTC's, the temporary folder has one name, and what was measured has no figure.
 *
 * @throws Error where the program is not built.
 */
export function captureTry(): string {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not built: \`npm run build\` makes it.`);
  const clock = `data:text/javascript,Date.now=()=>${NOW_MS};`;
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, TZ: "UTC", NO_COLOR: "1", LANG: "C.UTF-8" };
  const printed = execFileSync(process.execPath, ["--import", clock, PROGRAM, "try"], {
    env,
    encoding: "utf8",
  });
  return printed
    .replaceAll(/(\/[^\s`'"]*)?\/leftoff-try-[A-Za-z0-9]{6}/g, "/tmp/leftoff-try")
    .replace(/read in [\d.,]+ m?s/, "read in less than a second")
    .trimEnd();
}

/** Sections of the document that the capture keeps, where something stands in them; the brief and the cost stay whole. */
const TELLING: readonly string[] = ["failed", "next", "decision"];
/** What a line may be long in the README; GitHub shows some 110 characters. */
const LINE_CHARS_MAX = 150;

/** The most telling lines of what `leftoff try` prints. */
export function tellingLines(printed: string): string {
  const parts = printed.split(/\n(?=## |── )/);
  const kept = parts.filter((part) => !part.startsWith("## ") || isTelling(part));
  return kept
    .flatMap((part) => part.trimEnd().split("\n"))
    .map(shortened)
    .join("\n");
}

function isTelling(part: string): boolean {
  const [heading = "", ...lines] = part.trimEnd().split("\n");
  const section = SECTIONS.find((candidate) => `## ${candidate.heading}` === heading);
  // A heading that is none of the document's is one of the brief's.
  if (section === undefined) return true;
  const isEmpty = lines.join("\n").trim() === section.invitation.join("\n");
  return TELLING.includes(section.key) && !isEmpty;
}

function shortened(line: string): string {
  return line.length <= LINE_CHARS_MAX ? line : `${line.slice(0, LINE_CHARS_MAX - 1)}…`;
}
