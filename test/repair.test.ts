import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import { filesBelow } from "../src/disk/read.ts";
import { built, makeProgramBox, type ProgramBox } from "./program-box.ts";

// Damage to what leftoff itself keeps, and its repair, by the built program.

let box: ProgramBox;
beforeEach(() => {
  box = makeProgramBox();
});
afterEach(() => box.dispose());

const file = (pattern: RegExp) => filesBelow(box.home).find((name) => pattern.test(name)) ?? "";
const journal = () => file(/\/journal\/.*\.jsonl$/);
const archive = () => file(/\/archive\/.*main\.jsonl\.gz$/);

interface Repaired {
  readonly path: string;
  readonly line: number | null;
  readonly fromByte: number;
  readonly toByte: number;
  readonly keptIn: string;
}

const repaired = (...argv: readonly string[]) => box.json("repair", ...argv).repaired as readonly Repaired[];
const trouble = () => box.json("status").trouble as readonly string[];

/** A project that is set up, with two turns and three notes; nothing is wrong with it. */
function worked(): void {
  box.write(...box.turn(0), ...box.turn(1));
  expect(box.run("init").exit).toBe(0);
  for (const text of ["one", "two", "three"]) expect(box.run("note", "finding", text).exit).toBe(0);
  expect(box.run("doctor").exit).toBe(0);
}

/** Findings, in no order that matters. */
function findings(): readonly string[] {
  const notes = box.json("show").notes as readonly { readonly kind: string; readonly text: string }[];
  return notes
    .filter(({ kind }) => kind === "finding")
    .map(({ text }) => text)
    .sort();
}

/** A record that does not verify, NUL bytes, a record spliced into another, and one cut off at the end. */
function harmJournal(): void {
  const text = readFileSync(journal(), "utf8");
  const lines = text.split("\n").filter((part) => part !== "");
  const at = lines.findIndex((part) => part.includes('"text":"two"'));
  const three = lines.findIndex((part) => part.includes('"text":"three"'));
  lines[at] = (lines[at] ?? "").replace('"text":"two"', '"text":"twO"');
  lines[three] = `${(lines[three] ?? "").slice(0, 70)}${lines[three]}`;
  writeFileSync(journal(), `${lines.join("\n")}\n${"\0".repeat(64)}\n{"id":"evt_torn`);
}

built(
  "a damaged journal: the rest is read, what the document still says too, each loss told until repair took it out",
  () => {
    worked();
    harmJournal();

    // The record of "two" does not verify any more; its line in the document counts as the person's.
    expect(findings()).toEqual(["one", "three", "two"]);
    const told = trouble();
    const doctor = box.run("doctor", "--json");
    const { checks } = JSON.parse(doctor.out) as {
      readonly checks: readonly { detail: string; fix: string }[];
    };
    expect(doctor.exit).toBe(1);
    const dry = repaired("--dry-run");
    expect(dry).toHaveLength(4);
    expect(told).toHaveLength(4);
    for (const { line: number, fromByte, toByte } of dry) {
      const place = `${journal()}:${number}: ${toByte - fromByte} bytes`;
      expect(told.filter((said) => said.startsWith(`${place} lost`))).toHaveLength(1);
      expect(checks.filter(({ detail }) => detail.startsWith(place)).map(({ fix }) => fix)).toEqual([
        expect.stringContaining("leftoff repair"),
      ]);
    }

    expect(repaired()).toEqual(dry);
    expect(findings()).toEqual(["one", "three", "two"]);
    expect(box.run("doctor").exit).toBe(0);
    expect(trouble()).toEqual([]);
    expect(readFileSync(dry[0]?.keptIn ?? "", "utf8")).toContain("twO");
    expect(repaired()).toEqual([]);
  },
);

