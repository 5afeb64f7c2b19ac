import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pc from "picocolors";
import type { App } from "../src/app/app.ts";
import { runCli } from "../src/cli/cli.ts";
import type { Door } from "../src/cli/door.ts";
import type { Style } from "../src/cli/screen.ts";
import { openApp } from "../src/compose.ts";
import { openRepairs, openSetup } from "../src/compose-setup.ts";
import { mcpListing } from "../src/mcp/listing.ts";
import { type AppBox, makeAppBox } from "./app-box.ts";

/** What one command line did. */
export interface Ran {
  readonly exit: number;
  /** Standard output and standard error, without the last line feed. */
  readonly out: string;
  readonly err: string;
}

/** A person at a prompt in a project of their own, without colours; the program is the real one. */
export interface Terminal {
  readonly box: AppBox;
  run(...argv: readonly string[]): Promise<Ran>;
  /** The same from another folder, or with another environment. */
  runAs(app: App, ...argv: readonly string[]): Promise<Ran>;
  /** The same at a screen: so wide, and with colours or without. */
  runAt(screen: Screen, ...argv: readonly string[]): Promise<Ran>;
  /** The document that a command prints with --json. @throws Error where it is none. */
  json(...argv: readonly string[]): Promise<{ readonly [key: string]: unknown }>;
  dispose(): void;
}

export interface Screen {
  readonly columns: number;
  readonly colours: boolean;
}

export function openTerminal(): Terminal {
  const box = makeAppBox();
  // What `init` copies; two files stand for the built program, which unit tests do not need.
  const folder = join(box.folder, "package", "dist");
  mkdirSync(folder, { recursive: true });
  for (const name of ["main.js", "hook.cjs"]) writeFileSync(join(folder, name), "// the program\n");
  const run = (app: App, argv: readonly string[], screen?: Screen) => runIn({ app, folder, screen }, argv);
  return {
    box,
    run: (...argv) => run(box.app, argv),
    runAs: (app, ...argv) => run(app, argv),
    runAt: (screen, ...argv) => run(box.app, argv, screen),
    json: async (...argv) => {
      const { out } = await run(box.app, [...argv, "--json"]);
      return JSON.parse(out) as { readonly [key: string]: unknown };
    },
    dispose: () => box.dispose(),
  };
}

interface Place {
  readonly app: App;
  readonly folder: string;
  readonly screen: Screen | undefined;
}

async function runIn({ app, folder, screen }: Place, argv: readonly string[]): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const makeDoor = (json: boolean): Door => ({
    app,
    setup: async () => openSetup(),
    repair: async () => openRepairs(app.home),
    openApp,
    serveMcp: () => Promise.reject(new Error("A test's terminal speaks no MCP.")),
    mcpListing: async () => mcpListing(),
    program: { folder, version: "1.2.3", node: process.execPath },
    json,
    style: screen?.colours === true ? pc.createColors(true) : PLAIN,
    columns: screen?.columns,
    print: (text) => void out.push(text),
    say: (text) => void (json || err.push(text)),
  });
  const exit = await runCli(argv, makeDoor, "1.2.3");
  return { exit, out: out.join("\n"), err: err.join("\n") };
}

const same = (text: string) => text;
const PLAIN: Style = { bold: same, dim: same, green: same, yellow: same, red: same, cyan: same };
