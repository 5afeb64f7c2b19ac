import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildSync } from "esbuild";
import { SECRETS_IN_A_ROW_MAX } from "../src/base/limits.ts";
import { assignmentTriggers } from "../src/redact/assignment.ts";
import type { createRedactor } from "../src/redact/redact.ts";
import { tokenTriggers } from "../src/redact/rules.ts";
import { sentTriggers } from "../src/redact/sent.ts";
import { shapeTriggers } from "../src/redact/shapes.ts";
import { type Row, round } from "./row.ts";

const MB = 1024 * 1024;
/**
 * The least of so many samples of processor time counts: whatever else runs on a machine only adds to what a text costs (caches and cores are shared),
 * and a median of seven moved by half between two runs of one program. What is above its target then is sampled further, for minutes may be noisy. So it
 * says what the work costs where nothing disturbs it, after V8's optimizer has seen it: not what the first text of a process takes.
 */
const SAMPLES = 9;
const SAMPLES_MAX = 90;
const WORST_MS = 50;
const ORDINARY_MS = 10;

const TOKEN = " ghp_Zq7Xj9Kw2VpLm4Rt6Yc8Bn3Hs5Df1Gk0QaWe ";

const UNCOVERING = " AKIAZQ7XJ9KW2VPLM4RTghp_Zq7Xj9Kw2VpLm4Rt6Yc8Bn3Hs5Df1Gk0QaWe ";

/** Every kind of quotation mark that opens a value, each with the value's beginning. */
function openQuotes(name: string, beginning: string): string {
  return [1, 2, 3, 4, 5, 6, 7, 8]
    .flatMap((escapes) => ['"', "'", "`"].map((mark) => `${name}=${"\\".repeat(escapes)}${mark}${beginning}`))
    .join("");
}

const OPEN_QUOTES = openQuotes("pwd", "a b ");
const FAR_AND_CHAINED = `${`cookie:${"c".repeat(1_017)}`.repeat(2)} ${`12345678:AA${"b".repeat(33)}`.repeat(6)} \n`;

/** What costs most of what we know: beginnings of rules over and over, alone, beside secrets, and in texts that decode to text. */
const HOSTILE: readonly string[] = [
  'password="\\',
  "authorization:basic ",
  "secret_key=",
  "sk-",
  "-----BEGIN PRIVATE KEY-----\n",
  "curl -u a:b ",
  "pass:",
  "pwd='",
  "token:v1.",
  "password=a1b2c3 ",
  "authorization=",
  "://a:b@c ",
  "cookie: a=b; ",
  "password:AA",
  'apikey="sk-scctPAScookie: a=STT3',
  // Pieces whose length is no multiple of four: each is read at another place within a group.
  "cGFzc3dvcmQ9YUIzLA",
  "TlJKUy0",
  `${base64("password=a1b2c3 ").repeat(120)}\n`,
  base64("Basic sk_curl -u a:b ").repeat(990) + "words ".repeat(8),
  // Each secret has what is near its mark looked at again.
  "re_creds".repeat(125) + TOKEN,
  "cGFzc3dvcmQ9YUIzLA".repeat(60) + TOKEN,
  base64('apikey="sk-scct-ATPASSTT3').slice(0, -1).repeat(30) + TOKEN,
  // Just below what a text may ask for, or above it and interrupted.
  'apikey="sk-scctPAScookie: a=STT3'.repeat(460) + repeated("words ", 1_200),
  'apikey="sk-scctPAScookie: a=STT3'.repeat(9) + TOKEN + repeated("words ", 60),
  "re_pwd='".repeat(35) + repeated("words ", 560),
  "authorization=".repeat(21) + TOKEN + repeated("words ", 60),
  `${"sk-".repeat(300)}-BEGIN `,
  // Many kinds of quotation marks open at once, and with what looks far ahead and tokens that uncover each other.
  `${OPEN_QUOTES}${repeated("words ", 3_000)}\n`,
  OPEN_QUOTES + FAR_AND_CHAINED,
  openQuotes("PWD", "ab://") + FAR_AND_CHAINED,
  openQuotes("token", "a-b") + FAR_AND_CHAINED,
  openQuotes("auth", "a1b2c_xxxxxxxx_"),
  openQuotes("token", "os-xxxxxx-a1b2c."),
  // Everything is looked at three times near tokens of which one uncovers the other.
  repeated(openQuotes("auth", "a1b2c_xxxxxxxx_"), 1_650) + UNCOVERING,
  repeated(`curl ${"-u".repeat(125)}`, 1_530) + UNCOVERING,
  `+${"-u".repeat(10_000)}${UNCOVERING}`,
  repeated("PRIVATE KEY", 60_000) + UNCOVERING,
  repeated(`://${":".repeat(1_021)}`, 1_530) + UNCOVERING,
  // Secrets in base64 beside what begins some plainly.
  `${'auth="a1b2c_xxxxx" '.repeat(12)}${"…".repeat(15)}${base64("creds='a1B2c3d4e5' ".repeat(4))}\n${"SG. ".repeat(7)}`,
  // Logs with a secret on every line.
  "2026-11-22T10:00:00Z INFO Authorization: Bearer a1B2c3D4e5F6g7H8 user_id=u1 token=none key=k pass: ok auth=basic secret=no\n",
  'curl -s -u me:a1B2c3D4e5F6g7H8 -H "X-Token: a1B2c3D4e5F6g7H8" https://ex.com/api/1?key=v -d a=b\n',
  Buffer.from("nothing to see here ghp_ at all").toString("base64"),
  Buffer.from("nothing to see here ghp_ at all").toString("hex"),
];