built("a damaged archive is told, read around, and repaired; the agent's transcript stays as it is", () => {
  worked();
  const bytes = readFileSync(archive());
  const transcript = readFileSync(box.transcript);
  writeFileSync(archive(), Buffer.concat([Buffer.from("garbage"), bytes]));
  rmSync(join(box.home, "state"), { recursive: true });
  mkdirSync(join(box.home, "state"), { mode: 0o700 });

  expect(box.run("status").out).toContain(`${archive()} at byte 0: 7 bytes lost`);
  // A line is wrapped, also at a space of a path.
  const doctor = box.run("doctor").out.replaceAll(/\s+/g, " ");
  expect(doctor).toContain(`${box.shown(archive())}: 7 bytes from byte 0`);
  expect(repaired()).toMatchObject([{ path: archive(), fromByte: 0, toByte: 7 }]);

  expect(readFileSync(archive())).toEqual(bytes);
  expect(box.run("status").out).not.toContain("garbage");
  expect(box.run("status").out).not.toContain("bytes lost");
  expect(box.run("doctor").exit).toBe(0);
  expect(readFileSync(box.transcript)).toEqual(transcript);
});

built("what a damaged archive lost is read again from the transcript, to where it stood", () => {
  worked();
  box.write(...box.turn(0), ...box.turn(1), ...box.turn(2));
  expect(box.run("ingest").exit).toBe(0);
  const bytes = readFileSync(archive());
  bytes[100] = (bytes[100] ?? 0) ^ 4;
  writeFileSync(archive(), bytes);
  rmSync(join(box.home, "state"), { recursive: true });
  const commands = () =>
    (box.json("show").commands as readonly { command: string }[]).map((one) => one.command);
  expect(commands()).toEqual(["npm run part-2"]);
  expect(box.run("doctor").exit).toBe(1);

  expect(box.run("repair").out).toContain(`read again 8 records from ${box.transcript}`);
  expect(commands()).toEqual([0, 1, 2].map((n) => `npm run part-${n}`));
  expect(box.run("doctor", "--fix").exit).toBe(0);
  expect(repaired()).toEqual([]);
});

built("workspaces.jsonl: a torn line is told, passed over, and taken out by doctor --fix", () => {
  worked();
  appendFileSync(join(box.home, "workspaces.jsonl"), '{"v":1,"type":"work_tree.fo');

  expect(box.run("status").out).toContain("workspaces.jsonl line");
  expect(box.run("doctor").exit).toBe(1);
  expect(box.run("doctor", "--fix").exit).toBe(0);
  expect(box.run("status").out).not.toContain("workspaces.jsonl line");
  expect(readFileSync(join(box.home, "workspaces.jsonl.damaged"), "utf8")).toContain("work_tree.fo");
  box.run("uninstall", "--purge");
  expect(existsSync(box.home)).toBe(false);
});

built("state that is damaged or deleted costs nothing, and doctor --fix makes it again", () => {
  worked();
  const before = box.run("list", "--json").out;
  for (const name of filesBelow(join(box.home, "state")).filter((one) => one.endsWith(".json")))
    truncateSync(name, 9);
  expect(box.run("doctor", "--json").exit).toBe(1);
  expect(box.run("doctor", "--fix").exit).toBe(0);
  expect(box.run("list", "--json").out).toBe(before);
  rmSync(join(box.home, "state"), { recursive: true });
  expect(box.run("list", "--json").out).toBe(before);
});

built.each([
  "overwrite.before-write",
  "overwrite.half-written",
  "append.half-written",
  "append.after-fsync",
  "repair.after-quarantine",
  "archive.before-replace",
  "replace.before-rename",
  "replace.after-rename",
  "lock.after-acquire",
])("repair killed at any %s loses nothing, and the next one finishes it", (moment) => {
  worked();
  harmJournal();
  writeFileSync(archive(), Buffer.concat([Buffer.from("garbage"), readFileSync(archive())]));
  const before = findings();
  let kills = 0;
  for (let times = 1; times <= 8; times += 1) {
    const { signal } = box.runWith({ LEFTOFF_FAILPOINTS: `${moment}@${times}=kill` }, "repair");
    if (signal === null) break;
    kills += 1;
  }

  expect(kills).toBeGreaterThan(0);
  expect(box.run("repair").exit).toBe(0);
  expect(repaired()).toEqual([]);
  expect(findings()).toEqual(before);
  expect(box.run("doctor", "--fix").exit).toBe(0);
  const taken = [journal(), archive()].map((name) => readFileSync(`${name}.damaged`, "utf8"));
  expect(taken.map((text) => [text.includes("twO"), text.includes("garbage")])).toEqual([
    [true, false],
    [false, true],
  ]);
});
