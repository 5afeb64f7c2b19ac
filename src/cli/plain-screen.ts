import { fstatSync, writeSync } from "node:fs";
import type { Screen } from "./screen.ts";

const STANDARD_OUTPUT = 1;

/** What no terminal shows has no colours. */
const PLAIN: Screen["style"] = {
  bold: String,
  dim: String,
  green: String,
  yellow: String,
  red: String,
  cyan: String,
};

/**
 * The screen of a process whose standard output is a pipe or a file; undefined where it can be a terminal. Node's streams are as much to
 * load as all that `leftoff status` does, so that they are left to those who need them.
 *
 * @param prepareStream is called before the stream is used after all: for talk, or where a write failed.
 */
export function plainScreen(json: boolean, prepareStream: () => void): Screen | undefined {
  if (fstatSync(STANDARD_OUTPUT).isCharacterDevice()) return undefined;
  return {
    json,
    style: PLAIN,
    columns: undefined,
    print: (text) => {
      const rest = restOf(Buffer.from(`${text}\n`));
      if (rest.length === 0) return;
      prepareStream();
      process.stdout.write(rest);
    },
    say: (text) => void (json || process.stderr.write(`${text}\n`)),
  };
}

/** What could not be written: a pipe that is full and does not wait, that nobody reads any more, a full disk. The stream knows what to do. */
function restOf(bytes: Buffer): Buffer {
  let done = 0;
  try {
    while (done < bytes.length) done += writeSync(STANDARD_OUTPUT, bytes, done);
  } catch {
    // Whatever it is, it happens to the stream again.
  }
  return bytes.subarray(done);
}
