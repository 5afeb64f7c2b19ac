import { spawnSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeBox, timed, turnRecords, writeTranscript } from "./box.ts";
import { compare, type Row, round } from "./row.ts";

const SAMPLES = 20;
const SMALL = "11111111-1111-4111-8111-111111111111";
const LARGE = "22222222-2222-4222-8222-222222222222";
const HISTORY_FILES = 10;
const HISTORY_FILE_MB = 50;

/** What an ingest costs as transcripts grow: one new turn at the end of 1 MB and of 50 MB, and a history of 500 MB. */
export function benchIngest(): readonly Row[] {
  return [...oneTurn(), history()];
}

function oneTurn(): readonly Row[] {
  const box = makeBox();
  try {
    let smallTurn = writeTranscript(box.transcript(SMALL), SMALL, box.project, 1);
    let largeTurn = writeTranscript(box.transcript(LARGE), LARGE, box.project, 50);
    box.leftoff("ingest");
    const run = (conversation: string, turn: number) => {
      appendFileSync(box.transcript(conversation), turnRecords(conversation, box.project, turn, 4));
      const call = {
        session_id: conversation,
        transcript_path: box.transcript(conversation),
        cwd: box.project,
        hook_event_name: "Stop",
        prompt_id: promptId(turn),
        last_assistant_message: `Part ${turn} is changed and its test passes.`,
      };
      // As bin/nudge starts it.
      return timed(process.execPath, [resolve("dist/hook.cjs"), "ingest", "abruptly"], {
        cwd: box.project,
        env: box.env,
        end: "SIGKILL",
        input: `${JSON.stringify(call)}\n`,
      });
    };
    const floor: number[] = [];
    const small: number[] = [];
    const large: number[] = [];
    for (let index = 0; index < SAMPLES; index += 1) {
      floor.push(timed(process.execPath, ["-e", ""], { cwd: box.project, env: box.env }));
      small.push(run(SMALL, smallTurn++));
      large.push(run(LARGE, largeTurn++));
    }
    return [
      compare("ingest of one turn, 50 MB transcript", large, "node -e ''", floor, 3),
      compare("ingest of one turn, 50 MB against 1 MB", large, "the same on 1 MB", small, 1.2),
    ];
  } finally {
    box.remove();
  }
}

/** `leftoff ingest` of a history nobody has read, and the most memory it ever held. */
function history(): Row {
  const box = makeBox();
  try {
    for (let index = 0; index < HISTORY_FILES; index += 1) {
      const conversation = `33333333-3333-4333-8333-${String(index).padStart(12, "0")}`;
      writeTranscript(box.transcript(conversation), conversation, box.project, HISTORY_FILE_MB);
    }
    const script = `process.on("exit", () => process.stderr.write("PEAK " + process.resourceUsage().maxRSS + "\\n"));process.argv.splice(1, 0, "${resolve("dist/main.js")}");await import("${join(resolve("dist"), "main.js")}");`;
    const startMs = performance.now();
    const { stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", script, "ingest"], {
      cwd: box.project,
      env: box.env,
      encoding: "utf8",
    });
    const seconds = (performance.now() - startMs) / 1000;
    const peakMb = Number(/PEAK (\d+)/.exec(stderr)?.[1] ?? Number.NaN) / 1024;
    const target = 300;
    const name = `memory to read ${HISTORY_FILES * HISTORY_FILE_MB} MB of history (${round(seconds)} s)`;
    return {
      name,
      value: round(peakMb),
      unit: "MB",
      against: `${target} MB`,
      ratio: round(peakMb / target),
      target: 1,
      ok: status === 0 && peakMb <= target,
    };
  } finally {
    box.remove();
  }
}

function promptId(turn: number): string {
  return `00000000-0000-4000-8000-${String(turn).padStart(12, "0")}`;
}
