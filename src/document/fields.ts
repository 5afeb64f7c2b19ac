import { HORIZONS, type Horizon, type NoteField, type NoteKind } from "../session/note.ts";
import { wordsOf } from "./sections.ts";

/** How items of a kind are written, after the users' own template, and what people write instead. */
export interface ItemForm {
  /** `**Approach**: ` before the text; undefined where the text stands by itself. */
  readonly label: string | undefined;
  readonly box: boolean;
  readonly numbered: boolean;
  /** A blank line between items. */
  readonly loose: boolean;
  /** Where sub-points without a label belong. */
  readonly bare: NoteField | "text";
  /** An item without a box may be ticked by a `✓` at its end. */
  readonly tick: boolean;
  /** Bold field names of this section, in the order we write them; the rest follows as in FIELD_LABELS. */
  readonly labels: { readonly [Field in NoteField]?: string };
}

const PLAIN: ItemForm = {
  label: undefined,
  box: false,
  numbered: false,
  loose: false,
  bare: "text",
  tick: false,
  labels: {},
};

export const ITEM_FORMS: { readonly [Kind in NoteKind]: ItemForm } = {
  summary: { ...PLAIN, loose: true },
  progress: PLAIN,
  finding: PLAIN,
  worked: {
    ...PLAIN,
    label: "Approach",
    numbered: true,
    loose: true,
    bare: "result",
    labels: { result: "Result", why: "Why it works", file: "Code location" },
  },
  failed: {
    ...PLAIN,
    label: "Approach",
    numbered: true,
    loose: true,
    bare: "why",
    labels: {
      result: "Result",
      why: "Why it failed",
      lesson: "Lesson learned",
      time: "Time spent",
      file: "Code location",
    },
  },
  untried: { ...PLAIN, box: true, tick: true },
  next: { ...PLAIN, box: true, tick: true },
  decision: {
    ...PLAIN,
    label: "Decision",
    loose: true,
    bare: "why",
    labels: { why: "Reasoning", tradeoff: "Trade-off", approved: "Approved" },
  },
  issue: {
    ...PLAIN,
    label: "Issue",
    box: true,
    loose: true,
    tick: true,
    labels: { status: "Status", impact: "Potential impact", priority: "Priority" },
  },
  blocker: { ...PLAIN, tick: true },
  risk: { ...PLAIN, label: "Risk", tick: true, labels: { impact: "Potential impact", priority: "Priority" } },
  learning: PLAIN,
  file: PLAIN,
  command: PLAIN,
};

/** Bold names of fields where a section has none of its own. */
export const FIELD_LABELS: { readonly [Field in NoteField]: string } = {
  result: "Result",
  why: "Why",
  lesson: "Lesson learned",
  time: "Time spent",
  file: "Code location",
  status: "Status",
  impact: "Potential impact",
  priority: "Priority",
  tradeoff: "Trade-off",
  approved: "Approved",
  horizon: "Horizon",
};

/** Names of fields that people use; published in docs/formats/document.md. */
export const FIELD_ALIASES: { readonly [Field in NoteField]: readonly string[] } = {
  result: ["Result", "Results", "Outcome", "Evidence", "Validation", "Validation evidence", "결과"],
  why: [
    "Why",
    "Why it failed",
    "Why it works",
    "Why it worked",
    "Why it didn't work",
    "Problem",
    "Reason",
    "Reasoning",
    "Reasons",
    "Rationale",
    "Cause",
    "Root cause",
    "Turned out",
    "Because",
    "이유",
    "문제",
    "원인",
    "근거",
  ],
  lesson: [
    "Lesson learned",
    "Lessons learned",
    "Lesson",
    "Learned",
    "Learning",
    "Takeaway",
    "교훈",
    "배운 점",
  ],
  time: ["Time spent", "Time", "Time invested", "Time investment", "Duration", "소요 시간", "시간"],
  file: [
    "Code location",
    "Code locations",
    "Location",
    "File",
    "Files",
    "Found in",
    "Path",
    "코드 위치",
    "파일",
  ],
  priority: ["Priority", "Severity", "우선순위"],
  impact: ["Potential impact", "Impact", "Effect", "영향"],
  tradeoff: ["Trade-off", "Trade-offs", "Tradeoff", "Tradeoffs", "Downside", "트레이드오프"],
  approved: ["Approved", "Approval", "Approved by", "승인"],
  status: ["Status", "State", "상태"],
  horizon: ["Horizon"],
};

