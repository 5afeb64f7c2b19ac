import { existsSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../base/error.ts";
import {
  CONTEXT_EVENT_LINES_MAX,
  CONTEXT_ITEM_CHARS_MAX,
  CONTEXT_WAIT_MS,
  CONTEXT_WRITTEN_LINES_MAX,
} from "../base/limits.ts";
import { asArray, asObject } from "../base/parse.ts";
import { assertReplaceable, replace } from "../disk/disk.ts";
import { waitForLock } from "../disk/lock.ts";
import { changedLines, isKept, writeContextPage } from "../publish/context-page.ts";
import type { Session } from "../session/session.ts";
import { type Tracked, trackedState } from "../workspace/tracked.ts";
import type { App } from "./app.ts";
import { type ContextMaterial, contextMaterial } from "./context-facts.ts";
import { contextPagePath } from "./context-place.ts";
import { displayPath, type Here } from "./here.ts";
import { noticeMoves } from "./notice-moves.ts";
import { pageRefused, readPage, suspiciousLines } from "./page-file.ts";
import { prepareBrief } from "./prepare-brief.ts";
import { callingConversation, callingPlace } from "./resolve-session.ts";
import { record } from "./session-log.ts";
import { leadsOut } from "./session-memory.ts";

export interface ContextKept {
  readonly path: string;
  /** The whole page as it is told: with the git lines that a tracked one has not, and people's secrets redacted. */
  readonly text: string;
  /** There was none (with `dryRun`: there is none). */
  readonly created: boolean;
  readonly changed: boolean;
  /** Lines that came and went, without those about git. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** How many secrets stand as `[REDACTED:…]` in leftoff's lines. */
  readonly redacted: number;
  /** Lines of people's own that look as if they held a secret, from 1. */
  readonly suspicious: readonly number[];
  readonly tracked: Tracked;
}

/**
 * Makes the context page of this work tree, or brings leftoff's lines on it up to date. A person's page becomes one that is
 * kept: every byte of theirs stays.
 *
 * @throws AppError `refused` for a page that is half merged, no text, or leads out of the work tree; `store_busy`.
 */
export async function keepContext(app: App, input: { readonly dryRun: boolean }): Promise<ContextKept> {
  const here = await callingPlace(app);
  noticeMoves(app, here);
  const kept = await holdingPage(app, here, (page) =>
    bringUpToDate(app, here, { ...page, ...input, adopt: true }),
  );
  if (kept.changed && !input.dryRun && callingConversation(app) === undefined) await prepareBrief(app, here);
  return kept;
}

/**
 * The same for who was not asked to: only a page that is there and kept, and not one that is as it was committed. What stands in the way is left to {@link keepContext} to say.
 */
export async function followContext(app: App, here: Here): Promise<void> {
  const path = contextPagePath(app, here);
  if (!existsSync(path)) return;
  try {
    if (!isKept(readPage(path) ?? "")) return;
    await holdingPage(app, here, (page) =>
      bringUpToDate(app, here, { ...page, dryRun: false, adopt: false }),
    );
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}

interface Page {
  readonly path: string;
  readonly material: ContextMaterial;
  readonly tracked: Tracked;
}

/** Git is asked under the lock: else who asked earlier could write later. */
async function holdingPage(app: App, here: Here, run: (page: Page) => ContextKept): Promise<ContextKept> {
  const path = contextPagePath(app, here);
  const lock = waitForLock(join(app.home, "state", "locks", `context-${here.workTree}`), CONTEXT_WAIT_MS);
  if (lock === undefined)
    throw new AppError("store_busy", `Another process is writing ${path}.`, "Try again in a moment.");
  try {
    const isInTree = path.startsWith(`${here.root}/`);
    const tracked = isInTree ? await trackedState(here.location, displayPath(here, path)) : "untracked";
    return run({ path, material: await contextMaterial(app, here), tracked });
  } finally {
    lock.release();
  }
}

function bringUpToDate(
  app: App,
  here: Here,
  { path, material, tracked, dryRun, adopt }: Page & { readonly dryRun: boolean; readonly adopt: boolean },
): ContextKept {
  const before = readPage(path);
  const { facts, session } = material;
  const written = writtenBefore(app, here) ?? (isKept(before ?? "") ? material.known : []);
  const isShared = tracked !== "untracked";
  const question = { written: new Set(written), adopt };
  const page = writeContextPage({ text: before, facts: { ...facts, namesGit: !isShared }, ...question });
  if (page.broken !== undefined) throw pageRefused(path, page.broken);
  if (path.startsWith(`${here.root}/`) && leadsOut(here, path))
    throw pageRefused(path, "it leads out of the work tree");
  const changed = page.text !== (before ?? "");
  const lines = changedLines(before ?? "", page.text);
  const isQuiet = !adopt && tracked === "unchanged";
  if (changed && !dryRun && !isQuiet) {
    assertReplaceable(path);
    replace(path, Buffer.from(page.text), { mode: 0o644 });
    tell(app, session, lines);
  }
  if (!dryRun && !isQuiet) remember(app, here, [...written, ...page.written]);
  return {
    path,
    text: app.redactor.text(
      isShared ? writeContextPage({ text: page.text, facts, ...question }).text : page.text,
    ),
    created: before === undefined,
    changed,
    ...lines,
    redacted: page.written.join("\n").split("[REDACTED:").length - 1,
    suspicious: suspiciousLines(app, page.text),
    tracked,
  };
}

/** The page's history is told in the journal of the session that it was current for. */
function tell(app: App, session: Session | undefined, lines: Pick<ContextKept, "added" | "removed">): void {
  const bounded = (all: readonly string[]) =>
    all.slice(0, CONTEXT_EVENT_LINES_MAX).map((line) => line.slice(0, CONTEXT_ITEM_CHARS_MAX * 2));
  if (session === undefined || lines.added.length + lines.removed.length === 0) return;
  const data = { added: bounded(lines.added), removed: bounded(lines.removed) };
  record(app, session, [{ body: { type: "context.changed", data }, by: { kind: "leftoff" } }]);
}

function writtenBefore(app: App, here: Here): readonly string[] | undefined {
  const lines = asArray(asObject(app.store.state.get(keyOf(here)))?.lines);
  return lines?.filter((line): line is string => typeof line === "string");
}

function remember(app: App, here: Here, lines: readonly string[]): void {
  // The last time counts: what stands now is forgotten last.
  const once = [...new Set([...lines].reverse())].reverse().slice(-CONTEXT_WRITTEN_LINES_MAX);
  const before = writtenBefore(app, here);
  if (before?.length === once.length && before.every((line, at) => line === once[at])) return;
  app.store.state.put(keyOf(here), { version: 1, lines: once });
}

function keyOf({ workTree }: Here): string {
  return `context/${workTree}`;
}
