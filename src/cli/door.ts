import type { AgentSetup, McpListing } from "../agent/agent.ts";
import type { App } from "../app/app.ts";
import type { Program } from "../app/init/install-runtime.ts";
import type { Repair } from "../app/repair.ts";
import { wrapped } from "./cells.ts";
import type { Screen } from "./screen.ts";

/** What a command gets to work with: the program, and a way to say something. */
export interface Door extends Screen {
  readonly app: App;
  /** Loaded when they are asked for: few commands need them. */
  readonly setup: () => Promise<AgentSetup>;
  readonly repair: () => Promise<Repair>;
  /** Opens the program for another place: `try` works in a temporary home. */
  readonly openApp: (place: { readonly cwd: string; readonly env: App["env"] }) => App;
  readonly program: Program;
  /** Speaks MCP on standard input and output until the client has gone. */
  readonly serveMcp: (options: { readonly resources: boolean }) => Promise<void>;
  /** What that server says of itself. */
  readonly mcpListing: () => Promise<McpListing>;
}

/** What a command needs that only looks something up and tells it. */
export type Desk = Screen & Pick<Door, "app">;

/** A command as the door knows it before it is used; `load` fetches the code. */
export interface Command {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** What else has to be known before it is used, in full sentences, below the summary in --help. */
  readonly about?: string;
  /** Shown first in --help. */
  readonly examples: readonly string[];
  /** Positional arguments in commander's notation. */
  readonly args?: string;
  readonly options?: readonly (readonly [flags: string, help: string])[];
  readonly load: () => Promise<{ readonly run: Run }>;
}

/** @returns the exit code where it is another than 0 without being an error: an answer of "no". */
// biome-ignore lint/suspicious/noConfusingVoidType: most commands have nothing to return.
export type Run = (door: Door, given: Given) => Promise<number | void>;

/** What was typed: positional arguments in order, and options by their long name in camelCase. */
export interface Given {
  readonly args: readonly string[];
  readonly options: { readonly [name: string]: unknown };
}

/** Prints one JSON document, or the text for eyes, whose lines are parted between words where the terminal ends. */
export function show(screen: Screen, document: { readonly schema: string }, text: () => string): void {
  showExact(screen, document, () => fitted(screen, text()));
}

/** The same for a text that is a file's or a conversation's: it is printed as it is. */
export function showExact(screen: Screen, document: { readonly schema: string }, text: () => string): void {
  screen.print(screen.json ? JSON.stringify(document, undefined, 2) : text());
}

export function fitted({ columns }: Pick<Screen, "columns">, text: string): string {
  if (columns === undefined) return text;
  const lines = text.split("\n").flatMap((line) => wrapped(line, columns));
  return lines.join("\n");
}

export function textOption({ options }: Given, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}
