import { realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { sha256 } from "../base/digest.ts";
import { DRIFT_GIT_MS, SOURCE_BYTES_MAX } from "../base/limits.ts";
import { asObject } from "../base/parse.ts";
import { readPartIfThere } from "../disk/read.ts";
import { withGitBranch } from "../publish/context-page.ts";
import type { BriefSource, SourceName } from "../recall/brief.ts";
import { SOURCE_NAMES } from "../recall/brief.ts";
import { excerptOf } from "../recall/excerpt.ts";
import { momentOf } from "../recall/when.ts";
import type { Session } from "../session/session.ts";
import { headPaths } from "../workspace/head.ts";
import { isGitLocation } from "../workspace/locate.ts";
import { type Partition, partitionOf, titleOfPartition } from "../workspace/partition.ts";
import { recentCommits, uncommittedPaths } from "../workspace/recent.ts";
import type { App } from "./app.ts";
import { contextPagePath } from "./context-place.ts";
import { displayPath, type Here } from "./here.ts";
import { marksOf } from "./printed-brief.ts";
import { readSettings, settingsPathOf } from "./settings.ts";
import { conversationsIn } from "./summary.ts";

/** Where a page may lie, the first that is there counts. */
const PAGES = {
  context: [".claude/context.md"],
  readme: ["README.md", "README", "README.rst", "README.txt", "readme.md"],
  architecture: ["ARCHITECTURE.md", "docs/ARCHITECTURE.md", "docs/architecture.md"],
} as const;
const COMMITS_MAX = 10;
const PATHS_NAMED_MAX = 12;
/** What the partition's name and patterns may cost of its budget. */
const NAME_TOKENS_MAX = 50;
/** Files by which work is told to be in a partition: those touched last. */
const TOUCHED_MAX = 20;

/** What was gathered, and of what: it is told again as it is until one of these changes. Derived. */
interface Gathered {
  readonly version: 1;
  readonly of: string;
  readonly sources: readonly BriefSource[];
}

interface Wanted {
  readonly budgets: { readonly [Name in SourceName]: number };
  readonly partition: Partition | undefined;
  readonly paths: readonly string[];
}

/**
 * What a brief takes from outside its session, each source within its budget; 0 in the person's settings leaves it out. What
 * was gathered when the last turn ended is told as long as none of its files changed, so that a preview is what will be
 * printed, and no start waits for git.
 */
export async function briefSources(app: App, here: Here, session: Session): Promise<readonly BriefSource[]> {
  const wanted = wantedOf(app, here, session);
  const kept = asObject(app.store.state.get(keyOf(here))) as Gathered | undefined;
  if (kept?.version === 1 && kept.of === gatheredOf(wanted)) return kept.sources;
  return gather(app, here, wanted);
}

/** Gathers anew, also what no file tells has changed, such as what git says about the work tree: when a turn has ended. */
export function refreshedSources(app: App, here: Here, session: Session): Promise<readonly BriefSource[]> {
  return gather(app, here, wantedOf(app, here, session));
}

/** Files whose change can change what {@link briefSources} gives. */
export function sourcePaths(app: App, here: Here, session: Session): readonly string[] {
  return wantedOf(app, here, session).paths;
}

/** The partition that a session works in, by the files that its conversations touched last. */
export function partitionOfSession(app: App, here: Here, session: Session): Partition | undefined {
  const partitions = app.workspaces.read().partitions.get(here.workspace) ?? [];
  if (partitions.length === 0) return undefined;
  const files = conversationsIn(app, session).flatMap(({ facts }) => facts.files);
  const newest = [...files].sort((a, b) => (b.lastAtMs ?? 0) - (a.lastAtMs ?? 0)).slice(0, TOUCHED_MAX);
  return partitionOf(
    partitions,
    newest.map(({ path }) => displayPath(here, path)),
  );
}

function wantedOf(app: App, here: Here, session: Session): Wanted {
  const settings = readSettings(
    app.env,
    SOURCE_NAMES.map((name) => `brief.${name}Tokens` as const),
  );
  const budgets = Object.fromEntries(
    SOURCE_NAMES.map((name, at) => [name, settings[at]?.value ?? 0]),
  ) as Wanted["budgets"];
  const partition = budgets.partition > 0 ? partitionOfSession(app, here, session) : undefined;
  const pages = (["context", "readme", "architecture"] as const).flatMap((name) =>
    budgets[name] > 0 ? PAGES[name] : [],
  );
  const own = partition?.context === undefined ? pages : [...pages, partition.context];
  // The context page names the git branch.
  const usesGit = budgets.commits > 0 || budgets.status > 0 || budgets.context > 0;
  const git = usesGit ? headPaths(here.location) : [];
  const index = budgets.status > 0 ? indexPath(here) : [];
  const paths = [contextPagePath(app, here), ...own.map((path) => join(here.root, path)), ...git, ...index];
  return { budgets, partition, paths: [settingsPathOf(app.env), ...new Set(paths)] };
}

function indexPath({ location }: Here): readonly string[] {
  return isGitLocation(location) ? [join(location.gitDir, "index")] : [];
}

/** A digest: paths name git branches (`refs/heads/…`), and those are anybody's words. */
function gatheredOf({ budgets, partition, paths }: Wanted): string {
  return sha256(JSON.stringify([budgets, partition, marksOf(paths)]));
}

function keyOf({ workTree }: Here): string {
  return `sources/${workTree}`;
}

async function gather(app: App, here: Here, wanted: Wanted): Promise<readonly BriefSource[]> {
  const of = gatheredOf(wanted);
  const { budgets, partition } = wanted;
  const page = (name: keyof typeof PAGES): readonly BriefSource[] =>
    budgets[name] > 0 ? pageSource(here, { name, paths: PAGES[name], budgetTokens: budgets[name] }) : [];
  const all = [
    ...partitionSource(here, partition, budgets.partition),
    ...contextSource(app, here, budgets.context),
    ...page("readme"),
    ...page("architecture"),
    ...(await commitsSource(here, budgets.commits)),
    ...(await statusSource(app, here, budgets.status)),
  ];
  const sources = app.redactor.value(all) as readonly BriefSource[];
  const gathered: Gathered = { version: 1, of, sources };
  // Most turns change nothing of it.
  if (JSON.stringify(app.store.state.get(keyOf(here))) === JSON.stringify(gathered)) return sources;
  try {
    app.store.state.put(keyOf(here), gathered);
  } catch {
    // A full disk: it is gathered anew the next time.
  }
  return sources;
}

function partitionSource(
  here: Here,
  partition: Partition | undefined,
  budgetTokens: number,
): readonly BriefSource[] {
  if (partition === undefined) return [];
  const first = `Working on partition: ${titleOfPartition(partition)} (${partition.paths.join(", ")})`;
  const context = partition.context === undefined ? undefined : pageIn(here, partition.context);
  const nameTokens = Math.min(NAME_TOKENS_MAX, budgetTokens);
  const named: BriefSource = {
    name: "partition",
    path: "leftoff partition",
    lines: [first],
    budgetTokens: nameTokens,
  };
  if (context === undefined || partition.context === undefined) return [named];
  const left = budgetTokens - nameTokens;
  return [
    named,
    { name: "partition", path: partition.context, lines: excerptOf(context), budgetTokens: left },
  ];
}

/** The page's git branch is HEAD's and not what it says, and a commit that is not HEAD's is none to tell of. */
function contextSource(app: App, here: Here, budgetTokens: number): readonly BriefSource[] {
  if (budgetTokens === 0) return [];
  const [name] = PAGES.context;
  const inTree = pageIn(here, name);
  const text = inTree ?? pageApart(app, here);
  if (text === undefined) return [];
  const path = inTree === undefined ? "leftoff context" : name;
  return [{ name: "context", path, lines: excerptOf(withGitBranch(text, here.head)), budgetTokens }];
}

/** Below LEFTOFF_HOME, where documents lie there. */
function pageApart(app: App, here: Here): string | undefined {
  const path = contextPagePath(app, here);
  if (!path.startsWith(`${app.home}${sep}`)) return undefined;
  try {
    return readPartIfThere(path, 0, SOURCE_BYTES_MAX)?.bytes.toString("utf8");
  } catch {
    return undefined;
  }
}

function pageSource(
  here: Here,
  { name, paths, budgetTokens }: { name: SourceName; paths: readonly string[]; budgetTokens: number },
): readonly BriefSource[] {
  for (const path of paths) {
    const text = pageIn(here, path);
    if (text !== undefined) return [{ name, path, lines: excerptOf(text), budgetTokens }];
  }
  return [];
}

/** The beginning of a page of the work tree; nothing that a link leads out of it to. */
function pageIn({ root }: Here, path: string): string | undefined {
  try {
    const real = realpathSync(join(root, path));
    if (!real.startsWith(`${root}${sep}`)) return undefined;
    return readPartIfThere(real, 0, SOURCE_BYTES_MAX)?.bytes.toString("utf8");
  } catch {
    // Not there, a folder, or not ours to read.
    return undefined;
  }
}

async function commitsSource(here: Here, budgetTokens: number): Promise<readonly BriefSource[]> {
  if (budgetTokens === 0) return [];
  const commits = await recentCommits(here.location, COMMITS_MAX, DRIFT_GIT_MS);
  const lines = commits.map(({ hash, subject }) => `commit ${hash}: ${subject}`);
  return lines.length === 0 ? [] : [{ name: "commits", path: "git", lines, budgetTokens }];
}

async function statusSource(app: App, here: Here, budgetTokens: number): Promise<readonly BriefSource[]> {
  if (budgetTokens === 0) return [];
  const paths = await uncommittedPaths(here.location, DRIFT_GIT_MS);
  if (paths === undefined) return [];
  const nowMs = app.clock.nowMs();
  const when = momentOf(nowMs, nowMs);
  const told = (what: string, own: readonly string[]): readonly string[] => {
    const more = own.length > PATHS_NAMED_MAX ? ` and ${own.length - PATHS_NAMED_MAX} more` : "";
    const named = own.slice(0, PATHS_NAMED_MAX).join(", ");
    return own.length === 0 ? [] : [`${when}: ${own.length} ${what}: ${named}${more}`];
  };
  const lines = [...told("not committed", paths.changed), ...told("untracked", paths.untracked)];
  const clean = [`${when}: the work tree was clean`];
  return [{ name: "status", path: "git", lines: lines.length === 0 ? clean : lines, budgetTokens }];
}
