/**
 * What a hook prints where its own answer does not come in time. Whoever prints first prints alone: the thread that works, or
 * the one that watches over it; and these words only once the work has found that something may be said at all.
 */
export interface LastWords {
  /** "" until they are known: then nothing is said. */
  readonly text: () => string;
  /** For the thread that watches: shared with it. */
  readonly turn: SharedArrayBuffer;
  readonly prepare: (text: string) => void;
  readonly allow: () => void;
  /** Whether the answer may be printed: false where these words already were. */
  readonly take: () => boolean;
  /** Has them printed, if they are known and allowed, and nothing was printed. */
  readonly say: (print: (text: string) => void) => void;
}

/** Values of the turn; the code in watchdog.ts has them as numbers. */
const SILENT = 0;
const ALLOWED = 1;
const TAKEN = 2;

export function openLastWords(): LastWords {
  const buffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const turn = new Int32Array(buffer);
  let words = "";
  return {
    text: () => words,
    turn: buffer,
    prepare: (text) => {
      words = text;
    },
    allow: () => void Atomics.compareExchange(turn, 0, SILENT, ALLOWED),
    take: () => Atomics.exchange(turn, 0, TAKEN) !== TAKEN,
    say: (print) => {
      if (words !== "" && Atomics.compareExchange(turn, 0, ALLOWED, TAKEN) === ALLOWED) print(words);
    },
  };
}
