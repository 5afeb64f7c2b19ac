import { isAbsolute, join, relative } from "node:path";
import type { AgentPlace } from "../agent/agent.ts";
import type { WorkspaceId, WorkTreeId } from "../base/id.ts";
import { personFolder } from "../base/person-folder.ts";
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
  /** With the git branch's name redacted. */
  readonly head: Head;
  readonly defaultGitBranch: string | undefined;
  /** `leftoff init` was run here: documents lie in the project. */
  readonly initialised: boolean;
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

/** Which work tree `cwd` is in, by files alone and without writing: for who asks for nothing else of it. */
export function workTreeAt(app: App, cwd: string): WorkTreeId {
  return recogniseWorkTree(locateWorkTree(cwd), identityContext(app)).id;
}

/** Where documents of sessions here lie: in the project, or below LEFTOFF_HOME (see {@link documentFolder}). */
export function documentFolderOf(app: App, here: Here): string {
  const folder = documentFolders.get(here) ?? findDocumentFolder(app, here);
  documentFolders.set(here, folder);
  return folder;
}

/** A turn's end asks for it a dozen times, and each time all links on the way to it and to the agent's folder would be read. */
const documentFolders = new WeakMap<Here, string>();

function findDocumentFolder(app: App, here: Here): string {
  // The folder of a linked work tree that was deleted leads to the tree around it, which is not ours to write into.
  if (here.location.missing !== undefined) return join(app.home, "documents", here.workTree);
  const place = {
    location: here.location,
    initialised: here.initialised,
    claudeConfigDir: app.env.CLAUDE_CONFIG_DIR,
    home: personFolder(app.env),
  };
  return documentFolder(place) ?? join(app.home, "documents", here.workTree);
}

/** This place, for asking an agent what it knows of it. A deleted folder may have been another work tree: it is nobody's. */
export function agentPlace(app: App, here: Here): AgentPlace {
  const owns = (folder: string): boolean =>
    locateWorkTree(folder).missing === undefined && workTreeAt(app, folder) === here.workTree;
  return { workTreePath: here.root, owns, env: app.env };
}

/** A path as people name it: relative to the work tree where it lies in it. */
export function displayPath(here: Here, path: string): string {
  if (!isAbsolute(path)) return path;
  // Nearly all: node compiles what looks at each character of a path when that is first needed.
  const below = path.startsWith(`${here.root}/`) ? path.slice(here.root.length) : "";
  if (below.length > 1 && !/\/(?:\.{0,2}\/|\.{0,2}$)/.test(below)) return below.slice(1);
  const short = relative(here.root, path);
  return short === "" || short === ".." || short.startsWith("../") ? path : short;
}

function hereIn(app: App, location: WorkTreeLocation, tree: KnownWorkTree): Here {
  const head = readHead(location);
  // A git branch is named by anybody, and its name goes into journal, brief and document.
  const shown = (name: string | undefined) => (name === undefined ? undefined : app.redactor.text(name));
  return {
    workTree: tree.id,
    workspace: tree.workspace,
    root: location.root,
    location,
    head: { ...head, gitBranch: shown(head.gitBranch) },
    defaultGitBranch: shown(readDefaultGitBranch(location)),
    initialised: tree.initialisedAtMs !== undefined,
  };
}

function identityContext(app: App) {
  return { known: app.workspaces.read().trees, machine: app.store.machine(), nowMs: app.clock.nowMs() };
}
