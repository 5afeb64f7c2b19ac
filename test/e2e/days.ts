import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Box } from "./box.ts";

/**
 * Days in a test of minutes. The client (Bun) and leftoff (Node) load a few lines first that put their time of day back to the
 * noon of a day of the story, from where it goes on; clocks that know no time of day, and the times of files, stay. Back and
 * not ahead: what lies on disk is never older than it would be. Noon, so that no story meets a midnight.
 */
export interface Days {
  /** The environment of whoever lives by these days. */
  readonly env: { readonly [name: string]: string };
  /** From now on it is the first, second or third day; the third is yesterday. */
  begin(day: 1 | 2 | 3): void;
  /** Lets the hooks of this box live by them, too, once `init` has written their scripts: these pass on no NODE_OPTIONS. */
  reachHooks(): void;
}

export function makeDays(box: Box): Days {
  const file = join(box.folder, "put-back-ms");
  const program = join(box.folder, "days.cjs");
  writeFileSync(program, `const file = ${JSON.stringify(file)};\n${PUT_BACK}`);
  // Of the day on which the story begins to be told: the machine's own midnight may come while it is.
  const todayMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const begin = (day: 1 | 2 | 3) => {
    const noonMs = todayMs + DAY_MS / 2 - (4 - day) * DAY_MS;
    writeFileSync(file, String(Date.now() - noonMs));
  };
  begin(1);
  return {
    env: { TZ: "UTC", BUN_OPTIONS: `--preload=${program}`, NODE_OPTIONS: `--require=${program}` },
    begin,
    reachHooks: () => {
      for (const name of ["nudge", "answer"]) {
        const path = join(box.data, "bin", name);
        const text = readFileSync(path, "utf8");
        if (!text.includes(KEEPS_OUT)) throw new Error(`${path} is not the script that this knows.`);
        writeFileSync(path, text.replaceAll(KEEPS_OUT, "unset NODE_EXTRA_CA_CERTS\n"));
      }
    },
  };
}

const DAY_MS = 24 * 60 * 60 * 1000;
const KEEPS_OUT = "unset NODE_EXTRA_CA_CERTS NODE_OPTIONS\n";

const PUT_BACK = `const putBackMs = Number(require("node:fs").readFileSync(file, "utf8"));
const real = Date;
const now = () => real.now() - putBackMs;
globalThis.Date = new Proxy(real, {
  construct: (target, args) => Reflect.construct(target, args.length === 0 ? [now()] : args),
  apply: () => new real(now()).toString(),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});
`;
