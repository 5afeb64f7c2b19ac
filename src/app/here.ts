import { homedir } from "node:os";
import { isAbsolute, join, relative } from "node:path";
import type { SessionId, WorkspaceId, WorkTreeId } from "../base/id.ts";
import { asObject, numberField, stringField } from "../base/parse.ts";
import { documentFolder } from "../workspace/documents.ts";
import { type Head, readDefaultGitBranch, readHead } from "../workspace/head.ts";
import { identifyWorkTree, recogniseWorkTree } from "../workspace/identity.ts";
import { locateWorkTree, type WorkTreeLocation } from "../workspace/locate.ts";
import type { KnownWorkTree } from "../workspace/workspaces.ts";
import type { App } from "./app.ts";

/** The work tree that something happens in, and where it stands now. */
export interface Here {
  readonly workTree: WorkTreeId;
  readonly workspace: WorkspaceId;
  readonly root: string;
  readonly location: WorkTreeLocation;
  readonly head: Head;
  readonly defaultGitBranch: string | undefined;
  /** `leftoff init` was run here: documents lie in the project. */
  readonly initialised: boolean;
  /** What `switch` or `new` made current, and when. */
  readonly chosen: { readonly session: SessionId; readonly atMs: number } | undefined;
}

/** Where `cwd` is, writing down what is new about it; may ask git once per repository. */
export async function hereAt(app: App, cwd: string): Promise<Here> {
  const location = locateWorkTree(cwd);
  const { tree, records } = await identifyWorkTree(location, identityContext(app));
  if (records.length > 0) app.workspaces.append(records);
  return hereIn(app, location, tree);
}

/** Where `cwd` is, by files alone and without writing: for hooks that must answer. */
export function recogniseHere(app: App, cwd: string): Here {
  const location = locateWorkTree(cwd);
  return hereIn(app, location, recogniseWorkTree(location, identityContext(app)));
}

/** Makes a session the one that conversations here start in, from now on. */
export function choose(app: App, here: Here, session: SessionId): void {
  app.store.state.put(chosenKey(here.workTree), { session, atMs: app.clock.nowMs() });
}

/** Where documents of sessions here lie: in the project, or below LEFTOFF_HOME (see {@link documentFolder}). */
export function documentFolderOf(app: App, here: Here): string {
  // The folder of a linked work tree that was deleted leads to the tree around it, which is not ours to write into.
  if (here.location.missing !== undefined) return join(app.home, "documents", here.workTree);
  const place = {
    location: here.location,
    initialised: here.initialised,
    claudeConfigDir: app.env.CLAUDE_CONFIG_DIR,
    home: homeFolder(app),
  };
  return documentFolder(place) ?? join(app.home, "documents", here.workTree);
}

/** A path as people name it: relative to the work tree where it lies in it. */
export function displayPath(here: Here, path: string): string {
  if (!isAbsolute(path)) return path;
  const short = relative(here.root, path);
  return short === "" || short.startsWith("..") ? path : short;
}

function homeFolder({ env }: App): string {
  return env.HOME || homedir();
}

function hereIn(app: App, location: WorkTreeLocation, tree: KnownWorkTree): Here {
  return {
    workTree: tree.id,
    workspace: tree.workspace,
    root: location.root,
    location,
    head: readHead(location),
    defaultGitBranch: readDefaultGitBranch(location),
    initialised: tree.initialisedAtMs !== undefined,
    chosen: chosenIn(app, tree.id),
  };
}

function identityContext(app: App) {
  return { known: app.workspaces.read().trees, machine: app.store.machine(), nowMs: app.clock.nowMs() };
}

function chosenIn(app: App, workTree: WorkTreeId): Here["chosen"] {
  const value = asObject(app.store.state.get(chosenKey(workTree)));
  const session = stringField(value, "session");
  const atMs = numberField(value, "atMs");
  return session === undefined || atMs === undefined ? undefined : { session: session as SessionId, atMs };
}

/** The file that says what is chosen here. */
export function chosenPath(app: App, workTree: WorkTreeId): string {
  return app.store.state.path(chosenKey(workTree)).file;
}

function chosenKey(workTree: WorkTreeId): string {
  return `worktrees/${workTree}/chosen`;
}
