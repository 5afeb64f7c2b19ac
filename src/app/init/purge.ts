import { join } from "node:path";
import { PURGE_WAIT_MS } from "../../base/limits.ts";
import { removeFolderIfEmpty, removeTree } from "../../disk/folder.ts";
import { removeLeftovers } from "../../disk/leftovers.ts";
import { waitUntilFree } from "../../disk/lock.ts";
import { pauseMs } from "../../disk/pause.ts";
import { namesIn } from "../../disk/read.ts";

/** A hook is started within this, or finds that there is nothing left to do. */
const STARTING_HOOK_MS = 300;

/** Everything that leftoff makes in its folder. `bin` first: without the scripts no hook starts any more. */
const OURS: readonly RegExp[] = [
  /^(?:bin|runtime|state|journal|archive|snapshots|documents|off\.d|off)$/,
  /^(?:installed\.json|machine\.json|workspaces\.jsonl(?:\.damaged)?)$/,
  /^(?:machine\.json|install|repair)\.lock(?:\.takeover)*$/,
  /^(?:index\.v\d+|work)\.db(?:-wal|-shm|-journal)?$/,
];

/**
 * Deletes what leftoff remembers, and nothing else: LEFTOFF_HOME may be a folder that holds other things, too, or the home
 * directory by mistake.
 *
 * @returns what stays there, in words; nothing where the folder is gone.
 */
export function purge(home: string): readonly string[] {
  removeTree(join(home, "bin"));
  // What runs already is waited for, or it would write its files anew.
  const locks = join(home, "state", "locks");
  for (const name of namesIn(locks)) waitUntilFree(join(locks, name), PURGE_WAIT_MS);
  removeOurs(home);
  // A hook that was just starting found its folder there a moment ago: once more, when it is through.
  pauseMs(STARTING_HOOK_MS);
  if (removeOurs(home)) return [];
  const others = namesIn(home).filter((name) => !isOurs(name));
  return others.length === 0
    ? []
    : [`${home} holds other things than leftoff's, which stay: ${others.slice(0, 5).join(", ")}`];
}

/** @returns whether the folder is gone. */
function removeOurs(home: string): boolean {
  for (const name of namesIn(home).filter(isOurs)) removeTree(join(home, name));
  removeLeftovers(home);
  return removeFolderIfEmpty(home);
}

function isOurs(name: string): boolean {
  return OURS.some((pattern) => pattern.test(name));
}
