import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { addNote } from "../../src/app/note.ts";
import { leavePendingCall, makeCallDurable } from "../../src/app/pending-call.ts";
import { systemClock } from "../../src/base/clock.ts";
import { newEventId, type SessionId } from "../../src/base/id.ts";
import { openApp } from "../../src/compose.ts";
import { append, replace } from "../../src/disk/disk.ts";
import type { JournalEvent } from "../../src/session/event.ts";
import { openLocalStore } from "../../src/store/local/local.ts";
import { promptOf } from "./box.ts";
import { CALL, callsIn } from "./calls.ts";

/**
 * A process of its own that writes on one path of the store and says of each write that it is done: `writer.mjs MODE
 * FOLDER FROM TO`. Rigs kill it, cut its disk off, or let its system calls fail. Modes that begin with `control-` break
 * their promise on purpose.
 */
const [, , mode = "", folder = "", from = "0", to = "0"] = process.argv;
const session = process.env.SESSION as SessionId;

const acknowledge = (n: number) => writeSync(1, `${n}\n`);

function event(n: number): JournalEvent {
  return {
    id: newEventId(n),
    machine: store.machine(),
    atMs: n,
    by: { kind: "leftoff" },
    type: "session.renamed",
    data: { title: `${n} ${"x".repeat(n % 3_000)}` },
  };
}

const store = openLocalStore(folder, systemClock);
/** What a replaced file holds: torn, it does not say twice how often it was written. */
const content = (n: number) => Buffer.from(`${n}\n${"document ".repeat(3_000 + (n % 50))}\n${n}\n`);
const file = join(folder, "document.md");

const note = (n: number) =>
  addNote(openApp({ cwd: process.cwd(), env: process.env }), {
    kind: "finding",
    text: `finding number ${n} of the writer`,
  });

/** The control goes on where it is refused, until the room that a last page still has is used up. */
const REFUSALS_MAX = 20;
let refusals = 0;

const MODES: { readonly [mode: string]: (n: number) => void | Promise<void> } = {
  journal: (n) => {
    store.journal.append(session, [event(n)]);
    acknowledge(n);
  },
  "control-journal": (n) => {
    acknowledge(n);
    const line = Buffer.from(`\n${JSON.stringify(event(n))}\n`);
    append(join(folder, "journal", session, "late.jsonl"), line, "cached");
  },
  "control-unsynced": (n) => {
    // All that is right but the sync.
    const fd = openSync(join(folder, "unsynced"), "a");
    writeSync(fd, `${n}\n`);
    closeSync(fd);
    acknowledge(n);
  },
  replace: (n) => {
    replace(file, content(n), {});
    acknowledge(n);
  },
  "control-replace": (n) => {
    writeFileSync(file, "");
    for (const part of [0, 1, 2, 3]) {
      const bytes = content(n);
      writeFileSync(file, bytes.subarray((part * bytes.length) / 4, ((part + 1) * bytes.length) / 4), {
        flag: "a",
      });
    }
    acknowledge(n);
  },
  call: (n) => {
    makeCallDurable(leavePendingCall(callsIn(folder), { ...CALL, prompt: promptOf(n) }));
    acknowledge(n);
  },
  note: async (n) => {
    const { trouble } = await note(n);
    acknowledge(n);
    // It is kept, and the person was told that the document could not be written.
    if (trouble !== undefined) throw new Error(trouble);
  },
  "control-note": async (n) => {
    // Says that it is done before it is, also where it is refused.
    acknowledge(n);
    try {
      await note(n);
    } catch (error) {
      refusals += 1;
      if (refusals === REFUSALS_MAX) throw error;
    }
  },
};

const write = MODES[mode];
if (write === undefined) throw new Error(`no mode ${mode}`);
for (let n = Number(from); n < Number(to); n += 1) await write(n);
