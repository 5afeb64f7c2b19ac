import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AgentSetup, McpClient, SettingsScope } from "../../agent/agent.ts";
import { AppError } from "../../base/error.ts";
import { isGitLocation, type WorkTreeLocation } from "../../workspace/locate.ts";
import type { App } from "../app.ts";
import { type FileEdit, isThere, naming, readText, removalOf, withoutUs } from "./edit.ts";
import { addGitignoreLines } from "./gitignore.ts";
import { readLedger, type Touched } from "./ledger.ts";
import { addMcpProtocol, addProtocol } from "./protocol.ts";

export interface InitWish {
  readonly scope: SettingsScope;
  /** Put a block about leftoff into CLAUDE.md. */
  readonly protocol: boolean;
  /** Only registers the MCP server with this agent, and says in its instructions how to use it: no hooks. */
  readonly mcpOnly?: McpClient | undefined;
  /** Put ours around the person's status line, everywhere. */
  readonly statusline: boolean;
}

const SCOPES: readonly SettingsScope[] = ["local", "project", "user"];

/**
 * Everything is computed before the first byte is written: a settings file that can't be read stops all of it.
 *
 * @throws AppError `settings_unreadable`
 */
export function planInit(
  app: App,
  setup: AgentSetup,
  { location, scope, protocol, statusline, mcpOnly }: InitWish & { readonly location: WorkTreeLocation },
): readonly FileEdit[] {
  const { root } = location;
  const edits =
    mcpOnly === undefined
      ? [...settingsEdits(app, setup, { root, scope })]
      : [registration(app, setup, { client: mcpOnly, root })];
  const add = (kind: Touched["kind"], name: string, change: (text: string) => string, what: string) => {
    const place = { path: join(root, name), kind, scope, root };
    edits.push(editOf(setup, place, what, (text) => ({ text: change(text ?? ""), warnings: [] })));
  };
  if (isGitLocation(location) && scope !== "user") {
    add("gitignore", ".gitignore", addGitignoreLines, "state documents are personal");
  }
  if (mcpOnly !== undefined)
    add("protocol", mcpOnly.instructionsFile, addMcpProtocol, "how agents use leftoff");
  else if (protocol) add("protocol", "CLAUDE.md", addProtocol, "how agents use leftoff");
  return statusline ? withStatusline(app, setup, { edits, root }) : edits;
}

/** A status line is the person's and not a project's: it goes into their own settings, where hooks may go as well. */
function withStatusline(
  app: App,
  setup: AgentSetup,
  { edits, root }: { readonly edits: readonly FileEdit[]; readonly root: string },
): readonly FileEdit[] {
  const path = setup.settingsPath("user", { workTreePath: root, env: app.env });
  const change = (text: string | undefined) => setup.addStatusline(text, join(app.home, "bin"));
  const known = edits.find(({ touched }) => touched.path === path);
  if (known !== undefined) {
    const after = naming(path, () => change(known.after)).text;
    return edits.map((edit) =>
      edit === known ? { ...edit, after, what: `${edit.what}, status line` } : edit,
    );
  }
  const place = { path, kind: "statusline", scope: "user", root } as const;
  return [...edits, editOf(setup, place, "status line", change)];
}

/** The person's own settings: one file for all work trees. */
function registration(
  app: App,
  setup: AgentSetup,
  { client, root }: { readonly client: McpClient; readonly root: string },
): FileEdit {
  const path = client.configPath({ env: app.env });
  const command = join(app.home, "bin", "leftoff");
  return editOf(setup, { path, kind: client.name, scope: "user", root }, "MCP server", (text) => ({
    text: client.add(text ?? "", command),
    warnings: [],
  }));
}

/** The edits that bring settings files which have or had our hooks to what `init` would write. */
export function planRepeat(app: App, setup: AgentSetup, root: string): readonly FileEdit[] {
  const files = settingsFiles(app, setup, root).filter((file) => hasHooks(app, setup, file));
  const widest = files.at(-1);
  const here = widest === undefined ? [] : settingsEdits(app, setup, { root, scope: widest.scope });
  const done = new Set(here.map(({ touched }) => touched.path));
  const elsewhere = readLedger(app).filter(
    (touched) => touched.kind === "settings" && !done.has(touched.path) && existsSync(touched.root),
  );
  return [...here, ...elsewhere.flatMap((touched) => tried(() => installation(app, setup, touched)))];
}

function tried(plan: () => FileEdit): readonly FileEdit[] {
  try {
    return [plan()];
  } catch (error) {
    if (error instanceof AppError) return [];
    throw error;
  }
}

/** The settings files that the agent reads in a work tree, by their widest scope: in `~`, the project's is the person's own. */
export function settingsFiles(
  app: App,
  setup: AgentSetup,
  root: string,
): readonly { readonly scope: SettingsScope; readonly path: string }[] {
  const place = { workTreePath: root, env: app.env };
  const files = SCOPES.map((scope) => ({ scope, path: setup.settingsPath(scope, place) }));
  return files.filter(({ path }, at) => !files.slice(at + 1).some((wider) => wider.path === path));
}

