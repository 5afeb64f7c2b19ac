/** A named part of a workspace with its own context. Data only: nothing in it is ever run. */
export interface Partition {
  /** Lower case, as it is typed: `backend`. */
  readonly name: string;
  /** Patterns of paths relative to the work tree. */
  readonly paths: readonly string[];
  /** The document, relative to the work tree, that the brief takes an excerpt of. */
  readonly context: string | undefined;
}

/** A path deeper than this, or a pattern with more parts, matches nothing. */
const PARTS_MAX = 100;

/**
 * Whether a path lies in what a pattern names. `*` and `?` stand for what is within one part of a path, `**` for any parts,
 * none among them; a pattern also names everything below what it matches. Time grows with pattern times path.
 */
export function matchesPath(pattern: string, path: string): boolean {
  const wanted = partsOf(pattern);
  const parts = partsOf(path);
  if (wanted.length === 0 || Math.max(wanted.length, parts.length) > PARTS_MAX) return false;
  // Which beginnings of the pattern match what was read of the path.
  let open = passing(new Set([0]), wanted);
  for (const part of parts) {
    const next = new Set<number>();
    for (const at of open) {
      const own = wanted[at];
      if (own === "**") next.add(at);
      else if (own !== undefined && matchesPart(own, part)) next.add(at + 1);
    }
    open = passing(next, wanted);
    if (open.has(wanted.length)) return true;
  }
  return false;
}

/** The partition that most of these paths lie in; of equals the one whose path comes first. Undefined where none does. */
export function partitionOf(
  partitions: readonly Partition[],
  paths: readonly string[],
): Partition | undefined {
  const counted = partitions.map((partition) => {
    const own = paths.map((path) => partition.paths.some((pattern) => matchesPath(pattern, path)));
    return { partition, count: own.filter(Boolean).length, first: own.indexOf(true) };
  });
  const touched = counted.filter(({ count }) => count > 0);
  return touched.sort((a, b) => b.count - a.count || a.first - b.first)[0]?.partition;
}

/** `Backend`, as people are told it. */
export function titleOfPartition({ name }: Partition): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

function partsOf(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

/** `**` may stand for nothing. */
function passing(open: ReadonlySet<number>, wanted: readonly string[]): ReadonlySet<number> {
  const all = new Set(open);
  for (const at of all) if (wanted[at] === "**") all.add(at + 1);
  return all;
}

/** One part against one pattern without `/`: the last `*` gives way, so that no input takes more than their product. */
function matchesPart(pattern: string, part: string): boolean {
  let [at, star, mark] = [0, -1, 0];
  for (let index = 0; index < part.length; ) {
    if (
      at < pattern.length &&
      (pattern[at] === "?" || (pattern[at] === part[index] && pattern[at] !== "*"))
    ) {
      at += 1;
      index += 1;
    } else if (pattern[at] === "*") {
      [star, mark] = [at, index];
      at += 1;
    } else if (star >= 0) {
      mark += 1;
      [at, index] = [star + 1, mark];
    } else return false;
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
}
