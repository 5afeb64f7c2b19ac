import { loadProgram } from "../disk/program.ts";
import type { main } from "./front.ts";

/**
 * The one program that hooks start: `hook.cjs ingest`, `hook.cjs SessionStart`, `hook.cjs PreCompact`, the payload on
 * standard input; and `hook.cjs git` without one. Whatever happens, it exits 0 with an empty stderr, within its own deadline: exit 2 would
 * drop prompts, keep Stop going and block compaction. With `abruptly` behind it, for a script that passes no exit code on, it ends by
 * SIGKILL instead: node takes itself apart before it exits, for which it takes 1 ms.
 *
 * Node compiles this file anew each time, so it holds no more than what loads the next one with the code that V8 made of it before: 0.7 ms
 * of every hook.
 */
const [, , mode = "", manner] = process.argv;
// An agent that ends in this moment takes its terminal along. `nohup` would not help: node takes every signal back at its start.
if (mode === "ingest") process.on("SIGHUP", () => {});
try {
  const program = loadProgram<{ readonly main: typeof main }>(`${__dirname}/front.cjs`, require);
  void program.exports.main?.({ mode, isAbrupt: manner === "abruptly", own: program });
} catch {
  // It is not there, or damaged: nothing is left that could tell anyone but `leftoff doctor`, which looks at the files.
}
