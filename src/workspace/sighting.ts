import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { readHead } from "./head.ts";
import { isGitLocation, type WorkTreeLocation } from "./locate.ts";
import { remoteDigest } from "./remote.ts";
import type { WorkTreePlace } from "./workspaces.ts";

/** What can be seen of a work tree without starting git. */
export interface Sighting
  extends Pick<WorkTreePlace, "root" | "kind" | "rootMark" | "gitMark" | "commonMark" | "remote"> {
  /** Git could find a root commit: there are commits, and the history is not cut off (a shallow clone's oldest commit is no root). */
  readonly hasHistory: boolean;
}

const CONFIG_BYTES_MAX = 1024 * 1024;

export function sightWorkTree(location: WorkTreeLocation): Sighting {
  const rootMark = folderMark(location.root);
  const place = { root: location.root, kind: location.kind, rootMark };
  if (!isGitLocation(location)) {
    return { ...place, gitMark: undefined, commonMark: undefined, remote: undefined, hasHistory: false };
  }
  const head = readHead(location);
  const isUnborn = head.gitBranch !== undefined && head.commit === undefined;
  const config = readConfig(join(location.commonDir, "config"));
  return {
    ...place,
    gitMark: folderMark(location.gitDir),
    commonMark: folderMark(location.commonDir),
    remote: config === undefined ? undefined : remoteDigest(config),
    hasHistory: !isUnborn && !existsSync(join(location.commonDir, "shallow")),
  };
}

/**
 * What stays the same when a folder is moved or renamed, and is never given again: device, inode and time of birth.
 * Inodes alone are given again at once (ext4 hands the next clone that of the one just deleted). Undefined where the
 * file system keeps no time of birth.
 */
export function folderMark(path: string): string | undefined {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined || stat.birthtimeNs === 0n) return undefined;
    return `${stat.dev}:${stat.ino}:${stat.birthtimeNs}`;
  } catch {
    return undefined;
  }
}

function readConfig(path: string): string | undefined {
  try {
    return statSync(path).size > CONFIG_BYTES_MAX ? undefined : readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
