import { isAbsolute } from "node:path";
import { AppError } from "../base/error.ts";
import { PARTITION_PATHS_MAX, PARTITIONS_MAX, TITLE_CHARS_MAX } from "../base/limits.ts";
import type { Partition } from "../workspace/partition.ts";
import type { App } from "./app.ts";
import { partitionOfSession } from "./brief-sources.ts";
import type { Here } from "./here.ts";
import { prepareBrief } from "./prepare-brief.ts";
import { callingConversation, callingPlace, currentSession } from "./resolve-session.ts";

export interface PartitionList {
  readonly partitions: readonly Partition[];
  /** The name of the one that the current session works in. */
  readonly current: string | undefined;
}

/** The partitions of this workspace, in the order they were first named. */
export async function listPartitions(app: App): Promise<PartitionList> {
  return listed(app, await callingPlace(app));
}

/**
 * Names a part of this workspace, or names it anew.
 *
 * @throws AppError `input_invalid`.
 */
export async function addPartition(app: App, input: Partition): Promise<PartitionList> {
  const here = await callingPlace(app);
  const partition = checked(app.redactor.value(input) as Partition);
  const others = listed(app, here).partitions.filter(({ name }) => name !== partition.name);
  if (others.length >= PARTITIONS_MAX) throw invalid(`A workspace has at most ${PARTITIONS_MAX} partitions.`);
  const { name, paths, context } = partition;
  const record = { atMs: app.clock.nowMs(), workTree: here.workTree, name, paths, context };
  app.workspaces.append([{ type: "partition.named", ...record }]);
  return after(app, here);
}

/** @throws AppError `input_invalid` where no partition has this name. */
export async function removePartition(app: App, input: { readonly name: string }): Promise<PartitionList> {
  const here = await callingPlace(app);
  const name = input.name.toLowerCase();
  const { partitions } = listed(app, here);
  if (!partitions.some((each) => each.name === name)) {
    throw invalid(`There is no partition "${name}".`, "`leftoff partition` lists them.");
  }
  const atMs = app.clock.nowMs();
  app.workspaces.append([{ type: "partition.removed", atMs, workTree: here.workTree, name }]);
  return after(app, here);
}

async function after(app: App, here: Here): Promise<PartitionList> {
  if (callingConversation(app) === undefined) await prepareBrief(app, here);
  return listed(app, here);
}

function listed(app: App, here: Here): PartitionList {
  const partitions = app.workspaces.read().partitions.get(here.workspace) ?? [];
  const session = currentSession(app, here);
  const current = session === undefined ? undefined : partitionOfSession(app, here, session)?.name;
  return { partitions, current };
}

function checked({ name, paths, context }: Partition): Partition {
  const plain = name.toLowerCase();
  if (!/^[\p{L}\p{N}][\p{L}\p{N} _.-]{0,59}$/u.test(plain)) {
    throw invalid(
      `"${name}" can't be the name of a partition.`,
      "Up to 60 letters, digits, spaces, - _ and dots.",
    );
  }
  if (paths.length === 0 || paths.length > PARTITION_PATHS_MAX) {
    throw invalid(
      `A partition has 1 to ${PARTITION_PATHS_MAX} patterns of paths; these are ${paths.length}.`,
    );
  }
  for (const path of [...paths, ...(context === undefined ? [] : [context])]) {
    const isOutside = path.split("/").includes("..") || (path === context && isAbsolute(path));
    if (path === "" || path.length > TITLE_CHARS_MAX * 2 || isOutside) {
      throw invalid(`"${path}" is no path in the work tree.`);
    }
  }
  return { name: plain, paths, context };
}

function invalid(
  message: string,
  hint = "For example: leftoff partition add backend 'src/server/**'",
): AppError {
  return new AppError("input_invalid", message, hint);
}
