import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { answerOf, type Box, MAIN, makeBox, promptOf, UNREAD, untilIdle } from "./box.ts";
import { type HookRun, runHook } from "./hook-cell.ts";
import { type FaultPromise, lacks, needsRoot, type Outcome, repeat } from "./promise.ts";
import { eventIds, turnPayloads, turnTroubles } from "./turn.ts";

// EACCES as the kernel gives it: the program runs as `nobody` in a home of its own, and one thing there is not its own.

const NOBODY = 65_534;
const AS_NOBODY = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
const EXIT = { ok: 0, permission: 6 };

/** Something that belongs to somebody else, and what is seen of that. */
interface ForeignThing {
  readonly name: string;
  path(box: Box): string;
  /** Exit codes of `note` that are right: what is not acknowledged is told. */
  readonly note: readonly number[];
  /** What was typed and answered is only in the payloads, and kept from there. */
  readonly keepsPayload?: boolean;
}

const THINGS: readonly ForeignThing[] = [
  { name: "the transcript", path: (box) => box.transcript(UNREAD), note: [EXIT.ok], keepsPayload: true },
  { name: "LEFTOFF_HOME", path: (box) => box.home, note: [EXIT.permission] },
  {
    name: "the folder of documents",
    path: (box) => join(box.project, ".claude", "sessions"),
    note: [EXIT.ok, EXIT.permission],
  },
  {
    name: "the .claude folder",
    path: (box) => join(box.project, ".claude"),
    note: [EXIT.ok, EXIT.permission],
  },
];

const NOTED = "what was found while somebody else owned it";

function asNobody(box: Box, ...args: string[]) {
  const [command = "", ...rest] = [...AS_NOBODY, process.execPath, MAIN, ...args];
  return spawnSync(command, rest, { cwd: box.project, env: box.env, encoding: "utf8" });
}

/** The hook as the agent starts it, and the ingest that it started to its end. */
async function hookAsNobody(box: Box, event: string, text: string): Promise<HookRun> {
  const run = await runHook(box, event, { through: AS_NOBODY, stdin: { kind: "text", text } });
  await untilIdle(box);
  return run;
}

async function foreign({ takesAway }: { readonly takesAway: boolean }): Promise<Outcome> {
  return repeat(THINGS.length, async (round) => {
    const thing = THINGS[round];
    if (thing === undefined) return [];
    const box = makeBox();
    try {
      box.turn(UNREAD, 1);
      spawnSync("chown", ["-R", `${NOBODY}:${NOBODY}`, box.root]);
      return (await withForeign(box, thing, takesAway)).map((what) => `${thing.name}: ${what}`);
    } finally {
      box.dispose();
    }
  });
}

async function withForeign(box: Box, thing: ForeignThing, takesAway: boolean): Promise<readonly string[]> {
  const path = thing.path(box);
  const known = eventIds(box);
  const { prompt, stop } = turnPayloads(box, UNREAD, 1);
  if (takesAway) {
    chownSync(path, 0, 0);
    chmodSync(path, 0o700);
  }
  const hooks = [
    await hookAsNobody(box, "SessionStart", box.payload("SessionStart", UNREAD, { source: "startup" })),
    await hookAsNobody(box, "UserPromptSubmit", prompt),
    await hookAsNobody(box, "Stop", stop),
  ];
  const note = asNobody(box, "note", "finding", NOTED);
  const journal = journalText(box);
  const wanted = thing.keepsPayload === true ? [promptOf(1), answerOf(1)] : [];
  spawnSync("chown", ["-R", `${NOBODY}:${NOBODY}`, box.root]);
  await box.ingest(stop, { through: AS_NOBODY });
  const again = asNobody(box, "note", "next", "everything is ours again");
  return [
    ...hooks
      .filter(({ exit, stderr }) => exit !== 0 || stderr !== "")
      .map(({ exit, stderr }) => `a hook ended with ${exit}: ${stderr}`),
    ...(thing.note.includes(note.status ?? -1) ? [] : [`note ended with ${note.status}: ${note.stderr}`]),
    ...wanted.filter((text) => !journal.includes(text)).map((text) => `not kept of the payload: ${text}`),
    ...(again.status === EXIT.ok ? [] : [`afterwards note ended with ${again.status}: ${again.stderr}`]),
    ...notedTroubles(box, note.status === EXIT.ok),
    ...turnTroubles(box, UNREAD, { known, sessions: 1 }),
  ];
}

function journalText(box: Box): string {
  const { journal } = box.app().store;
  return JSON.stringify(journal.sessions().flatMap((session) => journal.read(session).events));
}

/** A note that was acknowledged is in the journal and, with everything ours again, in the document, once. */
function notedTroubles(box: Box, isAcknowledged: boolean): readonly string[] {
  if (!isAcknowledged) return [];
  const folder = join(box.project, ".claude", "sessions");
  const documents = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  const times = documents.join("\n").split(NOTED).length - 1;
  return [
    ...(journalText(box).includes(NOTED) ? [] : ["an acknowledged note is not in the journal"]),
    ...(times === 1 ? [] : [`an acknowledged note is ${times} times in the document`]),
  ];
}

export const PERMISSION: readonly FaultPromise[] = [
  {
    name: "foreign-files",
    promise:
      "As `nobody`, where the transcript, LEFTOFF_HOME, the folder of documents or `.claude` is somebody else's (EACCES): hooks exit 0 and say nothing, `note` ends with 0 or with 6 where it cannot keep it, what only the hooks knew is kept; afterwards everything is there once.",
    n: THINGS.length,
    fixed: true,
    unavailable: () => needsRoot() ?? lacks("setpriv"),
    run: () => foreign({ takesAway: true }),
    control: () => foreign({ takesAway: false }),
  },
];
