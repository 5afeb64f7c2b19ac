import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { newSession } from "../src/app/new-session.ts";
import { addNote } from "../src/app/note.ts";
import { openApp } from "../src/compose.ts";
import { type Box, makeBox, timed } from "./box.ts";
import { compare, type Row } from "./row.ts";

const LEFTOFF = resolve("dist/leftoff.cjs");
const SAMPLES = 25;
const SESSIONS = 50;
/** About 20 kB of document. */
const NOTES = 120;
const TARGET = 2;

/** What somebody waits for who types `leftoff status`: beside a node that does nothing, in turns. */
export async function benchStatus(): Promise<readonly Row[]> {
  const box = makeBox();
  const empty = join(box.root, "empty");
  mkdirSync(empty);
  try {
    await fill(box);
    // The first one of a build compiles, and keeps that.
    timed(process.execPath, [LEFTOFF, "status"], { cwd: box.project, env: box.env });
    const [inProject, inEmpty, floor] = [[] as number[], [] as number[], [] as number[]];
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      floor.push(timed(process.execPath, ["-e", ""], { cwd: box.project, env: box.env }));
      inProject.push(timed(process.execPath, [LEFTOFF, "status"], { cwd: box.project, env: box.env }));
      inEmpty.push(timed(process.execPath, [LEFTOFF, "status"], { cwd: empty, env: box.env }));
    }
    const name = `leftoff status, a document of 20 kB and ${SESSIONS} sessions`;
    return [
      compare(name, inProject, "node -e ''", floor, TARGET),
      compare("leftoff status in a folder with nothing", inEmpty, "node -e ''", floor, TARGET),
    ];
  } finally {
    box.remove();
  }
}

async function fill(box: Box): Promise<void> {
  const app = openApp({ cwd: box.project, env: box.env });
  for (let number = 1; number <= SESSIONS; number += 1)
    await newSession(app, { title: `Piece of work number ${number}` });
  for (let number = 1; number <= NOTES; number += 1) {
    const text = `Note ${number}: the token service answers late when the pool is full and nobody looks`;
    await addNote(app, { kind: number % 3 === 0 ? "next" : "finding", text });
  }
  box.leftoff("status");
}
