import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Everything below a folder as lines: path, kind, permissions, and a digest of the content. Two trees are the same if
 * their lines are. `.git` is left out, because git itself writes there.
 */
export function treeOf(folder: string): readonly string[] {
  return walk(folder, "");
}

function walk(folder: string, below: string): readonly string[] {
  return readdirSync(join(folder, below))
    .filter((name) => name !== ".git")
    .sort()
    .flatMap((name) => {
      const path = join(below, name);
      const stat = lstatSync(join(folder, path));
      const mode = (stat.mode & 0o7777).toString(8);
      if (stat.isSymbolicLink()) return [`${path} -> ${readlinkSync(join(folder, path))}`];
      if (stat.isDirectory()) return [`${path}/ ${mode}`, ...walk(folder, path)];
      return [`${path} ${mode} ${digest(readFileSync(join(folder, path)))}`];
    });
}

/** Writes a file with its folders. */
export function put(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}