/** The same in texts of a quarter of a megabyte: what is free in each text weighs more there. */
const HOSTILE_SHORT: readonly string[] = [
  OPEN_QUOTES,
  'apikey="sk-scctPAScookie: a=STT3'.repeat(9) + TOKEN + repeated("words ", 60),
  "re_pwd='".repeat(35) + TOKEN,
  "authorization=".repeat(21) + TOKEN + repeated("words ", 60),
  "re_creds".repeat(125) + TOKEN,
];

/** What every rule begins with. */
const BEGINNINGS: readonly string[] = [
  ...new Set(
    [...tokenTriggers, ...shapeTriggers, ...sentTriggers, ...assignmentTriggers].map(
      ({ literal, stopAt = literal }) => stopAt,
    ),
  ),
];
/** Before what values begin with, are, and end with. */
const ENDS: readonly string[] = [
  ...["", "=", "= ", ": '", "='", '="', ' : \\"', "\n", "a1", "-", "_A", "=a1 ", "=aB3,"],
  ...["='a1B2c3d4e5' ", ":a1b2c3d4e5f6g7h8 ", "=a1B2c3d4e5f6g7h8i9\n"],
];
/** One of each kind, to stand one in the other. */
const KINDS: readonly string[] = [
  ...["password", "passwd", "pass", "pwd", "token", "secret", "key", "auth", "authorization", "bearer"],
  ...["sk-", "SG.", "AKIA", "re_", "eyJ", "://", ":AA", "MTA", "SK0", "-BEGIN ", "cookie:", "curl ", "login"],
];
/** Enough of a megabyte to tell which of some thousand texts cost most; the optimizer's work on the first ones is passed over. */
const SIEVE_SHARE = 1 / 32;
const SIEVED = 8;
const WORST_SHOWN = 3;
/** With a gap behind them, which begins a new row: as many secrets as are told apart, again and again. */
const ROW_TIMES = SECRETS_IN_A_ROW_MAX - 10;

/** What parts those rows: what never makes room for another secret, and what does. */
const ROW_GAPS = [33, 40, 64, 128];

const PRIVATE_KEY = `\n-----BEGIN PRIVATE KEY-----\n${"MIIEpAIB".repeat(8)}\n-----END PRIVATE KEY-----\n`;
/** Crowds of what costs most, in characters; what they end with; and the words behind them: what a text may ask for goes by how dense they are. */
const CROWD_CHARS = [300, 2_000, 14_000];
const CROWD_ENDS = ["", TOKEN, PRIVATE_KEY];
const CROWD_GAPS = [100, 300, 600, 1_200, 13_000];

function crowdsOf(piece: string): readonly string[] {
  return CROWD_CHARS.flatMap((chars) =>
    CROWD_ENDS.flatMap((end) =>
      CROWD_GAPS.map((gap) => piece.repeat(Math.ceil(chars / piece.length)) + end + repeated("words ", gap)),
    ),
  );
}

/** Every beginning before every end, both also in base64, in one run and in lines, and every two kinds. */
function sieved(): readonly string[] {
  const plain = BEGINNINGS.flatMap((beginning) => ENDS.map((end) => beginning + end));
  const pairs = KINDS.flatMap((first) =>
    KINDS.flatMap((second) =>
      ["", "=", "='", "=a1 "].flatMap((end) => [first + second + end, first + end + second + end]),
    ),
  );
  const encoded = plain.map(base64);
  const lines = plain.map((text) => `${Buffer.from(repeated(text, LINE_BYTES)).toString("base64")}\n`);
  return [...plain, ...pairs, ...encoded, ...lines];
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64").replaceAll("=", "");
}

