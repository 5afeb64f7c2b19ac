import { readdirSync } from "node:fs";
import { join } from "node:path";
import { namesIn } from "../../src/disk/read.ts";
import { isTempName } from "../../src/disk/temp.ts";
import type { Box } from "./box.ts";

/** Temporary files and folders of ours anywhere below a folder. */
export function tempsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => isTempName(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
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
