#!/usr/bin/env node
import pc from "picocolors";
import type { App } from "./app/app.ts";
import { AppError } from "./base/error.ts";
import { runCli } from "./cli/cli.ts";
import type { Door } from "./cli/door.ts";
import { openApp } from "./compose.ts";

/** Filled in by the build. */
const VERSION = process.env.LEFTOFF_VERSION ?? "0.0.0";

// A server ends when it has finished what it is doing (src/mcp); everything else ends at once.
const serves = process.argv[2] === "mcp";
// `leftoff log | head` ends our output before we do: that is no failure.
process.stdout.on("error", () => serves || process.exit(0));
if (!serves) process.once("SIGINT", () => process.exit(130));
process.umask(0o077);

/** In a narrower terminal the terminal itself breaks lines. */
const COLUMNS_MIN = 40;

function makeDoor(json: boolean): Door {
  let app: App | undefined;
  const door: Door = {
    // Opened when a command asks for it, so that what can go wrong here is told like every other error.
    get app() {
      refuseOldNode();
      app ??= openApp({ cwd: currentFolder(), env: process.env });
      return app;
    },
    setup: async () => (await import("./compose-setup.ts")).openSetup(),
    repair: async () => (await import("./compose-setup.ts")).openRepairs(door.app.home),
    openApp,
    serveMcp,
    mcpListing: async () => (await import("./mcp/listing.ts")).mcpListing(),
    program: { folder: import.meta.dirname, version: VERSION, node: process.execPath },
    json,
    style: pc.createColors(pc.isColorSupported && process.stdout.isTTY === true),
    columns: process.stdout.isTTY === true ? Math.max(process.stdout.columns || 80, COLUMNS_MIN) : undefined,
    print: (text) => void process.stdout.write(`${text}\n`),
    say: (text) => void (json || process.stderr.write(`${text}\n`)),
  };
  return door;
}

async function serveMcp({ resources }: { readonly resources: boolean }): Promise<void> {
  refuseOldNode();
  const { serveMcp: serve } = await import("./mcp/mcp.ts");
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
  await serve({
    input: process.stdin,
    output: process.stdout,
    version: VERSION,
    resources,
    openApp: () => openApp({ cwd: currentFolder(), env: process.env }),
    stopped,
  });
  // Whatever a client that went away left open keeps no server alive.
  process.exit(0);
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

/** package.json says so too, but npm only warns, and npx says nothing. */
function refuseOldNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new AppError(
    "version_unsupported",
    `leftoff needs Node 20.19 or later; this is ${process.versions.node}.`,
    "Install a newer Node, then run `leftoff init` again: hooks keep the path of the Node that ran it.",
  );
}

process.exitCode = await runCli(process.argv.slice(2), makeDoor, VERSION);
