import { existsSync } from "node:fs";
import { join } from "node:path";
import type { HookCall } from "../agent/agent.ts";
import type { SessionId, WorkTreeId } from "../base/id.ts";
import { remove, replace } from "../disk/disk.ts";
import { removeTree } from "../disk/folder.ts";
import type { App } from "./app.ts";
import { loadConversation } from "./conversation.ts";
import { type Here, workTreeAt } from "./here.ts";
import { callingPlace, resolveSession } from "./resolve-session.ts";

/** Where capture is switched off: everywhere, in one work tree, or for one session. One empty file each, so that hooks ask the file system only. */
export type CaptureScope =
  | { readonly kind: "everywhere" }
  | { readonly kind: "here" }
  | { readonly kind: "session"; readonly session?: string | undefined };

/**
 * True if nothing is to be captured or said for this call. LEFTOFF_OFF=1 switches off for one run, LEFTOFF_OFF=headless
 * for runs that nobody watches (`claude -p`).
 */
export function isOff(app: App, call: HookCall): boolean {
  if (isWishedOff(app) || existsSync(everywhere(app))) return true;
  // Nearly always: then it need not be known whose call this is.
  if (!existsSync(places(app))) return false;
  const session = loadConversation(app, call.conversation)?.session;
  if (session !== undefined && existsSync(forSession(app, session))) return true;
  return existsSync(forWorkTree(app, workTreeAt(app, call.cwd ?? app.cwd)));
}

/** The same for what happens in a work tree without a conversation. */
export function isOffHere(app: App, { workTree }: Pick<Here, "workTree">): boolean {
  return isWishedOff(app) || existsSync(everywhere(app)) || existsSync(forWorkTree(app, workTree));
}

function isWishedOff({ env }: App): boolean {
  const wish = env.LEFTOFF_OFF ?? "";
  return wish === "headless" ? env.CLAUDE_CODE_ENTRYPOINT === "sdk-cli" : wish !== "" && wish !== "0";
}

/** Switches capture on or off. @returns what it now applies to, in words. */
export async function switchCapture(
  app: App,
  input: { readonly on: boolean; readonly scope: CaptureScope },
): Promise<string> {
  const { path, words } = await switchOf(app, input.scope);
  if (input.on) remove(path);
  else {
    replace(path, Buffer.from(""), {});
    // Shells print these without asking whose they are.
    removeTree(join(app.home, "state", "nudge"));
  }
  return words;
}

async function switchOf(app: App, scope: CaptureScope): Promise<{ path: string; words: string }> {
  if (scope.kind === "everywhere") return { path: everywhere(app), words: "everywhere" };
  const here = await callingPlace(app);
  if (scope.kind === "here") return { path: forWorkTree(app, here.workTree), words: `in ${here.root}` };
  const session = resolveSession(app, here, scope.session);
  return { path: forSession(app, session.id), words: `for the session ${session.slug}` };
}

/** The files whose presence switches capture off for a session in a work tree. */
export function switchPaths(app: App, workTree: WorkTreeId, session: SessionId): readonly string[] {
  return [everywhere(app), forWorkTree(app, workTree), forSession(app, session)];
}

function everywhere(app: App): string {
  return join(app.home, "off");
}
/** Made by the first that is switched off. */
function places(app: App): string {
  return join(app.home, "off.d");
}
function forWorkTree(app: App, workTree: WorkTreeId): string {
  return join(places(app), workTree);
}
function forSession(app: App, session: string): string {
  return join(places(app), session);
}
