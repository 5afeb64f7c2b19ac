import type { App } from "./app/app.ts";
import { runCli } from "./cli/cli.ts";
import type { Door } from "./cli/door.ts";
import { processScreen } from "./cli/screen.ts";
import { beCommand, endWithOutput, openAppHere, refuseOldNode } from "./command-process.ts";
import { openApp } from "./compose.ts";

/** Filled in by the build. */
const VERSION = process.env.LEFTOFF_VERSION ?? "0.0.0";

// A server ends when it has finished what it is doing (src/mcp); everything else ends at once.
const serves = process.argv[2] === "mcp";
beCommand(serves);
endWithOutput(serves);

function makeDoor(json: boolean): Door {
  let app: App | undefined;
  const door: Door = {
    // Opened when a command asks for it, so that what can go wrong here is told like every other error.
    get app() {
      app ??= openAppHere();
      return app;
    },
    setup: async () => (await import("./compose-setup.ts")).openSetup(),
    repair: async () => (await import("./compose-setup.ts")).openRepairs(door.app.home),
    openApp,
    serveMcp,
    mcpListing: async () => (await import("./mcp/listing.ts")).mcpListing(),
    program: { folder: import.meta.dirname, version: VERSION, node: process.execPath },
    ...processScreen(json),
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
    openApp: () => openAppHere(),
    stopped,
  });
  // Whatever a client that went away left open keeps no server alive.
  process.exit(0);
}

process.exitCode = await runCli(process.argv.slice(2), makeDoor, VERSION);
