import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

// Shelving with the built program: killed at every step, and seen to its end by whoever comes next.

const MAIN = join(import.meta.dirname, "..", "dist", "main.js");
const built = test.skipIf(!existsSync(MAIN));

let folder = "";
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "leftoff-shelve-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function leftoff(argv: readonly string[], env: { readonly [name: string]: string } = {}) {
  const own = { PATH: process.env.PATH, HOME: folder, LEFTOFF_HOME: join(folder, "data"), TZ: "UTC", ...env };
  return spawnSync(process.execPath, [MAIN, ...argv], { cwd: folder, env: own, encoding: "utf8" });
}

/** The only file below a folder whose name ends so. */
function fileBelow(ending: string): string {
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (path) => path.endsWith(ending) && !path.includes("/.leftoff-"),
  );
  expect(found).toHaveLength(1);
  return join(folder, found[0] ?? "");
}

/** Steps of an archive and of an unarchive, by the failpoint that stands there and its turn. */
const STEPS = [
  "replace.after-rename@1",
  "create.before-link@2",
  "create.before-link@3",
  "remove.before-unlink@2",
  "remove.after-unlink@2",
  "append.after-fsync@1",
];

built(
  "killed at any step of archive or unarchive, the next command leaves it done or undone, and the document whole",
  () => {
    leftoff(["new", "Odd names (2): ünï"]);
    const document = fileBelow(".tmp");
    writeFileSync(document, `${readFileSync(document, "utf8")}\nmine, to the byte \r\n`);
    leftoff(["note", "decision", "Keep it"]);
    leftoff(["complete", "It works"]);
    const bytes = readFileSync(document);
    const phase = () => JSON.parse(leftoff(["list", "--all", "--json"]).stdout).sessions[0].phase as string;
    let kills = 0;
    for (const step of STEPS) {
      for (const [command, end] of [
        ["archive", "archived"],
        ["unarchive", "complete"],
      ] as const) {
        const { signal } = leftoff([command], { LEFTOFF_FAILPOINTS: `${step}=kill` });
        if (signal !== null) kills += 1;
        const left = phase();
        expect(["archived", "complete"]).toContain(left);
        if (left !== end) expect(leftoff([command]).status).toBe(0);
        expect(phase()).toBe(end);
        expect(readFileSync(fileBelow(".tmp"))).toEqual(bytes);
        expect(existsSync(document)).toBe(command === "unarchive");
      }
    }
    expect(kills).toBeGreaterThan(STEPS.length);
  },
);
