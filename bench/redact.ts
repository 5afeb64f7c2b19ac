import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildSync } from "esbuild";
import { assignmentTriggers } from "../src/redact/assignment.ts";
import type { createRedactor } from "../src/redact/redact.ts";
import { tokenTriggers } from "../src/redact/rules.ts";
import { sentTriggers } from "../src/redact/sent.ts";
import { shapeTriggers } from "../src/redact/shapes.ts";
import { median, type Row, round } from "./row.ts";

const MB = 1024 * 1024;
const SAMPLES = 7;
const WORST_MS = 50;
const ORDINARY_MS = 10;

/** What costs most of what we know: beginnings of rules over and over, and texts that decode to text. */
const HOSTILE: readonly string[] = [
  "password:'",
  'password="\\',
  "authorization:basic ",
  "token=",
  "secret_key=",
  "--pass ",
  "sk-",
  "eyJ",
  "://a:",
  "-----BEGIN PRIVATE KEY-----\n",
  "curl -u a:b ",
  "pass:",
  "pwd='",
  "token:v1.",
  "password=a1b2c3 ",
  "authorization=",
  "://a:b@c ",
  "SG.",
  "cookie: a=b; ",
  Buffer.from("nothing to see here ghp_ at all").toString("base64"),
  Buffer.from("nothing to see here ghp_ at all").toString("hex"),
];

/** What every rule begins with, alone and before what values begin with. */
const BEGINNINGS: readonly string[] = [
  ...new Set(
    [...tokenTriggers, ...shapeTriggers, ...sentTriggers, ...assignmentTriggers].flatMap(
      ({ literal, stopAt = literal }) => ["", "=", ": '", "=a1 "].map((end) => stopAt + end),
    ),
  ),
];
/** Enough of a megabyte to tell which of a thousand beginnings costs most. */
const SIEVE_SHARE = 1 / 16;

/** Milliseconds of CPU for a megabyte, as the bundled program spends them; one pass over the characters beside it. */
export async function benchRedact(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "leftoff-bench-"));
  try {
    const outfile = join(folder, "redact.mjs");
    buildSync({ entryPoints: ["src/redact/redact.ts"], bundle: true, format: "esm", outfile });
    const program: { createRedactor: typeof createRedactor } = await import(pathToFileURL(outfile).href);
    const redactor = program.createRedactor({ DEPLOY_TOKEN: "zq9abcd12345ex99" });
    const cost = (text: string) => cpuMs(text, (fresh) => redactor.text(fresh));
    const floor = cpuMs(ordinary(), onePass);
    const worst = worstOf(BEGINNINGS, (text) => redactor.text(text));
    return [
      row("redaction of ordinary text", cost(ordinary()), { target: ORDINARY_MS, floor }),
      ...[...HOSTILE, worst].map((piece) =>
        row(`redaction of ${JSON.stringify(piece.slice(0, 24))} over and over`, cost(repeated(piece)), {
          target: WORST_MS,
          floor,
        }),
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function row(name: string, value: number, { target, floor }: { target: number; floor: number }): Row {
  const against = `${target} ms per MB (one pass over the characters ${round(floor)} ms)`;
  const ratio = value / target;
  return { name, value: round(value), unit: "ms", against, ratio: round(ratio), target: 1, ok: ratio <= 1 };
}

/** A fresh text each time: the redactor remembers, and a rope is slower to read than what JSON.parse gives. */
function cpuMs(text: string, work: (text: string) => unknown): number {
  const samples: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) samples.push(once(text, String(sample), work));
  return median(samples);
}

function once(text: string, sample: string, work: (text: string) => unknown): number {
  const fresh = Buffer.from(text + sample).toString();
  const before = process.cpuUsage();
  work(fresh);
  const { user, system } = process.cpuUsage(before);
  return (((user + system) / 1000) * MB) / fresh.length;
}

/** The second of two runs, since the first one may pay for the optimizer. */
function worstOf(pieces: readonly string[], work: (text: string) => unknown): string {
  let worst = { piece: "", ms: 0 };
  for (const piece of pieces) {
    const text = repeated(piece).slice(0, MB * SIEVE_SHARE);
    const ms = Math.min(once(text, "1", work), once(text, "2", work));
    if (ms > worst.ms) worst = { piece, ms };
  }
  return worst.piece;
}

function onePass(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) sum += text.charCodeAt(at);
  return sum;
}

function repeated(piece: string): string {
  return piece.repeat(Math.ceil(MB / piece.length)).slice(0, MB);
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
