import type { App } from "../app.ts";
import type { Check } from "./check.ts";
import { checkCapture } from "./check-capture.ts";
import { checkGitHooks } from "./check-git-hooks.ts";
import { checkInstall } from "./check-install.ts";
import { checkPlugin } from "./check-plugin.ts";
import { checkProgram } from "./check-program.ts";
import { checkSettings } from "./check-settings.ts";
import { checkStore } from "./check-store.ts";
import type { Facts } from "./facts.ts";
import { gather, type Installer } from "./gather.ts";
import { mend } from "./mend.ts";

export interface Diagnosis {
  readonly ok: boolean;
  readonly checks: readonly Check[];
  /** What was done about what was found, in sentences; [] where nothing was to be done, or nothing was asked for. */
  readonly fixed: readonly string[];
}

/** Looks at the whole installation; with `fix`, does what is safe about what it finds, and looks again. */
export async function doctor(
  app: App,
  installer: Installer,
  input: { readonly fix: boolean },
): Promise<Diagnosis> {
  const checks = judge(await gather(app, installer));
  const fixed = input.fix ? await mend(app, installer, checks) : [];
  const after = fixed.length === 0 ? checks : judge(await gather(app, installer));
  return { ok: after.every(({ ok }) => ok), checks: after, fixed };
}

/** What the facts mean: every check, in the order in which things depend on each other. Pure. */
export function judge(facts: Facts): readonly Check[] {
  return [
    ...checkProgram(facts),
    ...checkSettings(facts),
    ...checkPlugin(facts),
    ...checkInstall(facts),
    ...checkGitHooks(facts.install.gitHooks),
    ...checkStore(facts),
    ...checkCapture(facts),
  ];
}
