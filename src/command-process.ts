import type { App, Pace } from "./app/app.ts";
import { assertUsableHome } from "./app/home.ts";
import { AppError } from "./base/error.ts";
import { openApp } from "./compose.ts";

/**
 * The program for a command that somebody typed here.
 *
 * @throws AppError `version_unsupported` under an old Node, `not_initialised` where the current folder is gone,
 * `input_invalid` where leftoff can have no folder.
 */
export function openAppHere(pace?: Pace): App {
  refuseOldNode();
  const place = { cwd: currentFolder(), env: process.env };
  const app = openApp(pace === undefined ? place : { ...place, pace });
  assertUsableHome(app.home);
  return app;
}

/** What holds for every process of the command line: its files are their owner's, and Ctrl-C ends it. */
export function beCommand(serves: boolean): void {
  if (!serves) process.once("SIGINT", () => process.exit(130));
  process.umask(0o077);
}

/** `leftoff log | head` ends our output before we do: that is no failure. */
export function endWithOutput(serves: boolean): void {
  process.stdout.on("error", () => serves || process.exit(0));
}

/** package.json says so too, but npm only warns, and npx says nothing. */
export function refuseOldNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new AppError(
    "version_unsupported",
    `leftoff needs Node 20.19 or later; this is ${process.versions.node}.`,
    "Install a newer Node, then run `leftoff init` again: hooks keep the path of the Node that ran it.",
  );
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
