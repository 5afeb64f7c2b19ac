import type { NoteKind } from "../session/note.ts";
import { type Names, namesOf, wordsOf } from "./names.ts";
import { ALIASES } from "./section-aliases.ts";
import { PARTS } from "./section-parts.ts";

/**
 * The sections of a state document, in the order of the users' own template (docs/formats/document.md): what each
 * holds, under which heading we write it, and under which headings people keep the same thing.
 */
export interface SectionSpec {
  readonly key: SectionKey;
  /** As we write it. */
  readonly heading: string;
  /** Part of every new document; others come with their first note. */
  readonly always: boolean;
  /** What a new document invites people to fill in; lines like these are nobody's notes. */
  readonly invitation: readonly string[];
}

/** The note kind of its items; `continuity` and `metrics` are kept by leftoff and hold no notes. */
export type SectionKey = NoteKind | DerivedKey;
export type DerivedKey = "continuity" | "metrics";

export const SECTIONS: readonly SectionSpec[] = [
  { key: "summary", heading: "Context Summary", always: true, invitation: ["[Add your context here]"] },
  { key: "progress", heading: "Current Progress", always: false, invitation: [] },
  { key: "finding", heading: "What We Know", always: true, invitation: ["-"] },
  {
    key: "worked",
    heading: "What We've Tried (Successful Approaches)",
    always: true,
    invitation: ["1. **Approach**:", "   - **Result**:"],
  },
  {
    key: "failed",
    heading: "What We've Tried (Failed Approaches)",
    always: true,
    invitation: ["1. **Approach**:", "   - **Problem**:"],
  },
  { key: "untried", heading: "What We Haven't Tried Yet", always: true, invitation: ["- [ ]"] },
  {
    key: "next",
    heading: "Next Steps",
    always: true,
    invitation: ["1. **Immediate** (next session):", "   - [ ]"],
  },
  {
    key: "decision",
    heading: "Technical Decisions",
    always: true,
    invitation: ["- **Decision**:", "  - **Reasoning**:"],
  },
  { key: "file", heading: "Key Files Involved", always: true, invitation: ["-"] },
  { key: "issue", heading: "Known Issues", always: true, invitation: ["- [ ] **Issue**:"] },
  { key: "blocker", heading: "Dependencies & Blockers", always: true, invitation: ["-"] },
  { key: "risk", heading: "Risks", always: false, invitation: [] },
  { key: "metric", heading: "Performance Metrics", always: false, invitation: [] },
  { key: "solution", heading: "Solution", always: false, invitation: [] },
  { key: "implementation", heading: "Final Implementation", always: false, invitation: [] },
  { key: "deployment", heading: "Deployment Notes", always: false, invitation: [] },
  { key: "command", heading: "Useful Commands & Scripts", always: true, invitation: [] },
  { key: "learning", heading: "Key Learnings", always: false, invitation: [] },
  { key: "continuity", heading: "Session Continuity", always: true, invitation: [] },
  { key: "metrics", heading: "Session Metrics", always: true, invitation: [] },
];

/** Template place of a section, from 0. */
export function sectionOrder(key: SectionKey): number {
  return SECTIONS.findIndex((spec) => spec.key === key);
}

export function isDerivedKey(key: SectionKey): key is DerivedKey {
  return key === "continuity" || key === "metrics";
}

export interface KnownHeading {
  readonly key: SectionKey;
  /** A narrower heading ("Endpoints Remaining"): its items are read, but new notes go under the section's own. */
  readonly narrow: boolean;
}

/** What the title of a document of ours begins with. No section is called so: nobody has to look through all their names. */
export const TITLE_START = "Session State: ";

/** No heading of ours is longer; what is longer is a sentence. */
const HEADING_CHARS_MAX = 120;

/**
 * What a heading means, whatever its level, case, numbering, punctuation or emoji. `above` is the heading it stands
 * below: "Failed" is a section only below "What We've Tried".
 */
export function resolveHeading(heading: string, above: string | undefined): KnownHeading | undefined {
  if (heading.length > HEADING_CHARS_MAX || heading.startsWith(TITLE_START)) return undefined;
  const found = sectionNamed(heading) ?? sectionNamed(heading.replace(/[([（][^)\]）]{0,80}[)\]）]/g, " "));
  if (found || above === undefined || !TRIED.has(wordsOf(above))) return found;
  return sectionNamed(`what weve tried ${wordsOf(heading)}`);
}

const sectionNamed: Names<KnownHeading> = namesOf(() => {
  const table = new Map<string, KnownHeading>();
  for (const { key, heading } of SECTIONS) {
    const whole = { key, narrow: false };
    table.set(heading, whole);
    for (const name of ALIASES[key]) table.set(name, whole);
    const part = { key, narrow: true };
    for (const name of PARTS[key]) table.set(name, part);
  }
  return table;
});

const TRIED: ReadonlySet<string> = new Set([
  "what weve tried",
  "what we tried",
  "what have we tried",
  "approaches tried",
  "approaches",
  "attempts",
  "lo que hemos probado",
  "ce que nous avons essayé",
  "was wir versucht haben",
  "試したこと",
  "尝试过的方法",
  "시도한 것",
]);
