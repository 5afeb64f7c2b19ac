import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectSlug } from "../src/agent/claude/place.ts";
import { loadConversation } from "../src/app/conversation.ts";
import { ingestHere } from "../src/app/ingest-history.ts";
import type { ConversationId } from "../src/base/id.ts";
import { openApp } from "../src/compose.ts";
import { conversationRecords } from "../test/app-box.ts";

/**
 * Reads a transcript of several gigabytes, most of it a hole and records of megabytes, and says whether memory stayed within
 * its promise: `npx tsx scripts/huge-transcript.ts [gigabytes]`. Takes a minute and as much disk as the records; no part
 * of `npm test`. Prints one line of JSON and exits with 1 where the promise is broken.
 */
const RSS_MAX_BYTES = 300 * 1024 * 1024;
const gigabytes = Number(process.argv[2] ?? 3);
const conversation = "aaaaaaaa-0000-4000-8000-000000000001" as ConversationId;

const folder = mkdtempSync(join(tmpdir(), "leftoff-huge-"));
try {
  process.exitCode = process.env.LEFTOFF_MEASURED === "1" ? Number(!(await run())) : await measured();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Runs this file as the program is built: what loads TypeScript takes a hundred megabytes itself. */
async function measured(): Promise<number> {
  const { buildSync } = await import("esbuild");
  const outfile = join(folder, "huge.mjs");
  const format = { bundle: true, platform: "node", format: "esm" } as const;
  buildSync({
    ...format,
    external: ["esbuild"],
    entryPoints: [import.meta.filename],
    outfile,
    logLevel: "error",
  });
  const env = { ...process.env, LEFTOFF_MEASURED: "1" };
  return spawnSync(process.execPath, [outfile, String(gigabytes)], { stdio: "inherit", env }).status ?? 1;
}

async function run(): Promise<boolean> {
  const project = join(folder, "project");
  const transcripts = join(folder, ".claude", "projects", projectSlug(project));
  for (const path of [project, transcripts]) mkdirSync(path, { recursive: true });
  const path = join(transcripts, `${conversation}.jsonl`);
  const turns = writeTranscript(path, project);
  const app = openApp({
    cwd: project,
    env: { HOME: folder, LEFTOFF_HOME: join(folder, "leftoff"), PATH: process.env.PATH },
  });
  let peakBytes = 0;
  const archive = {
    ...app.store.archive,
    append: (...args: Parameters<typeof app.store.archive.append>) => {
      peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
      return app.store.archive.append(...args);
    },
  };
  const startMs = performance.now();
  await ingestHere({ ...app, store: { ...app.store, archive } }, { conversationsMax: 1 });
  const seconds = Math.round((performance.now() - startMs) / 1000);
  const state = loadConversation(app, conversation);
  // What the kernel saw, between our looks too.
  const rssBytes = Math.max(peakBytes, process.resourceUsage().maxRSS * 1024);
  const ok = rssBytes <= RSS_MAX_BYTES && state?.facts.turnCount === turns;
  console.log(
    JSON.stringify({
      promise: "a transcript of any size is read whole, within 300 MB of memory",
      sizeBytes: statSync(path).size,
      rssBytes,
      seconds,
      turns: state?.facts.turnCount,
      losses: state?.damage.map(({ line, fromByte, toByte, reason }) => ({
        line,
        sizeBytes: toByte - fromByte,
        reason,
      })),
      failures: ok ? 0 : 1,
    }),
  );
  return ok;
}

/** Turns with large results, one record of 100 MB, and a hole that makes up the rest. @returns how many turns. */
function writeTranscript(path: string, project: string): number {
  const records = conversationRecords(conversation, project, Date.now());
  const say = (record: object) => appendFileSync(path, `${JSON.stringify(record)}\n`);
  const line = "some words of a log that a command printed, with numbers 123 and paths /usr/lib/x.so\\n";
  // Written piece by piece: the memory of this process is what is measured.
  const words = line.repeat(Math.ceil((512 * 1024) / line.length));
  let turns = 0;
  const turn = (sizeBytes: number) => {
    turns += 1;
    say(records.prompt(`Prompt ${turns}`, `p${turns}`));
    say(records.call(`t${turns}`, "Bash", { command: "npm test" }));
    const [head, tail] = JSON.stringify(records.result(`t${turns}`, "@@")).split("@@");
    appendFileSync(path, head ?? "");
    for (let size = 0; size < sizeBytes; size += words.length) appendFileSync(path, words);
    appendFileSync(path, `${tail}\n`);
    say(records.answer(`Answer ${turns}`));
  };
  for (let n = 0; n < 100; n += 1) turn(1024 * 1024);
  turn(100 * 1024 * 1024);
  turn(30 * 1024 * 1024);
  truncateSync(path, Math.max(statSync(path).size, Math.floor(gigabytes * 1024 ** 3)));
  appendFileSync(path, "\n");
  turn(1024);
  return turns;
}
