import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ConversationId } from "../../src/base/id.ts";
import { namesIn } from "../../src/disk/read.ts";
import { type Box, copyBox, endProcess, type IngestOptions, KNOWN, MAIN, makeBox, UNREAD } from "./box.ts";
import { leftTroubles, tempsBelow } from "./leftovers.ts";
import { type FaultPromise, type Outcome, repeat, type Trial } from "./promise.ts";
import { eventIds, turnPayloads, turnTroubles } from "./turn.ts";
import { journalTroubles, replacedTroubles, writing } from "./writing.ts";

// kill -9 at a random moment of each path on which something is written.

const KILL_MS_MAX = 60;

/** Starts a writer, kills it at a random moment, and looks at what is there. */
async function killWriter(
  { n, random }: Trial,
  mode: string,
  look: (folder: string, acknowledged: readonly number[]) => readonly string[],
): Promise<Outcome> {
  const base = mkdtempSync(join(tmpdir(), "leftoff-faults-"));
  try {
    return await repeat(n, async (round) => {
      const folder = join(base, String(round));
      const afterMs = random.next() * KILL_MS_MAX;
      const { acknowledged } = await writing({
        mode,
        folder,
        onFirst: (pid) => setTimeout(() => endProcess(pid), afterMs),
      });
      const troubles = acknowledged.length > 0 ? look(folder, acknowledged) : ["the writer wrote nothing"];
      rmSync(folder, { recursive: true, force: true });
      return troubles;
    });
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

const journal: FaultPromise = {
  name: "kill-journal",
  promise: "kill -9 while events are appended: every acknowledged event is in the journal, once.",
  n: 100,
  run: (trial) => killWriter(trial, "journal", journalTroubles),
  control: (trial) => killWriter({ ...trial, n: 30 }, "control-journal", journalTroubles),
};

const replaced: FaultPromise = {
  name: "kill-replace",
  promise: "kill -9 while a file is replaced: it is whole, and not older than what was acknowledged.",
  n: 100,
  run: (trial) => killWriter(trial, "replace", replacedTroubles),
  control: (trial) => killWriter({ ...trial, n: 30 }, "control-replace", replacedTroubles),
};

/** What is killed, in a box of its own each round. */
interface Killed {
  readonly prepare: (box: Box, round: number) => Promise<void>;
  readonly run: (box: Box, round: number, options?: IngestOptions) => Promise<unknown>;
  /** The next hook. */
  readonly recover: (box: Box) => Promise<unknown>;
}

/** Something that is killed, at moments spread over the time it takes; then the next hook, unless there is none. */
async function killRounds(
  { n, random }: Trial,
  killed: Killed,
  { recovers }: { readonly recovers: boolean },
): Promise<Outcome> {
  const model = makeBox({ past: false });
  const inBox = async <T>(name: string, use: (box: Box) => Promise<T>): Promise<T> => {
    const box = copyBox(model, join(model.root, "rounds", name));
    try {
      return await use(box);
    } finally {
      box.dispose();
      forgetDocuments(box);
    }
  };
  try {
    const wholeMs = await inBox("whole", (box) => msOf(box, killed));
    return await repeat(n, (round) =>
      inBox(String(round), async (box) => {
        await killed.prepare(box, round);
        await killed.run(box, round, { killAfterMs: random.next() * wholeMs });
        const known = eventIds(box);
        if (recovers) await killed.recover(box);
        return turnTroubles(box, UNREAD, { known, sessions: 1 });
      }),
    );
  } finally {
    model.dispose();
  }
}

/** How long it takes on this machine, now. */
async function msOf(box: Box, killed: Killed): Promise<number> {
  await killed.prepare(box, 0);
  const startMs = performance.now();
  await killed.run(box, 0);
  return performance.now() - startMs;
}

/** Both ingests of a turn, one of them killed. */
const ingestOfTurn: Killed = {
  prepare: async (box, round) => {
    box.turn(UNREAD, 1);
    if (round % 2 === 1) await box.ingest(turnPayloads(box, UNREAD, 1).prompt);
  },
  run: (box, round, options) => {
    const { prompt, stop } = turnPayloads(box, UNREAD, 1);
    return box.ingest(round % 2 === 0 ? prompt : stop, options);
  },
  recover: (box) => box.ingest(turnPayloads(box, UNREAD, 1).stop),
};

/** The start of another conversation, which finds a turn that nobody has read: it answers first, and stores then. */
const startBehind: Killed = {
  prepare: async (box) => {
    box.turn(UNREAD, 1);
    await box.ingest(turnPayloads(box, UNREAD, 1).stop);
    box.turn(UNREAD, 2);
  },
  run: (box, _round, options) => box.start(box.payload("SessionStart", NEXT, { source: "startup" }), options),
  recover: (box) => box.ingest(turnPayloads(box, UNREAD, 2).stop),
};

const NEXT = "bbbbbbbb-0000-4000-8000-000000000009" as ConversationId;

/** Boxes of one model share its project, and so its documents. */
function forgetDocuments(box: Box): void {
  rmSync(join(box.project, ".claude", "sessions"), { recursive: true, force: true });
}

const ingest: FaultPromise = {
  name: "kill-ingest",
  promise:
    "kill -9 while a turn is read: after the next hook every record is archived once, every event, session and document is there once, and nothing unfinished is left.",
  n: 100,
  run: (trial) => killRounds(trial, ingestOfTurn, { recovers: true }),
  control: (trial) => killRounds({ ...trial, n: 10 }, ingestOfTurn, { recovers: false }),
};

const start: FaultPromise = {
  name: "kill-start",
  promise:
    "kill -9 while a start reads what is missing, answers and stores it: after the next hook every record is archived once, every event, session and document is there once, and nothing unfinished is left.",
  n: 50,
  run: (trial) => killRounds(trial, startBehind, { recovers: true }),
  control: (trial) => killRounds({ ...trial, n: 10 }, startBehind, { recovers: false }),
};

/** Notes are written into a document that a person edits, too. */
async function killNotes({ n, random }: Trial, mode: "note" | "control-note"): Promise<Outcome> {
  const box = makeBox();
  const folder = join(box.project, ".claude", "sessions");
  const name = namesIn(folder).find((candidate) => candidate.endsWith(".tmp")) ?? "";
  const line = "A line that a person wrote, which nobody may lose.";
  writeFileSync(join(folder, name), `${readFileSync(join(folder, name), "utf8")}\n## Mine\n\n${line}\n`);
  const noted: number[] = [];
  let next = 0;
  try {
    return await repeat(n, async () => {
      const afterMs = random.next() * KILL_MS_MAX;
      const writer = { mode, folder: box.home, cwd: box.project, env: box.env, from: next };
      const { acknowledged } = await writing({
        ...writer,
        onFirst: (pid) => setTimeout(() => endProcess(pid), afterMs),
      });
      noted.push(...acknowledged.slice(-3));
      next = (acknowledged.at(-1) ?? next) + 2;
      const damaged = documentTroubles(join(folder, name), { noted: [], line });
      box.leftoff("note", "next", `go on after ${next}`);
      await box.ingest(box.payload("Stop", KNOWN));
      return [...damaged, ...documentTroubles(join(folder, name), { noted, line }), ...leftTroubles(box)];
    });
  } finally {
    box.dispose();
  }
}

function documentTroubles(
  path: string,
  { noted, line }: { readonly noted: readonly number[]; readonly line: string },
): readonly string[] {
  const text = readFileSync(path, "utf8");
  const count = (part: string) => text.split(part).length - 1;
  const wrong = noted.filter((n) => count(`finding number ${n} of`) !== 1);
  return [
    ...(count(line) === 1 ? [] : ["the person's line is lost or doubled"]),
    ...(text.startsWith("# Session State") ? [] : ["the document has lost its beginning"]),
    ...(wrong.length === 0 ? [] : [`${wrong.length} acknowledged notes are not there once`]),
  ];
}

const document: FaultPromise = {
  name: "kill-document",
  promise:
    "kill -9 while notes are written: the document is never torn, and after the next command it has every acknowledged note once and every line of the person.",
  n: 100,
  run: (trial) => killNotes(trial, "note"),
  control: (trial) => killNotes({ ...trial, n: 10 }, "control-note"),
};

const FOREIGN = `{
  // a person's own comment
  "model": "opus",
\t"hooks": { "Stop": [{ "hooks": [{ "type": "command", "command": "echo theirs" }] }] },
}
`;

async function killInit(
  { n, random }: Trial,
  { recovers }: { readonly recovers: boolean },
): Promise<Outcome> {
  const box = makeBox({ past: false });
  const settings = join(box.project, ".claude", "settings.local.json");
  try {
    box.leftoff("uninstall", "--purge");
    const wholeMs = await initMs(box);
    return await repeat(n, async () => {
      mkdirSync(dirname(settings), { recursive: true });
      writeFileSync(settings, FOREIGN);
      await killedInit(box, random.next() * wholeMs);
      const after = readFileSync(settings, "utf8");
      const whole = after === FOREIGN || isInstalled(after);
      const status = recovers ? box.leftoff("init").status : 0;
      const installed = isInstalled(readFileSync(settings, "utf8"));
      const temps = recovers ? tempsBelow(box.project).concat(tempsBelow(box.home)) : [];
      box.leftoff("uninstall", "--purge");
      return [
        ...(whole ? [] : ["the settings were torn"]),
        ...(status === 0 && installed ? [] : ["init did not end up installed"]),
        ...temps.map((path) => `left ${path}`),
        ...(!recovers || readFileSync(settings, "utf8") === FOREIGN
          ? []
          : ["uninstall did not give the settings back"]),
      ];
    });
  } finally {
    box.dispose();
  }
}

async function initMs(box: Box): Promise<number> {
  const startMs = performance.now();
  box.leftoff("init");
  const tookMs = performance.now() - startMs;
  box.leftoff("uninstall", "--purge");
  return tookMs;
}

/** All of our hooks and all of what was there before. */
function isInstalled(text: string): boolean {
  const hooks = [
    "SessionStart",
    "UserPromptSubmit",
    "Stop",
    "StopFailure",
    "SubagentStop",
    "SessionEnd",
    "PreCompact",
  ];
  return (
    text.includes("echo theirs") &&
    text.includes("a person's own comment") &&
    text.trimEnd().endsWith("}") &&
    hooks.every((event) => text.includes(`"${event}"`))
  );
}

function killedInit(box: Box, afterMs: number): Promise<void> {
  const child = spawn(process.execPath, [MAIN, "init"], { cwd: box.project, env: box.env, stdio: "ignore" });
  const timer = setTimeout(() => child.kill("SIGKILL"), afterMs);
  return new Promise((settle) => {
    child.on("close", () => {
      clearTimeout(timer);
      settle();
    });
  });
}

const init: FaultPromise = {
  name: "kill-init",
  promise:
    "kill -9 in `leftoff init`: the settings are as before or complete, `init` again completes, and `uninstall` gives the same bytes back.",
  n: 100,
  run: (trial) => killInit(trial, { recovers: true }),
  control: (trial) => killInit({ ...trial, n: 20 }, { recovers: false }),
};

export const KILL_RANDOM: readonly FaultPromise[] = [journal, replaced, ingest, start, document, init];
