import { addPartition, listPartitions, type PartitionList, removePartition } from "../app/partitions.ts";
import { AppError } from "../base/error.ts";
import { type Door, type Given, type Run, show, textOption } from "./door.ts";
import { tableIn } from "./table.ts";

/** `partition [list]`, `partition add NAME PATHS…`, `partition remove NAME`. */
export const run: Run = async (door, given) => {
  const { partitions, current } = await done(door, given);
  const document = partitions.map(({ name, paths, context }) => ({
    name,
    paths,
    context: context ?? null,
    isCurrent: name === current,
  }));
  show(door, { schema: "leftoff.partitions/1", partitions: document } as { schema: string }, () =>
    textOf(door, { partitions, current }),
  );
};

function done(door: Door, given: Given): Promise<PartitionList> {
  const [action = "list", name, ...paths] = given.args;
  if (action === "list" && name === undefined) return listPartitions(door.app);
  if (action === "add" && name !== undefined) {
    return addPartition(door.app, { name, paths, context: textOption(given, "context") });
  }
  if (action === "remove" && name !== undefined && paths.length === 0) {
    return removePartition(door.app, { name });
  }
  throw new AppError(
    "input_invalid",
    name === undefined
      ? `\`partition ${action}\` needs a name.`
      : `"${action}" is not done to a partition so.`,
    "For example: leftoff partition add backend 'src/server/**' --context docs/backend.md",
  );
}

function textOf(door: Door, { partitions, current }: PartitionList): string {
  const { style } = door;
  if (partitions.length === 0) {
    return "This project has no partitions; `leftoff partition add NAME 'PATHS/**'` names one.";
  }
  const rows = partitions.map(({ name, paths, context }) => [
    name === current ? style.green(`${name} (current)`) : name,
    paths.join(" "),
    style.dim(context ?? ""),
  ]);
  return tableIn(door, ["PARTITION", "PATHS", "CONTEXT"].map(style.dim), rows);
}
