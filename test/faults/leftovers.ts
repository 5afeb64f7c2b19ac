import { readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { TEMP_LEFT_MS } from "../../src/base/limits.ts";
import { namesIn } from "../../src/disk/read.ts";
import { isTempName } from "../../src/disk/temp.ts";
import type { Box } from "./box.ts";

/** Temporary files of ours anywhere below a folder. */
export function tempsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isTempName(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Lets the time pass after which a temporary file counts as left behind. */
export function ageTemps(box: Box): void {
  const then = new Date(Date.now() - 2 * TEMP_LEFT_MS);
  for (const folder of [box.root, box.project])
    for (const path of tempsBelow(folder)) utimesSync(path, then, then);
}

/** What killed processes left behind and nobody cleaned up. */
export function leftTroubles(box: Box): readonly string[] {
  const temps = [...tempsBelow(box.root), ...tempsBelow(box.project)];
  const locks = namesIn(join(box.home, "state", "locks"));
  const pending = namesIn(join(box.home, "state", "pending"));
  return [
    ...[...new Set(temps)].map((path) => `left ${path.slice(box.root.length)}`),
    ...locks.map((name) => `left the lock ${name}`),
    ...pending.map((name) => `left calls of ${name}`),
  ];
}
