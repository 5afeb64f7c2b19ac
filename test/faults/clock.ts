import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Box, copyBox, MAIN, makeBox, UNREAD } from "./box.ts";
import { runHook } from "./hook-cell.ts";
import { type FaultPromise, type Outcome, repeat, type Trial } from "./promise.ts";
import { eventIds, turnPayloads, turnTroubles } from "./turn.ts";

// Clocks that are wrong, that jump, and that change to summer time: the built program under libfaketime, which gives a
// process another time of day and leaves its monotonic clock alone, as setting a machine's clock does.

/** One setting of the clock for each turn of a conversation, as libfaketime reads it: `@` a moment, `+` and `-` an offset. */
interface ClockCase {
  readonly name: string;
  readonly turns: readonly string[];
  /** What the clock jumps to while the last turn is read. */
  readonly jumpsTo?: string;
  readonly timeZone?: string;
}

const CASES: readonly ClockCase[] = [
  { name: "1999", turns: ["@1999-12-31 23:59:58", "@2000-01-01 00:00:05"] },
  { name: "2040, after 32-bit seconds", turns: ["@2038-01-19 03:14:06", "@2040-02-29 12:00:00"] },
  { name: "back to 1999 and again", turns: ["+0", "@1999-01-01 00:00:00", "+0"] },
  { name: "ahead to 2040 and back", turns: ["+0", "@2040-01-01 00:00:00", "+0"] },
  { name: "back by three years in mid-work", turns: ["+0", "+0"], jumpsTo: "-3y" },
  { name: "ahead by three years in mid-work", turns: ["+0", "+0"], jumpsTo: "+3y" },
  {
    name: "an hour twice",
    turns: ["@2026-11-01 01:59:59", "@2026-11-01 01:00:01"],
    timeZone: "America/New_York",
  },
  {
    name: "an hour left out",
    turns: ["@2026-03-08 01:59:59", "@2026-03-08 03:00:01"],
    timeZone: "America/New_York",
  },
];

/** When the clock jumps: after the program began to read, before it is done. */
const JUMP_AFTER_MS = 150;

interface Faked {
  readonly env: Readonly<Record<string, string>>;
  set(time: string): void;
}

/** The control leaves the machine's clock as it is. */
function fakedClock(box: Box, timeZone = "UTC", isFaked = true): Faked {
  const file = join(box.root, "time-of-day");
  const env = {
    ...(isFaked ? { LD_PRELOAD: preloadPath() ?? "" } : {}),
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: "1",
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
    TZ: timeZone,
  };
  return { env, set: (time) => writeFileSync(file, `${time}\n`) };
}

/** Where Debian's package `faketime` has its library; it is asked, since the folder is named by the processor. */
function preloadPath(): string | undefined {
  const { stdout } = spawnSync("faketime", ["-f", "+0", "printenv", "LD_PRELOAD"], { encoding: "utf8" });
  return stdout?.split(/[\s:]/).find((path) => path.includes("faketime"));
}

async function clocks(_trial: Trial, { isFaked }: { readonly isFaked: boolean }): Promise<Outcome> {
  const model = makeBox({ past: false });
  try {
    return await repeat(CASES.length, async (round) => {
      const found = CASES[round];
      if (found === undefined) return [];
      const box = copyBox(model, join(model.root, "rounds", String(round)));
      const troubles = await worked(box, found, isFaked);
      box.dispose();
      rmSync(join(box.project, ".claude", "sessions"), { recursive: true, force: true });
      return troubles.map((what) => `${found.name}: ${what}`);
    });
  } finally {
    model.dispose();
  }
}

/** Each turn under its clock, a note after it; then everything is looked at under the right one. */
async function worked(
  box: Box,
  { turns, jumpsTo, timeZone }: ClockCase,
  isFaked: boolean,
): Promise<readonly string[]> {
  const clock = fakedClock(box, timeZone, isFaked);
  const faked: Box = { ...box, env: { ...box.env, ...clock.env } };
  const troubles: string[] = [];
  for (const [index, time] of turns.entries()) {
    clock.set(time);
    box.turn(UNREAD, index + 1);
    const { prompt, stop } = turnPayloads(box, UNREAD, index + 1);
    await box.ingest(prompt, { env: clock.env });
    const jump = setTimeout(
      () => clock.set(index === turns.length - 1 ? (jumpsTo ?? time) : time),
      JUMP_AFTER_MS,
    );
    await box.ingest(stop, { env: clock.env });
    clearTimeout(jump);
    troubles.push(...noteTroubles(faked, index));
  }
  const start = box.payload("SessionStart", UNREAD, { source: "clear" });
  const hook = await runHook(faked, "SessionStart", { stdin: { kind: "text", text: start } });
  const told = hook.stdout.includes(`test of part ${turns.length}`);
  return [
    ...troubles,
    ...(hook.exit === 0 && hook.stderr === ""
      ? []
      : [`SessionStart ended with ${hook.exit}: ${hook.stderr}`]),
    ...(told ? [] : ["the brief does not have the last turn"]),
    ...turnTroubles(box, UNREAD, { known: eventIds(box), sessions: 1 }),
    ...orderTroubles(box, turns.length),
    ...yearTroubles(box, turns),
  ];
}

const noteOf = (index: number) => `what was found in turn ${index}`;

function noteTroubles(box: Box, index: number): readonly string[] {
  const commands = [["note", "finding", noteOf(index)], ["status"], ["list"], ["show"], ["log"], ["brief"]];
  return commands.flatMap((args) => {
    const { status, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
      cwd: box.project,
      env: box.env,
      encoding: "utf8",
    });
    return status === 0 ? [] : [`${args[0]} ended with ${status}: ${stderr}`];
  });
}

/** Notes stay in the order in which they were written, whatever their times say. */
function orderTroubles(box: Box, count: number): readonly string[] {
  const { journal } = box.app().store;
  const texts = journal
    .sessions()
    .flatMap((session) => journal.read(session).events)
    .map(({ data }) => JSON.stringify(data))
    .filter((text) => text.includes("what was found in turn"));
  const isInOrder = texts.length === count && texts.every((text, index) => text.includes(noteOf(index)));
  return isInOrder ? [] : [`${texts.length} notes of ${count}, or in another order`];
}

/** Each moment that a clock was set to is in the journal, or the clock was never another one. */
function yearTroubles(box: Box, turns: readonly string[]): readonly string[] {
  const { journal } = box.app().store;
  const times = journal.sessions().flatMap((session) => journal.read(session).events.map(({ atMs }) => atMs));
  const years = new Set(times.map((atMs) => String(new Date(atMs).getUTCFullYear())));
  const wanted = turns.filter((time) => time.startsWith("@")).map((time) => time.slice(1, 5));
  return wanted.filter((year) => !years.has(year)).map((year) => `no event is of ${year}`);
}

export const CLOCK: readonly FaultPromise[] = [
  {
    name: "clocks",
    promise:
      "Clocks in 1999 and 2040, jumps back and ahead between turns and in the middle of one, both changes of summer time: every record, event and session is there once, notes in the order they were written, commands and hooks end with 0, the brief has the last turn.",
    n: CASES.length,
    fixed: true,
    unavailable: () =>
      preloadPath() === undefined ? "faketime is missing (Debian package `faketime`)" : undefined,
    run: (trial) => clocks(trial, { isFaked: true }),
    control: (trial) => clocks(trial, { isFaked: false }),
  },
];
