import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { SECTIONS } from "../../src/document/sections.ts";

const PROGRAM = "dist/main.js";
/** Two hours after the last word of the examples, so that they keep the days they were recorded on. */
const NOW_MS = Date.parse("2026-11-18T12:23:40.000Z");

/** Run before the program: ids are made of node:crypto's random bytes (src/base/id.ts). */
const STEADY = `
  import crypto from "node:crypto";
  import { syncBuiltinESMExports } from "node:module";
  Date.now = () => ${NOW_MS};
  let n = 0;
  crypto.randomBytes = (size) => Buffer.from(Array.from({ length: size }, () => n++));
  syncBuiltinESMExports();
`;

/**
 * What `leftoff try` prints, with everything that differs from run to run made steady: the clock stands still, the day
 * is UTC's, ids are drawn from a counter, the temporary folder has one name, and what was measured has no figure.
 *
 * @throws Error where the program is not built.
 */
export function captureTry(): string {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not built: \`npm run build\` makes it.`);
  const steady = `data:text/javascript,${encodeURIComponent(STEADY)}`;
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, TZ: "UTC", NO_COLOR: "1", LANG: "C.UTF-8" };
  const printed = execFileSync(process.execPath, ["--import", steady, PROGRAM, "try"], {
    env,
    encoding: "utf8",
  });
  return printed
    .replaceAll(/(\/[^\s`'"]*)?\/leftoff-try-[A-Za-z0-9]{6}/g, "/tmp/leftoff-try")
    .replace(/read in [\d.,]+ m?s/, "read in less than a second")
    .trimEnd();
}

/** Sections that are left out: of the document all but these, of the brief what is told in least detail. */
const TOLD_OF_DOCUMENT: readonly string[] = ["failed", "next"];
const LEFT_OUT_OF_BRIEF: readonly string[] = ["## Also recorded", "## Before that"];
/** What a line may be long; GitHub shows some 110 characters of it. */
const LINE_CHARS_MAX = 150;

/** The most telling lines of what `leftoff try` prints. */
export function tellingLines(printed: string): string {
  const parts = printed.split(/\n(?=## |── |More: )/);
  const kept = parts.filter((part) => !part.startsWith("## ") || isTelling(part));
  return kept
    .flatMap((part) => part.split("\n").map(shortened))
    .join("\n")
    .replaceAll(/\n*\n(?=── )/g, "\n\n");
}

function isTelling(part: string): boolean {
  const [heading = ""] = part.split("\n");
  const section = SECTIONS.find((candidate) => `## ${candidate.heading}` === heading);
  return section === undefined
    ? !LEFT_OUT_OF_BRIEF.includes(heading)
    : TOLD_OF_DOCUMENT.includes(section.key);
}

function shortened(line: string): string {
  return line.length <= LINE_CHARS_MAX ? line : `${line.slice(0, LINE_CHARS_MAX - 1)}…`;
}
