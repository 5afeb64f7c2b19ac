import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { CLIENT_KILL } from "./client-kill.ts";
import { CLOCK } from "./clock.ts";
import { DISK } from "./disk.ts";
import { HOOKS } from "./hooks.ts";
import { HUGE } from "./huge.ts";
import { hugeRecord } from "./huge-record.ts";
import { KILL_EVERYWHERE } from "./kill-everywhere.ts";
import { KILL_RANDOM } from "./kill-random.ts";
import { PERMISSION } from "./permission.ts";
import { POWER } from "./power.ts";
import { type FaultPromise, randomFrom } from "./promise.ts";
import { type GuaranteeLine, writeReport } from "./report.ts";

/**
 * `npm run test:faults`: tries to break what leftoff promises, on real processes, files and file systems. One line
 * `{promise, n, failures, seed}` for each; `-- NAME…` chooses (`kill`: all whose
 * names begin so; `-- kill --n 1000` is a thousand kills on each path), `--n N` says how often, `--seed S` replays, `--report`
 * writes docs/guarantees.md. What failed is told on stderr; a rig whose control finds nothing has failed, too.
 */
const PROMISES: readonly FaultPromise[] = [
  ...KILL_RANDOM,
  ...KILL_EVERYWHERE,
  ...HOOKS,
  ...DISK,
  ...PERMISSION,
  ...CLOCK,
  ...HUGE,
  hugeRecord,
  ...CLIENT_KILL,
  ...POWER,
];
const FAILURES_TOLD_MAX = 10;

const { values, positionals } = asked();

function asked() {
  try {
    const parsed = parseArgs({
      allowPositionals: true,
      options: {
        n: { type: "string" },
        seed: { type: "string" },
        report: { type: "boolean", default: false },
        list: { type: "boolean", default: false },
      },
    });
    const { n = "1", seed = "0" } = parsed.values;
    // No number at all would be no kill at all, and no failure.
    if (/^[1-9][0-9]{0,5}$/.test(n) && /^[0-9]{1,10}$/.test(seed)) return parsed;
    process.stderr.write(
      `faults: --n is a number from 1 on and --seed one from 0 on; not ${n} and ${seed}\n`,
    );
  } catch (error) {
    process.stderr.write(`faults: ${error instanceof Error ? error.message : String(error)}\n`);
  }
  process.exit(2);
}

/** Rigs mount small disks. In a mount namespace of its own nothing of that is seen outside, or left behind. */
function inOwnNamespace(): number | undefined {
  if (process.getuid?.() !== 0 || process.env.LEFTOFF_FAULTS_MOUNTS === "1") return undefined;
  const env = { ...process.env, LEFTOFF_FAULTS_MOUNTS: "1" };
  const args = ["-m", "--", process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const { status, error } = spawnSync("unshare", args, { stdio: "inherit", env });
  if (error === undefined) return status ?? 1;
  process.stderr.write("faults: no mount namespace to be had; what mounts is left out\n");
  return undefined;
}

async function tried(promise: FaultPromise, seed: number): Promise<GuaranteeLine | undefined> {
  const why = promise.unavailable?.();
  if (why !== undefined) {
    process.stderr.write(`faults: ${promise.name} left out: ${why}\n`);
    return undefined;
  }
  const n = promise.fixed === true || values.n === undefined ? promise.n : Number(values.n);
  const startMs = performance.now();
  const outcome = await promise.run({ n, random: randomFrom(seed) });
  const control = await promise.control?.({ n, random: randomFrom(seed) });
  for (const failure of outcome.failures.slice(0, FAILURES_TOLD_MAX))
    process.stderr.write(`faults: ${promise.name}: ${failure}\n`);
  const isBlind = control !== undefined && control.failures.length === 0;
  if (isBlind)
    process.stderr.write(`faults: ${promise.name}: its control found nothing, so it proves nothing\n`);
  return {
    promise: promise.name,
    says: promise.promise,
    n: outcome.n,
    failures: outcome.failures.length + (isBlind ? 1 : 0),
    seed,
    control: control === undefined ? undefined : { n: control.n, failures: control.failures.length },
    seconds: Math.round((performance.now() - startMs) / 1000),
  };
}

async function main(): Promise<number> {
  const isMeant = (name: string, asked: string) => name === asked || name.startsWith(`${asked}-`);
  const unknown = positionals.filter((asked) => !PROMISES.some(({ name }) => isMeant(name, asked)));
  if (unknown.length > 0 || values.list) {
    const names = PROMISES.map(({ name }) => name).join(" ");
    process.stderr.write(
      unknown.length > 0 ? `faults: no promise ${unknown.join(", ")}; there are: ${names}\n` : `${names}\n`,
    );
    return values.list ? 0 : 2;
  }
  const seed = values.seed === undefined ? Date.now() % 4_294_967_296 : Number(values.seed);
  const lines: GuaranteeLine[] = [];
  for (const promise of PROMISES.filter(
    ({ name }) => positionals.length === 0 || positionals.some((asked) => isMeant(name, asked)),
  )) {
    const line = await tried(promise, seed);
    if (line === undefined) continue;
    const { promise: name, n, failures, control } = line;
    process.stdout.write(
      `${JSON.stringify({ promise: name, n, failures, seed, control: control?.failures })}\n`,
    );
    lines.push(line);
    // At once: a long run that is broken off has told what it knows.
    if (values.report) writeReport([line]);
  }
  return lines.every(({ failures }) => failures === 0) ? 0 : 1;
}

process.exitCode = inOwnNamespace() ?? (await main());
