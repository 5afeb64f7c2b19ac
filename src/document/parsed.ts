import type { Horizon, NoteField } from "../session/note.ts";
import type { DocumentItem, Range, Section, StateDocument } from "./document.ts";
import type { Head } from "./head.ts";
import type { Scan } from "./scan.ts";
import type { DerivedKey, KnownHeading } from "./sections.ts";

/** A state document as the writer needs it: with every line's place and owner. Only this folder sees it. */
export interface ParsedDocument extends StateDocument {
  readonly scan: Scan;
  readonly head: Head;
  readonly sections: readonly ParsedSection[];
  /** Why nothing may be written into it; undefined when all is well. */
  readonly broken: string | undefined;
}

export interface ParsedSection extends Section, SectionBody {
  readonly known: KnownHeading | undefined;
  readonly level: number;
  /** Indexes of lines: the heading, the first line below it (and its underline), the end (exclusive). */
  readonly headingLine: number;
  readonly bodyLine: number;
  readonly endLine: number;
  readonly items: readonly ParsedItem[];
}

/** What was understood of the lines below a section's heading. */
export interface SectionBody {
  readonly items: readonly ParsedItem[];
  /** Lines of a template that wait for somebody's words, by index. */
  readonly placeholders: readonly number[];
  readonly groups: readonly Group[];
  /** Lines of continuity and metrics sections that could be ours. */
  readonly derived: readonly DerivedLine[];
}

/** Items under one label: the next steps of one horizon. */
export interface Group {
  readonly label: string;
  readonly horizon: Horizon | undefined;
  /** How urgent the label says its items are: `High priority:`. */
  readonly priority: string | undefined;
  readonly line: number;
  readonly isList: boolean;
}

/** What stands in a text, as one object for all texts in which it was found again byte for byte. */
export interface Bytes {
  readonly text: string;
  /** As {@link hashOf} gives it; undefined until somebody asks. */
  hash: string | undefined;
}

export interface DerivedLine {
  readonly holds: DerivedKey;
  /** What the line is about: `previous`, `current: did this`, `files modified`. Two lines of one section may share it. */
  readonly key: string;
  readonly line: number;
  readonly range: Range;
  readonly bytes: Bytes;
}

/** Who a line of an item belongs to; `own` lines (code, tables, blank ones) are people's and never touched. */
export type LineOwner = "text" | "own" | NoteField;

export interface ParsedItem extends DocumentItem {
  /** A list item, a paragraph, a command in a code fence, a heading of people's own with its fields as a list below it, a row of a table. */
  readonly form: "list" | "prose" | "fence" | "heading" | "table";
  readonly firstLine: number;
  /** Exclusive; the last line is not blank. */
  readonly endLine: number;
  /** One per line from `firstLine`. */
  readonly owners: readonly LineOwner[];
  /** Lines from `firstLine` that hold the text itself; sub-points that belong to it come later. */
  readonly headLines: number;
  /** Fields that stand in the head, behind an arrow. */
  readonly headFields: readonly NoteField[];
  /** Offset of the sign between the brackets of the box, and of the box's `[`. */
  readonly box: Range | undefined;
  /** ` ✓` behind an item without a box, and our ` (unconfirmed)`. */
  readonly tick: Range | undefined;
  readonly mark: Range | undefined;
  /** The label of the group it stands in, as an index into the section's groups. */
  readonly group: number | undefined;
  readonly bytes: Bytes;
  /** Of a row of a table, in the order of its columns. */
  readonly cells?: readonly TableCell[];
}

export interface TableCell {
  /** Without the white space around it. */
  readonly range: Range;
  readonly holds: NoteField | "text" | "own";
}