/**
 * The agent runs the hooks of all its settings files, so ours stand in one of them: where a wider file has them, a local
 * one needs none; and what a wider one now has goes from the local one. A file that others share and the person's own may
 * both have them, since neither is to be changed for the other's sake: then those of the shared file answer.
 */
function settingsEdits(
  app: App,
  setup: AgentSetup,
  { root, scope: asked }: { readonly root: string; readonly scope: SettingsScope },
): readonly FileEdit[] {
  const files = settingsFiles(app, setup, root);
  const askedPath = setup.settingsPath(asked, { workTreePath: root, env: app.env });
  const target = files.find(({ path }) => path === askedPath) ?? { scope: asked, path: askedPath };
  const install = (file: { readonly scope: SettingsScope; readonly path: string }) =>
    installation(app, setup, { ...file, root });
  const local = files.filter(({ scope }) => scope === "local");
  if (target.scope !== "local") {
    const everywhere = target.scope === "user" ? ledgeredLocals(app) : [];
    const narrower = [...new Set([...local.map(({ path }) => path), ...everywhere])];
    const moved = narrower.flatMap((path) => withdrawal(app, setup, { path, root }));
    return [install(target), ...moved];
  }
  const wider = files.filter((file) => file.scope !== "local" && hasHooks(app, setup, file));
  if (wider.length === 0) return [install(target)];
  const [first] = wider;
  const note = `Hooks run here already by ${first?.path}: ${target.path} needs none.`;
  const moved = withdrawal(app, setup, { path: target.path, root });
  return warned([...wider.map(install), ...moved], [note]);
}

function warned(edits: readonly FileEdit[], warnings: readonly string[]): readonly FileEdit[] {
  return edits.map((edit, at) => (at === 0 ? { ...edit, warnings: [...edit.warnings, ...warnings] } : edit));
}

function installation(
  app: App,
  setup: AgentSetup,
  { path, scope, root }: { readonly path: string; readonly scope: SettingsScope; readonly root: string },
): FileEdit {
  const binFolder = join(app.home, "bin");
  return editOf(setup, { path, kind: "settings", scope, root }, "hooks and permissions", (text) =>
    setup.install(text, { scope, binFolder }),
  );
}

/** Takes our hooks out of a local settings file, where there are any. */
function withdrawal(
  app: App,
  setup: AgentSetup,
  { path, root }: { readonly path: string; readonly root: string },
): readonly FileEdit[] {
  const scope = "local";
  if (!hasHooks(app, setup, { scope, path })) return [];
  const known = readLedger(app).find((touched) => touched.path === path);
  const touched = known ?? touchedFor(setup, { path, kind: "settings", scope, root }, readText(path));
  const removal = removalOf(setup, touched);
  return [{ ...removal, what: "hooks moved to a wider scope" }];
}

/** A file that can't be read holds nothing that we wrote. */
export function hasHooks(
  app: App,
  setup: AgentSetup,
  { scope, path }: { readonly scope: SettingsScope; readonly path: string },
): boolean {
  try {
    const findings = setup.inspect(readText(path) ?? "", { scope, binFolder: join(app.home, "bin") });
    return findings.kind === "readable" && findings.hooks > 0;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

function ledgeredLocals(app: App): readonly string[] {
  return readLedger(app)
    .filter(({ kind, scope }) => kind === "settings" && scope === "local")
    .map(({ path }) => path);
}

export type Place = Pick<Touched, "path" | "kind" | "scope" | "root">;

function editOf(
  setup: AgentSetup,
  place: Place,
  what: string,
  change: (text: string | undefined) => { readonly text: string; readonly warnings: readonly string[] },
): FileEdit {
  const before = readText(place.path);
  const { text: after, warnings } = naming(place.path, () => change(before));
  return { touched: touchedFor(setup, place, before), what, before, after, isRemoval: false, warnings };
}

/** A file that is all ours was made by us, also where the ledger does not know it: a work tree that was moved or copied. */
export function touchedFor(setup: AgentSetup, place: Place, before: string | undefined): Touched {
  const isOurs =
    before !== undefined && before.trim() !== "" && withoutUs(setup, place, before).trim() === "";
  return { ...place, created: before === undefined || isOurs, createdFolder: !isThere(dirname(place.path)) };
}

/** What `uninstall` finds in a work tree that was moved or copied: its settings are ours, and nobody wrote down that they are. */
export function strayTouched(app: App, setup: AgentSetup, root: string): readonly Touched[] {
  const known = new Set(readLedger(app).map(({ path }) => path));
  const local = settingsFiles(app, setup, root).find(({ scope }) => scope === "local");
  if (local === undefined || known.has(local.path) || !hasHooks(app, setup, local)) return [];
  const places: readonly Place[] = [
    { path: local.path, kind: "settings", scope: "local", root },
    { path: join(root, ".gitignore"), kind: "gitignore", scope: "local", root },
    { path: join(root, "CLAUDE.md"), kind: "protocol", scope: "local", root },
  ];
  return places
    .filter(({ path }) => !known.has(path))
    .map((place) => ({ ...touchedFor(setup, place, readText(place.path)), createdFolder: true }));
}
