import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AgentSetup } from "../../agent/agent.ts";
import { leftoversIn } from "../../disk/leftovers.ts";
import { locateWorkTree } from "../../workspace/locate.ts";
import type { App } from "../app.ts";
import { isThere, readableText } from "../init/edit.ts";
import type { Program } from "../init/install-runtime.ts";
import { readLedger } from "../init/ledger.ts";
import { settingsFiles } from "../init/plan.ts";
import { installedPlugins } from "../init/plugins.ts";
import { SCRIPT_MODE } from "../init/scripts.ts";
import type { Repair } from "../repair.ts";
import type { Facts, HomeFacts, OpenPath, PluginFacts, SettingsFacts } from "./facts.ts";
import { gatherCapture, NOTHING_CAPTURED } from "./gather-capture.ts";
import { gatherInstall, NOTHING_INSTALLED } from "./gather-install.ts";
import { gatherProgram, unknownProgram, versionOf } from "./gather-program.ts";
import { gatherStore, NOTHING_STORED } from "./gather-store.ts";
import { type Entry, entriesBelow } from "./walk.ts";

export interface Installer {
  readonly setup: AgentSetup;
  readonly program: Program;
  readonly repair: Repair;
}

/** Looks at everything, and writes nothing: not even leftoff's own folder comes about by looking at it. */
export async function gather(app: App, { setup, program }: Installer): Promise<Facts> {
  if (kindOf(app.home) === "unusable") return withoutHome(app, program);
  const entries = entriesBelow(app.home);
  return {
    nowMs: app.clock.nowMs(),
    home: homeFacts(app, entries),
    program: gatherProgram(app, program),
    git: versionOf("git"),
    settings: settingsFacts(app, setup),
    plugins: pluginFacts(app, setup),
    install: await gatherInstall(app),
    store: gatherStore(app, entries),
    capture: gatherCapture(app, entries),
  };
}

/** Where the folder can't be read, nothing in it can be told, and that it can't is all that matters. */
function withoutHome(app: App, program: Program): Facts {
  return {
    nowMs: app.clock.nowMs(),
    home: {
      path: app.home,
      kind: "unusable",
      freeBytes: undefined,
      freeFiles: undefined,
      extraCertificates: undefined,
      open: [],
      foreign: [],
      leftovers: [],
    },
    program: unknownProgram(program),
    git: versionOf("git"),
    settings: [],
    plugins: [],
    install: NOTHING_INSTALLED,
    store: NOTHING_STORED,
    capture: NOTHING_CAPTURED,
  };
}

function homeFacts(app: App, entries: readonly Entry[]): HomeFacts {
  const { home } = app;
  const kind = kindOf(home);
  const room = roomAt(home);
  const beside = readLedger(app).map(({ path }) => dirname(path));
  const own = process.getuid?.();
  return {
    path: home,
    kind,
    ...room,
    extraCertificates: app.env.NODE_EXTRA_CA_CERTS || undefined,
    open: entries.flatMap((entry) => openPath(home, entry)),
    // Root may be asked about anybody's installation.
    foreign: own === 0 ? [] : entries.filter(({ uid }) => uid !== own).map(({ path }) => path),
    leftovers: [...new Set([home, join(home, "bin"), join(home, "state"), ...beside])].flatMap(leftoversIn),
  };
}

function kindOf(home: string): HomeFacts["kind"] {
  try {
    if (!isThere(home)) return "none";
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
    return statSync(home).isDirectory() ? "folder" : "unusable";
  } catch {
    return "unusable";
  }
}

function openPath(home: string, { path, isFolder, mode }: Entry): readonly OpenPath[] {
  const isScript = dirname(path) === join(home, "bin");
  // What is stricter than it need be (a file that its owner made read-only) harms nobody here.
  const wanted = isFolder || isScript ? SCRIPT_MODE : 0o600;
  return (mode & ~wanted & 0o7777) === 0 ? [] : [{ path, mode, wanted }];
}

function roomAt(home: string): Pick<HomeFacts, "freeBytes" | "freeFiles"> {
  let folder = home;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    const { bavail, bsize, files, ffree } = statfsSync(folder);
    return { freeBytes: bavail * bsize, freeFiles: files === 0 ? undefined : ffree };
  } catch {
    return { freeBytes: undefined, freeFiles: undefined };
  }
}

/** The files that `init` wrote into, wherever they are, and those that the agent reads here. */
function settingsFacts(app: App, setup: AgentSetup): readonly SettingsFacts[] {
  const here = settingsFiles(app, setup, locateWorkTree(app.cwd).root);
  const ledgered = readLedger(app).filter(({ kind, root }) => kind === "settings" && existsSync(root));
  const paths = new Set([...here, ...ledgered].map(({ path }) => path));
  return [...paths].map((path) => {
    const own = here.find((file) => file.path === path);
    const known = ledgered.find((touched) => touched.path === path);
    const scope = own?.scope ?? known?.scope ?? "local";
    const text = readableText(path);
    const findings =
      text === undefined ? undefined : setup.inspect(text, { scope, binFolder: join(app.home, "bin") });
    return { path, scope, isOurs: known !== undefined, isHere: own !== undefined, findings };
  });
}

/** What hooks, MCP server and slash commands of the plugin start. */
const PLUGIN_PROGRAMS = [
  "hook.cjs",
  "front.cjs",
  "engine.cjs",
  "packing.cjs",
  "leftoff.cjs",
  "status.cjs",
  "status-whole.cjs",
  "main.js",
];

function pluginFacts(app: App, setup: AgentSetup): readonly PluginFacts[] {
  return installedPlugins(app, setup).map((record) => ({
    ...record,
    hasPrograms: PLUGIN_PROGRAMS.every((name) => existsSync(join(record.folder, "dist", name))),
  }));
}
