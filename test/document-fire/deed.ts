import fc from "fast-check";

/** What a person, their editor, git, other programs and agents do to one state document. */
export type Deed =
  | { readonly does: OurDeed | PersonDeed | EditorDeed | GitDeed }
  | { readonly does: ItemDeed; readonly nth: number };

/** Steps of ours, each of which reads the document and may write it. */
const OURS = ["turn", "note", "agent-note", "twice", "looks", "state"] as const;
export type OurDeed = (typeof OURS)[number];

const PERSONS = [
  "adds",
  "prose",
  "crlf",
  "lf",
  "bom",
  "no-bom",
  "utf-16",
  "empties",
  "deletes",
  "conflict",
  "settles",
  "read-only",
  "writable",
  "folder",
] as const;
export type PersonDeed = (typeof PERSONS)[number];

const EDITORS = ["editor-opens", "editor-saves", "old-copy"] as const;
export type EditorDeed = (typeof EDITORS)[number];

const GITS = [
  "git-keeps",
  "git-checkout",
  "git-checkout-crlf",
  "git-stash",
  "git-pop",
  "git-clean",
  "git-side",
  "git-merge",
  "git-theirs",
  "git-abort",
] as const;
export type GitDeed = (typeof GITS)[number];

const ITEMS = ["edits", "ticks", "removes"] as const;
export type ItemDeed = (typeof ITEMS)[number];

const isOneOf =
  <Name extends string>(names: readonly Name[]) =>
  (name: string): name is Name =>
    names.some((one) => one === name);
export const isOurs = isOneOf(OURS);
/** Steps that read the document: an agent's note waits for its turn's end. */
export const isReading = isOneOf(["turn", "note", "twice", "looks"]);
export const isEditors = isOneOf(EDITORS);
export const isGits = isOneOf(GITS);
export const isItems = isOneOf(ITEMS);

const plain = (names: readonly (OurDeed | PersonDeed | EditorDeed | GitDeed)[]): fc.Arbitrary<Deed> =>
  fc.constantFrom(...names).map((does) => ({ does }));

export const deeds: fc.Arbitrary<readonly Deed[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: plain(OURS) },
    { weight: 4, arbitrary: plain([...PERSONS, ...EDITORS]) },
    { weight: 2, arbitrary: fc.constantFrom("adds", "prose").map((does): Deed => ({ does })) },
    { weight: 3, arbitrary: plain(GITS) },
    { weight: 2, arbitrary: fc.record({ does: fc.constantFrom(...ITEMS), nth: fc.nat(8) }) },
  ),
  { minLength: 3, maxLength: 16 },
);
