import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Box, copyBox, KNOWN, MAIN, makeBox, UNREAD } from "./faults/box.ts";
import { runHook } from "./faults/hook-cell.ts";

// The files that hooks are made of: hook.cjs loads front.cjs, which loads engine.cjs, both with the code that V8 compiled of them.

const built = test.skipIf(!existsSync(MAIN));
let model: Box | undefined;
beforeAll(() => {
  if (existsSync(MAIN)) model = makeBox();
});
afterAll(() => model?.dispose());

/** A box with a program of its own. @returns it and the folder of its program. */
function boxWithProgram(name: string): readonly [Box, string] {
  if (model === undefined) throw new Error("there is a model");
  const box = copyBox(model, join(model.root, name.replaceAll(/\W/g, "-")));
  const runtimes = join(box.home, "runtime");
  rmSync(runtimes);
  cpSync(join(model.home, "runtime"), runtimes, { recursive: true });
  const [runtime = ""] = readdirSync(runtimes);
  return [box, join(runtimes, runtime)];
}

const stop = (box: Box) => box.ingest(box.payload("Stop", KNOWN));

async function start(box: Box): Promise<readonly [exit: unknown, stderr: string, hasBrief: boolean]> {
  const text = box.payload("SessionStart", UNREAD, { source: "startup" });
  const { exit, stderr, stdout } = await runHook(box, "SessionStart", { stdin: { kind: "text", text } });
  return [exit, stderr, stdout.includes("additionalContext")];
}

const PROGRAMS = ["front", "engine"] as const;
const keptIn = (runtime: string) => PROGRAMS.map((name) => join(runtime, `${name}.cache`));
const filesAt = (paths: readonly string[]) => paths.map((path) => statSync(path).ino);

built(
  "the end of a turn keeps what V8 compiled of both programs, once, and the next hook takes it",
  async () => {
    const [box, runtime] = boxWithProgram("kept");
    expect(keptIn(runtime).map((path) => existsSync(path))).toEqual([false, false]);
    expect(await stop(box)).toBe(0);
    const kept = filesAt(keptIn(runtime));

    // Code that V8 did not take is written anew.
    expect(await stop(box)).toBe(0);
    expect(filesAt(keptIn(runtime))).toEqual(kept);
    expect(await start(box)).toEqual([0, "", true]);
  },
);

built.each([
  ["cut in half", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
  ["empty", () => Buffer.alloc(0)],
  ["another version's", (bytes: Buffer) => Buffer.from(bytes).fill(0xff, 64, 80)],
  ["another program's", (bytes: Buffer) => Buffer.from(bytes).fill("1", 0, 8)],
])("hooks whose kept code is %s work as ever, and it is kept anew", async (name, damaged) => {
  const [box, runtime] = boxWithProgram(`kept ${name}`);
  await stop(box);
  for (const path of keptIn(runtime)) writeFileSync(path, damaged(readFileSync(path)));
  const damagedFiles = filesAt(keptIn(runtime));

  expect(await start(box)).toEqual([0, "", true]);
  expect(await stop(box)).toBe(0);
  const kept = filesAt(keptIn(runtime));
  for (const [index, file] of kept.entries()) expect(file).not.toBe(damagedFiles[index]);
});

built.each(
  PROGRAMS.flatMap((name) => [
    [`${name}.cjs is missing`, name, undefined] as const,
    [`${name}.cjs is cut in half`, name, (text: string) => text.slice(0, text.length / 2)] as const,
    [`${name}.cjs is empty`, name, () => ""] as const,
  ]),
)("where %s, hooks end with 0 and say nothing", async (name, file, damaged) => {
  const [box, runtime] = boxWithProgram(name);
  await stop(box);
  const path = join(runtime, `${file}.cjs`);
  if (damaged === undefined) rmSync(path);
  else writeFileSync(path, damaged(readFileSync(path, "utf8")));

  const [exit, stderr] = await start(box);
  expect([exit, stderr]).toEqual([0, ""]);
  expect(await stop(box)).toBe(0);
});

built("a hook that is started abruptly ends by SIGKILL when it has answered, and else with 0", () => {
  const [box, runtime] = boxWithProgram("abruptly");
  const run = (...manner: string[]) => {
    const input = box.payload("SessionStart", UNREAD, { source: "startup" });
    const options = { cwd: box.project, env: box.env, input, encoding: "utf8" } as const;
    const ran = spawnSync(process.execPath, [join(runtime, "hook.cjs"), "SessionStart", ...manner], options);
    return [ran.signal ?? ran.status, ran.stderr, ran.stdout.includes("additionalContext")];
  };
  expect([run(), run("abruptly")]).toEqual([
    [0, "", true],
    ["SIGKILL", "", true],
  ]);
});

built(
  "the end of a conversation packs its kept copy by packing.cjs, and ends as well without it",
  async () => {
    const [box, runtime] = boxWithProgram("packing");
    const file = { agent: "claude", conversation: KNOWN, file: "agent-1" };
    const { archive } = box.app().store;
    const turns = Array.from({ length: 9 }, (_, n) => ({ n, text: "word ".repeat(1000) }));
    for (const [n, record] of turns.entries()) {
      const position = { inode: 1, sizeBytes: 9000, offset: 100 * (n + 1) };
      archive.append(file, { records: [record], ends: [position.offset], fromByte: 100 * n, position });
    }
    const end = () => box.ingest(box.payload("SessionEnd", KNOWN));
    const isLoose = () => archive.isLoose("claude", KNOWN, { isOver: true });

    renameSync(join(runtime, "packing.cjs"), join(runtime, "packing.away"));
    expect([await end(), isLoose()]).toEqual([0, true]);
    renameSync(join(runtime, "packing.away"), join(runtime, "packing.cjs"));
    expect([await end(), isLoose()]).toEqual([0, false]);
    expect(archive.read(file)).toEqual({ records: turns, damage: [] });
  },
);
