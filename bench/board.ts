import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepBoard } from "../src/app/keep-board.ts";
import { newSession } from "../src/app/new-session.ts";
import { newSessionId } from "../src/base/id.ts";
import { openApp } from "../src/compose.ts";
import { median, type Row, round } from "./row.ts";

const SESSIONS = 10_000;
const SAMPLES = 5;
const TARGET_MS = 1_000;

/** The team's board out of 10,000 sessions of one work tree, a tenth of them finished lately: CPU of one call, beside the first one. */
export async function benchBoard(): Promise<readonly Row[]> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "leftoff-board-")));
  const env = { HOME: root, LEFTOFF_HOME: join(root, "home"), PATH: process.env.PATH, LEFTOFF_PERSON: "ada" };
  try {
    const app = openApp({ cwd: root, env });
    await fill(app);
    const samples: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample += 1)
      samples.push(await cpuOf(() => keepBoard(app, { dryRun: false })));
    const value = median(samples);
    return [
      {
        name: `the board from ${SESSIONS} sessions`,
        value: round(value),
        unit: "ms",
        against: `${TARGET_MS} ms (the first time ${round(samples[0] ?? 0)} ms)`,
        ratio: round(value / TARGET_MS),
        target: 1,
        ok: value <= TARGET_MS,
      },
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Sessions as their summaries tell them: a journal is read for none that has one. */
async function fill(app: ReturnType<typeof openApp>): Promise<void> {
  const { id: first, workTree, ...likeness } = await newSession(app, { title: "The first one" });
  const index: { [session: string]: string } = { [first]: workTree };
  const nowMs = Date.now();
  for (let number = 1; number < SESSIONS; number += 1) {
    const id = newSessionId(nowMs);
    const isDone = number % 10 !== 0;
    const updatedAtMs = nowMs - number * 60_000;
    const summary = {
      ...likeness,
      id,
      workTree,
      slug: `2026-01-25-piece-of-work-${number}`,
      title: `A piece of work, number ${number}`,
      phase: isDone ? "complete" : "active",
      status: isDone ? "completed" : "in_progress",
      updatedAtMs,
      finishedAtMs: isDone ? updatedAtMs : 0,
    };
    const folder = join(app.home, "journal", id);
    mkdirSync(folder);
    writeFileSync(join(folder, `${app.store.machine()}.jsonl`), "");
    app.store.state.put(`worktrees/${workTree}/sessions/${id}`, summary);
    index[id] = workTree;
  }
  app.store.state.put("sessions", index);
}

async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