/** Names before the text of an item that only say what the section says already. */
const HEAD_LABELS: { readonly [Kind in NoteKind]?: readonly string[] } = {
  worked: ["Approach", "Attempt", "Tried", "접근", "접근법"],
  failed: ["Approach", "Attempt", "Tried", "접근", "접근법"],
  decision: ["Decision", "Decided", "결정"],
  issue: ["Issue", "Bug", "Problem", "이슈", "문제"],
  risk: ["Risk", "위험", "리스크"],
};

const FIELD_OF: ReadonlyMap<string, NoteField> = new Map(
  Object.entries(FIELD_ALIASES).flatMap(([field, names]) =>
    names.flatMap((name): [string, NoteField][] => [
      [name, field as NoteField],
      [wordsOf(name), field as NoteField],
    ]),
  ),
);

/** A label before a value: `**Name**: value`, `**Name:** value` or `Name: value`. */
export interface Label {
  readonly name: string;
  readonly bold: boolean;
  /** Where the value begins in the given text. */
  readonly valueAt: number;
}

const BOLD_LABEL = /^(?:\*\*|__)([^*_\n]{1,60})(?:[:：](?:\*\*|__)|(?:\*\*|__)[ \t]{0,3}[:：])[ \t]*/;
const PLAIN_LABEL = /^([^:：*`\n]{1,40})(?::(?:[ \t]+|$)|：[ \t]*)/;

export function labelOf(text: string): Label | undefined {
  const bold = BOLD_LABEL.exec(text);
  const found = bold ?? PLAIN_LABEL.exec(text);
  if (!found?.[1]) return undefined;
  return { name: found[1], bold: bold !== null, valueAt: found[0].length };
}

export function fieldOf(name: string): NoteField | undefined {
  return FIELD_OF.get(name) ?? FIELD_OF.get(wordsOf(name));
}

export function isHeadLabel(kind: NoteKind, name: string): boolean {
  const labels = HEAD_LABELS[kind];
  if (labels === undefined) return false;
  if (labels.includes(name)) return true;
  const words = wordsOf(name);
  return labels.some((label) => wordsOf(label) === words);
}

/** Labels of the groups of next steps, as we write them. */
export const HORIZON_LABELS: { readonly [H in Horizon]: string } = {
  immediate: "**Immediate** (next session):",
  "short-term": "**Short-term** (this week):",
  future: "**Future considerations**:",
};

const HORIZON_WORDS: readonly (readonly [string, Horizon])[] = [
  ["immediate", "immediate"],
  ["next session", "immediate"],
  ["now", "immediate"],
  ["today", "immediate"],
  ["즉시", "immediate"],
  ["short term", "short-term"],
  ["shortterm", "short-term"],
  ["this week", "short-term"],
  ["soon", "short-term"],
  ["단기", "short-term"],
  ["medium term", "short-term"],
  ["future", "future"],
  ["long term", "future"],
  ["longterm", "future"],
  ["later", "future"],
  ["backlog", "future"],
  ["장기", "future"],
  ["향후", "future"],
];

/** When the steps of a group are due, by how its label begins; undefined for a group of people's own. */
export function horizonOf(label: string): Horizon | undefined {
  const words = `${wordsOf(label.slice(0, 80))} `;
  return HORIZON_WORDS.find(([word]) => words.startsWith(`${word} `))?.[1];
}

export function isHorizon(text: string | undefined): text is Horizon {
  return HORIZONS.some((horizon) => horizon === text);
}