/** The shortest run of base64 that is looked at holds as many. */
const LINE_BYTES = 24;

/** The least of some samples of milliseconds of CPU for a megabyte, as the bundled program spends them; one pass over the characters beside it. */
export async function benchRedact(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "leftoff-bench-"));
  try {
    const outfile = join(folder, "redact.mjs");
    buildSync({ entryPoints: ["src/redact/redact.ts"], bundle: true, format: "esm", outfile });
    const program: { createRedactor: typeof createRedactor } = await import(pathToFileURL(outfile).href);
    const redactor = program.createRedactor({ DEPLOY_TOKEN: "zq9abcd12345ex99" });
    const cost = (text: string, target = WORST_MS) => cpuMs(text, (fresh) => redactor.text(fresh), target);
    const floor = cpuMs(ordinary(), onePass);
    const worst = worstOf(sieved(), (text) => redactor.text(text));
    const rows = worst.flatMap((piece) =>
      ROW_GAPS.map((gap) => piece.repeat(ROW_TIMES) + repeated("words ", gap)),
    );
    const [worstRows = ""] = worstOf(rows, (text) => redactor.text(text));
    const [worstCrowds = ""] = worstOf(worst.flatMap(crowdsOf), (text) => redactor.text(text), MB);
    return [
      row("redaction of ordinary text", cost(ordinary(), ORDINARY_MS), { target: ORDINARY_MS, floor }),
      ...[...HOSTILE, ...worst.slice(0, WORST_SHOWN)].map((piece) =>
        row(`redaction of ${JSON.stringify(piece.slice(0, 24))} over and over`, cost(repeated(piece)), {
          target: WORST_MS,
          floor,
        }),
      ),
      ...HOSTILE_SHORT.map((piece) =>
        row(
          `redaction of 256 kB of ${JSON.stringify(piece.slice(0, 24))} over and over`,
          cost(repeated(piece, MB / 4)),
          {
            target: WORST_MS,
            floor,
          },
        ),
      ),
      row(
        `redaction of ${JSON.stringify(worstRows.slice(0, 24))} in rows of ${ROW_TIMES}`,
        cost(repeated(worstRows)),
        { target: WORST_MS, floor },
      ),
      row(`redaction of ${JSON.stringify(worstCrowds.slice(0, 24))} in crowds`, cost(repeated(worstCrowds)), {
        target: WORST_MS,
        floor,
      }),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function row(name: string, value: number, { target, floor }: { target: number; floor: number }): Row {
  const against = `${target} ms of CPU per MB, the least of ${SAMPLES} or more (one pass over the characters ${round(floor)} ms)`;
  const ratio = value / target;
  return { name, value: round(value), unit: "ms", against, ratio: round(ratio), target: 1, ok: ratio <= 1 };
}

/** A fresh text each time: the redactor remembers, and a rope is slower to read than what JSON.parse gives. */
function cpuMs(text: string, work: (text: string) => unknown, target = Number.POSITIVE_INFINITY): number {
  let least = Number.POSITIVE_INFINITY;
  for (let sample = 0; sample < SAMPLES || (least > target && sample < SAMPLES_MAX); sample += 1)
    least = Math.min(least, once(text, String(sample), work));
  return least;
}

function once(text: string, sample: string, work: (text: string) => unknown): number {
  const fresh = Buffer.from(text + sample).toString();
  const before = process.cpuUsage();
  work(fresh);
  const { user, system } = process.cpuUsage(before);
  return (((user + system) / 1000) * MB) / fresh.length;
}

/** Those that cost most of a megabyte, as far as so many characters of each tell, the worst first. */
function worstOf(
  pieces: readonly string[],
  work: (text: string) => unknown,
  sieved = MB * SIEVE_SHARE,
): readonly string[] {
  const costs = new Map(pieces.map((piece) => [piece, Number.POSITIVE_INFINITY]));
  // Twice all of them, since the first ones pay for the optimizer.
  for (const sample of ["1", "2"])
    for (const [piece, ms] of costs)
      costs.set(piece, Math.min(ms, once(repeated(piece, sieved), sample, work)));
  const most = [...costs].sort(([, a], [, b]) => b - a).slice(0, SIEVED);
  const whole = most.map(([piece]) => ({ piece, ms: cpuMs(repeated(piece), work) }));
  return whole.sort((a, b) => b.ms - a.ms).map(({ piece }) => piece);
}

function onePass(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) sum += text.charCodeAt(at);
  return sum;
}

function repeated(piece: string, length = MB): string {
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}

/** This repository's own sources and documents. */
function ordinary(): string {
  const files = ["src", "docs"].flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes("redact"))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8")),
  );
  return repeated(files.join("\n"));
}
