import type { TestProject } from "vitest/node";
import { installClaude } from "./clients.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The agent's binary; undefined where the person asked to go without. */
    readonly claude: string | undefined;
    /** Its version, as npm names it. */
    readonly version: string;
  }
}

/** Runs once for each version, before its tests. */
export async function setup(project: TestProject): Promise<void> {
  if (process.env.LEFTOFF_SKIP_AGENTS === "1") {
    report("LEFTOFF_SKIP_AGENTS=1: the tests with real agents are skipped.");
    project.provide("claude", undefined);
    return;
  }
  project.provide("claude", await installClaude(report, project.config.provide.version));
}

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}
