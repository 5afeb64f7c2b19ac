/** One thing that was looked at. */
export interface Check {
  readonly name: CheckName;
  readonly ok: boolean;
  /** What was found. */
  readonly detail: string;
  /** What to do about it, in a sentence; with `ok`, what may be done. Undefined where there is nothing to do. */
  readonly fix: string | undefined;
  /** What `--fix` does about it; undefined where only a person can. */
  readonly remedy: Remedy | undefined;
}

export type CheckName =
  | "home"
  | "disk"
  | "permissions"
  | "node"
  | "git"
  | "program"
  | "scripts"
  | "hooks"
  | "settings"
  | "plugin"
  | "installed"
  | "gitignore"
  | "protocol"
  | "git hooks"
  | "machine"
  | "records"
  | "transcripts"
  | "state"
  | "workspaces"
  | "documents"
  | "pending"
  | "locks"
  | "leftovers"
  | "failures"
  | "capture"
  | "certificates";

export type Remedy =
  | "program"
  | "ledger"
  | "gitignore"
  | "gitHooks"
  | "settings"
  | "permissions"
  | "machine"
  | "records"
  | "state"
  | "documents"
  | "ingest"
  | "locks"
  | "leftovers"
  | "failures";

/** A check that found nothing to say. */
export function fine(name: CheckName, detail: string): Check {
  return { name, ok: true, detail, fix: undefined, remedy: undefined };
}

/** Something that works, with what the person may want to know. */
export function note(name: CheckName, detail: string, fix: string): Check {
  return { name, ok: true, detail, fix, remedy: undefined };
}

export function finding(name: CheckName, detail: string, fix: string, remedy?: Remedy): Check {
  return { name, ok: false, detail, fix, remedy };
}

/** Several findings of one kind are listed up to here; the rest is counted. */
const LISTED_MAX = 10;

/** One check for each of `items`, at most LISTED_MAX of them and one that counts the others; `none` where there are none. */
export function each<T>(items: readonly T[], none: Check, one: (item: T) => Check): readonly Check[] {
  if (items.length === 0) return [none];
  const listed = items.slice(0, LISTED_MAX).map(one);
  const rest = items.length - listed.length;
  const last = listed.at(-1);
  return rest === 0 || last === undefined ? listed : [...listed, { ...last, detail: `and ${rest} more` }];
}
