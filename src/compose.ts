import { join } from "node:path";
import { claude } from "./agent/claude/claude.ts";
import type { App, Pace } from "./app/app.ts";
import { leftoffHome } from "./app/home.ts";
import { systemClock } from "./base/clock.ts";
import { append } from "./disk/disk.ts";
import { createRedactor } from "./redact/redact.ts";
import { openLocalStore } from "./store/local/local.ts";
import { openWorkspaces } from "./workspace/workspaces.ts";

/** Where leftoff is called from. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: { readonly [name: string]: string | undefined };
  /** Told by who runs in a process that wants to know. */
  readonly pace?: Pace;
}

const UNHURRIED: Pace = { mayTakeLong: () => {}, hasMuchToDo: () => {} };

/** Puts the program together: the only place that picks adapters. Nothing is opened or written before it is used. */
export function openApp({ cwd, env, pace = UNHURRIED }: Surroundings): App {
  const home = leftoffHome(env);
  const workspacesPath = join(home, "workspaces.jsonl");
  return {
    home,
    cwd,
    env,
    clock: systemClock,
    store: openLocalStore(home, systemClock, pace.mayTakeLong),
    workspaces: openWorkspaces(workspacesPath, (line) =>
      // A line feed on both sides: what was cut off before touches nothing that comes.
      append(workspacesPath, Buffer.from(`\n${line}\n`), "durable"),
    ),
    agent: claude,
    redactor: createRedactor(env),
    ...pace,
  };
}
