import { existsSync } from "node:fs";
import type { App } from "../app.ts";
import { readableText } from "../init/edit.ts";
import { addGitignoreLines } from "../init/gitignore.ts";
import { ledgerPath, ledgerState, readLedger } from "../init/ledger.ts";
import { protocolState } from "../init/protocol.ts";
import type { BesideFacts, InstallFacts } from "./facts.ts";
import { gatherGitHooks } from "./gather-git-hooks.ts";

export async function gatherInstall(app: App): Promise<InstallFacts> {
  const beside = readLedger(app).flatMap(({ kind, path, root }): readonly BesideFacts[] => {
    if ((kind !== "gitignore" && kind !== "protocol") || !existsSync(root)) return [];
    const text = readableText(path) ?? "";
    if (kind === "protocol") return [{ path, kind, state: protocolState(text) }];
    return [{ path, kind, state: addGitignoreLines(text) === text ? "whole" : "missing" }];
  });
  return { path: ledgerPath(app), ledger: ledgerState(app), beside, gitHooks: await gatherGitHooks(app) };
}

/** What can be said where nothing can be read. */
export const NOTHING_INSTALLED: InstallFacts = { path: "", ledger: "none", beside: [], gitHooks: [] };
