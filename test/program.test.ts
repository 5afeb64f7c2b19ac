import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

// The built program as a person starts it: what only exists once there are processes, pipes and a terminal.

const MAIN = join(import.meta.dirname, "..", "dist", "main.js");
const built = test.skipIf(!existsSync(MAIN));

interface Manifest {
  readonly version: string;
  readonly bin: { readonly leftoff: string };
}

let home = "";
beforeAll(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "leftoff-program-")));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const environment = () => ({
  PATH: process.env.PATH,
  HOME: home,
  LEFTOFF_HOME: join(home, "data"),
  TMPDIR: home,
});

function leftoff(...argv: readonly string[]) {
  return spawnSync(process.execPath, [MAIN, ...argv], { cwd: home, env: environment(), encoding: "utf8" });
}

built("try shows the document, the brief and the cost, and leaves nothing behind", () => {
  const before = readdirSync(home);

  const { status, stdout, stderr } = leftoff("try");

  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain("# Session State: ");
  expect(stdout).toMatch(/^## Failed[^\n]*\n- /m);
  expect(stdout).toMatch(/^## Next steps\n- /m);
  expect(stdout).toContain("0 tokens spent");
  expect(readdirSync(home)).toEqual(before);
});

built("try --keep keeps its folder and says where", () => {
  const { status, stderr } = leftoff("try", "--keep");

  const folder = /Kept in (.+): LEFTOFF_HOME=/.exec(stderr)?.[1] ?? "";
  expect(status).toBe(0);
  expect(readdirSync(folder)).toContain("shop-api");
});

built("what is read only in part is no failure", () => {
  const run = `"${process.execPath}" "${MAIN}" try | head -1`;

  const { stdout, stderr } = spawnSync("bash", ["-c", `set -o pipefail; ${run}`], {
    cwd: home,
    env: environment(),
    encoding: "utf8",
  });

  expect(stdout.split("\n")).toHaveLength(2);
  expect(stderr).toBe("");
});

built("colours are for terminals: a pipe gets none", () => {
  const { stdout } = leftoff("try");

  expect(stdout).not.toContain("\u001b");
});

built("the version is the package's, and what the package installs as leftoff runs by itself", () => {
  const root = join(import.meta.dirname, "..");
  const { version, bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;

  const { status, stdout } = spawnSync(join(root, bin.leftoff), ["--version"], {
    env: { ...environment(), PATH: `${dirname(process.execPath)}:${process.env.PATH}` },
    encoding: "utf8",
  });

  expect({ status, version: stdout.trim() }).toEqual({ status: 0, version });
});

// The door is made before anything is there that could report.
built("in a folder that is gone it says so in two lines", () => {
  const gone = mkdtempSync(join(home, "gone-"));

  const { status, stderr } = spawnSync(
    "sh",
    ["-c", `rmdir "${gone}" && exec "$0" "$1" status`, process.execPath, MAIN],
    {
      cwd: gone,
      env: environment(),
      encoding: "utf8",
    },
  );

  expect(stderr).toMatch(/^leftoff: .+\n.+\n$/);
  expect(status).toBe(10);
});

built("a script's checkpoints are read by the next command, which says where to start", () => {
  const project = join(home, "counted");
  mkdirSync(project);
  const run = (...argv: readonly string[]) =>
    spawnSync(process.execPath, [MAIN, ...argv], { cwd: project, env: environment(), encoding: "utf8" });
  run("new", "CSS migration");
  const { stdout: made } = run("memory", "init", "css");
  const functionText = made.slice(made.indexOf("checkpoint() {"));
  const script = `${functionText}\nTASK_ID=css\ncheckpoint "files 1-150 of 500"\ncheckpoint "DECISION: keep names — tests need them"`;
  expect(spawnSync("bash", ["-c", script], { cwd: project, env: environment() }).status).toBe(0);

  const { status, stdout } = run("memory", "--json");

  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    files: ["working/css/session_memory.md"],
    decisions: [{ decision: "keep names", reason: "tests need them" }],
    progress: { completed: ["files 1-150 of 500"], in_progress: "", pending: ["files 151-500 of 500"] },
    start_at: [{ unit: "file", number: 151, total: 500 }],
  });
});
