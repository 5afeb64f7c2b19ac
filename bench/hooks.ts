import { appendFileSync, existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Box, makeBox, timed, turnRecords, writeTranscript } from "./box.ts";
import { compare, type Row } from "./row.ts";

const SAMPLES = 40;
const CONVERSATION = "11111111-1111-4111-8111-111111111111";
const NEXT = "22222222-2222-4222-8222-222222222222";
const GUARD = '[ -r "$0" ] && . "$0"; exit 0';

/** What hooks cost the person who waits for them: the nudge against the cheapest hook there is, SessionStart against a bare node. */
export async function benchHooks(): Promise<readonly Row[]> {
  const box = makeBox();
  try {
    writeTranscript(box.transcript(CONVERSATION), CONVERSATION, box.project, 1);
    box.leftoff("ingest");
    return [await nudge(box), ...(await sessionStart(box))];
  } finally {
    box.remove();
  }
}

async function nudge(box: Box): Promise<Row> {
  const script = join(box.env.LEFTOFF_HOME ?? "", "bin", "nudge");
  const input = payload(box, "Stop", CONVERSATION);
  const env = { ...box.env, CLAUDE_CODE_SESSION_ID: CONVERSATION };
  const ours: number[] = [];
  const floor: number[] = [];
  for (let index = 0; index < SAMPLES; index += 1) {
    floor.push(timed("/bin/sh", ["-c", "cat >> f"], { cwd: box.root, env, input }));
    ours.push(timed("/bin/sh", ["-c", GUARD, script, "Stop"], { cwd: box.project, env, input }));
    await ingestEnded(box);
  }
  return compare("nudge until sh exits", ours, "sh -c 'cat >> f'", floor, 1.0);
}

async function sessionStart(box: Box): Promise<readonly Row[]> {
  const script = join(box.env.LEFTOFF_HOME ?? "", "bin", "answer");
  const input = payload(box, "SessionStart", NEXT);
  const start = () =>
    timed("/bin/sh", ["-c", GUARD, script, "SessionStart"], { cwd: box.project, env: box.env, input });
  const bare = () => timed(process.execPath, ["-e", ""], { cwd: box.project, env: box.env });
  const upToDate: number[] = [];
  const behind: number[] = [];
  const floor: number[] = [];
  let number = 1_000_000;
  for (let index = 0; index < SAMPLES; index += 1) {
    floor.push(bare());
    upToDate.push(start());
  }
  for (let index = 0; index < SAMPLES / 2; index += 1) {
    appendFileSync(box.transcript(CONVERSATION), turnRecords(CONVERSATION, box.project, number, 200));
    number += 1;
    behind.push(start());
    // It stores what it read behind its answer.
    await ingestEnded(box, Date.now());
    box.leftoff("brief");
  }
  return [
    compare("SessionStart with brief, up to date", upToDate, "node -e ''", floor, 1.5),
    compare("SessionStart, 200 kB behind", behind, "node -e ''", floor, 3),
  ];
}

/** What is detached must not run into the next sample. @param since when it began; without it, when the last nudge came. */
async function ingestEnded(box: Box, since?: number): Promise<void> {
  const pending = join(box.env.LEFTOFF_HOME ?? "", "state", "pending");
  const locks = join(box.env.LEFTOFF_HOME ?? "", "state", "locks");
  const spool = join(box.env.LEFTOFF_HOME ?? "", "state", "spool");
  const startedMs = since ?? statSync(spool, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  for (;;) {
    await new Promise((settle) => setTimeout(settle, 25));
    const waiting = existsSync(pending) && readdirSync(pending).length > 0;
    const running = existsSync(locks) && readdirSync(locks).some((name) => name.startsWith("ingest-"));
    if (!waiting && !running && Date.now() - startedMs > 250) return;
  }
}

function payload(box: Box, event: string, conversation: string): string {
  const common = {
    session_id: conversation,
    transcript_path: box.transcript(conversation),
    cwd: box.project,
    hook_event_name: event,
  };
  const own = event === "Stop" ? { stop_hook_active: false } : { source: "startup" };
  return `${JSON.stringify({ ...common, ...own })}\n`;
}
