import { brief, plain } from "./prose.ts";

const ERROR_CHARS_MAX = 160;
/** A line of an output beyond this is data; what it says stands at its beginning. */
const LINE_CHARS_MAX = 400;
/** A test's own error stands below its name, not far. */
const ERROR_BELOW_MAX = 12;
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal begin with ESC
const COLOURS = /\u001b\[[0-9;]*[A-Za-z]/g;

/** What passed or was left out, whatever words are in its name; and where a program was, which no reader needs. */
const BESIDE =
  /^(?:[✔✓√﹣↓○]|ok \d|PASS\b|--- (?:PASS|SKIP)|[\w./:-]{1,200} \.\.\. ok$|at [\w.<>$]+ ?\(|at (?:file:|\/)|\.{4,}|[=─━⎯-]{3,}$|> |Exit code \d+$)/;
/** Names of tests that failed. */
const TEST_NAME: readonly RegExp[] = [
  /^(?:✖|✗|✘|×|❌)\s+(?!failing tests:)(\S.*)$/u,
  /^not ok \d{1,6}(?: -)? (\S.*)$/,
  /^--- FAIL: (\S+)/,
  /^FAILED\s+(\S+::\S+)/,
  /^● (\S.* › \S.*)$/u,
  /^FAIL\s{1,3}(\S+ > \S.*)$/,
  /^(test \S+) \.\.\. FAILED$/,
];
/** Lines that name what went wrong, by the word they begin with. */
const ERROR =
  /^(?:E\s{1,12}(?=\S)|\S{1,200}: )?(?:(?:[A-Za-z_$][\w$.]{0,80})?(?:Error|Exception)\b(?: \[[^\]]{1,80}\])?(?::|$)|error(?:\[\w+\]| TS\d+)?:|error TS\d+|fatal(?: error)?:|panic: |FATAL\b|thread '[^']{1,80}' panicked|assert(?:ion)? |Expected: |expected\b.{0,200}\b(?:to|got|received|but|found)\b|.{1,80}: (?:command not found|No such file or directory|Permission denied)$)/;
const SAYS_ERROR =
  /error|fail|exception|assert|expected|cannot|can't|not found|no such|undefined|panic|denied|refused|invalid/i;
/** Lines that say that something failed and not what. */
const SAYS_NOTHING =
  /^(?:npm (?:err!|error)|error: command failed|\d+ (?:tests? )?fail|fail(?:ed|ures?|ing tests)?:?\s*\d*$|[✖✗]\s*failing tests:?$|(?:[ℹ#] )?(?:tests?|suites?|pass|fail|cancelled|skipped|todo|duration_ms)\b[: ]+[\d.]+|Traceback \(most recent)/iu;

/**
 * What an output says was wrong, in one line: the first failed test's name with its error, an error's own line, or the
 * first line that sounds like one. Never a line of what passed; "" where there is nothing. Linear.
 */
export function errorLine(output: string): string {
  const lines = output
    .split("\n")
    .map((line) => line.slice(0, LINE_CHARS_MAX).replaceAll(COLOURS, "").trim())
    .filter((line) => line !== "" && !BESIDE.test(line));
  const telling = lines.filter((line) => !SAYS_NOTHING.test(line));
  return failedTest(telling) || said(firstError(telling) ?? fallback(telling) ?? lines[0] ?? "");
}

function failedTest(lines: readonly string[]): string {
  const at = lines.findIndex((line) => testName(line) !== undefined);
  const name = testName(lines[at] ?? "");
  if (name === undefined) return "";
  const error = firstError(lines.slice(at + 1, at + 1 + ERROR_BELOW_MAX)) ?? firstError(lines);
  const test = said(name.replace(/ \([\d.]+ ?m?s\)$/, ""));
  return error === undefined ? test : said(`${brief(test, ERROR_CHARS_MAX / 2)}: ${error}`);
}

function testName(line: string): string | undefined {
  for (const pattern of TEST_NAME) {
    const name = pattern.exec(line)?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}

/** The first line that names an error; what only announces it says more together with the line below. */
function firstError(lines: readonly string[]): string | undefined {
  const at = lines.findIndex((line) => ERROR.test(line));
  const line = lines[at]?.replace(/^E\s{1,12}/, "");
  if (line === undefined) return undefined;
  const below = lines[at + 1];
  if (/\|-?$/.test(line) && below !== undefined) return below;
  if (/ panicked at .*:$/.test(line) && below !== undefined) return `panicked: ${below}`;
  const received = /^Expected\b/.test(line)
    ? lines.slice(at + 1, at + 1 + RECEIVED_WITHIN).find((next) => /^(?:Received|Actual|Got)\b/i.test(next))
    : undefined;
  return received === undefined ? line : `${line}, ${received}`;
}

const RECEIVED_WITHIN = 3;

function fallback(lines: readonly string[]): string | undefined {
  return lines.find((line) => SAYS_ERROR.test(line.slice(0, ERROR_CHARS_MAX))) ?? lines[0];
}

function said(line: string): string {
  return brief(plain(line), ERROR_CHARS_MAX);
}
