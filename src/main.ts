import pc from "picocolors";
import { AppError } from "./base/error.ts";
import { runCli } from "./cli/cli.ts";
import type { Door } from "./cli/door.ts";
import { openApp } from "./compose.ts";

/** Filled in by the build. */
const VERSION = process.env.LEFTOFF_VERSION ?? "0.0.0";

// `leftoff log | head` ends our output before we do: that is no failure.
process.stdout.on("error", () => process.exit(0));
process.once("SIGINT", () => process.exit(130));
process.umask(0o077);

const { openSetup } = await import("./compose-setup.ts");

function makeDoor(json: boolean): Door {
  return {
    app: openApp({ cwd: currentFolder(), env: process.env }),
    setup: openSetup,
    openApp,
    program: { folder: import.meta.dirname, version: VERSION, node: process.execPath },
    json,
    style: pc.createColors(pc.isColorSupported && process.stdout.isTTY === true),
    print: (text) => void process.stdout.write(`${text}\n`),
    say: (text) => void (json || process.stderr.write(`${text}\n`)),
  };
}

function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    throw new AppError(
      "not_initialised",
      "The current folder no longer exists.",
      "Change to another folder.",
    );
  }
}

process.exitCode = await runCli(process.argv.slice(2), makeDoor, VERSION);
