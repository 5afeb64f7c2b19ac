import { HORIZONS, type Horizon, NOTE_FIELDS, type NoteField, type NoteKind } from "../session/note.ts";
import { type Names, namesOf, wordsOf } from "./names.ts";

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
    labels: {
      result: "Result",
      evidence: "Validation evidence",
      why: "Why it works",
      time: "Time spent",
      file: "Code location",
    },
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
      cause: "Root cause",
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
    labels: {
      why: "Reasoning",
      tradeoff: "Trade-off",
      approved: "Approved",
      result: "Outcome",
      superseded: "Superseded by",
    },
  },
  issue: {
    ...PLAIN,
    label: "Issue",
    box: true,
    loose: true,
    tick: true,
    labels: {
      status: "Status",
      impact: "Potential impact",
      priority: "Priority",
      mitigation: "Mitigation",
    },
  },
  blocker: { ...PLAIN, tick: true, labels: { waiting: "Waiting on", expected: "Expected" } },
  risk: {
    ...PLAIN,
    label: "Risk",
    tick: true,
    labels: {
      likelihood: "Likelihood",
      impact: "Potential impact",
      mitigation: "Mitigation",
      priority: "Priority",
    },
  },
  solution: { ...PLAIN, labels: { cause: "Root cause" } },
  implementation: PLAIN,
  deployment: PLAIN,
  metric: { ...PLAIN, labels: { before: "Before", after: "After", gain: "Gain" } },
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
  cause: "Root cause",
  evidence: "Evidence",
  mitigation: "Mitigation",
  likelihood: "Likelihood",
  waiting: "Waiting on",
  expected: "Expected",
  superseded: "Superseded by",
  before: "Before",
  after: "After",
  gain: "Gain",
  owner: "Owner",
  link: "Link",
  tags: "Tags",
  scope: "Scope",
  pinned: "Pinned",
};

/** Names of fields that people use; published in docs/formats/document.md. */
export const FIELD_ALIASES: { readonly [Field in NoteField]: readonly string[] } = {
  result: ["Result", "Results", "Outcome", "결과", "Resultado", "Résultat", "Ergebnis", "結果", "结果"],
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
    "Turned out",
    "Because",
    "이유",
    "문제",
    "근거",
    "Por qué",
    "Pourquoi",
    "Warum",
    "理由",
    "原因",
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
    "Lección",
    "Leçon",
    "Lektion",
    "教訓",
    "教训",
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
  cause: ["Root cause", "Root causes", "Cause", "원인", "근본 원인", "根本原因"],
  evidence: ["Evidence", "Validation evidence", "Validation", "Validated by", "Verified by", "Proof", "검증"],
  mitigation: ["Mitigation", "Mitigation strategy", "Mitigations", "Mitigated by", "Workaround", "완화"],
  likelihood: ["Likelihood", "Probability", "가능성"],
  waiting: ["Waiting on", "Waiting for", "Blocked by", "Blocked on", "Depends on", "대기"],
  expected: [
    "Expected",
    "Expected date",
    "Expected by",
    "Expected resolution",
    "ETA",
    "Due",
    "Due date",
    "예상",
  ],
  superseded: ["Superseded by", "Superseded", "Replaced by", "대체"],
  before: ["Before", "Baseline", "이전"],
  after: ["After", "이후"],
  gain: ["Gain", "Improvement", "Speedup", "Speed-up", "향상"],
  owner: ["Owner", "Assignee", "Responsible", "담당"],
  link: ["Link", "Links", "See also", "Reference", "References", "링크"],
  tags: ["Tags", "Tag", "태그"],
  scope: ["Scope", "범위"],
  pinned: ["Pinned", "Pin", "고정"],
};

/** Names before the text of an item that only say what the section says already. */
const HEAD_LABELS: { readonly [Kind in NoteKind]?: readonly string[] } = {
  worked: ["Approach", "Attempt", "Tried", "접근", "접근법"],
  failed: ["Approach", "Attempt", "Tried", "접근", "접근법"],
  decision: ["Decision", "Decided", "결정"],
  issue: ["Issue", "Bug", "Problem", "이슈", "문제"],
  risk: ["Risk", "위험", "리스크"],
};

/** How the column with the text of an item is called in a table, beside {@link HEAD_LABELS}. */
const TEXT_COLUMNS: readonly string[] = [
  "metric name what item task step description name benchmark operation measure file command".split(" "),
  ["next step", "what was tried", "learning", "항목", "지표", "項目", "指標", "项目", "指标"],
].flat();

/** The field that a bold name says the value of. */
export const fieldOf: Names<NoteField> = namesOf(() => {
  const table = new Map<string, NoteField>();
  for (const field of NOTE_FIELDS) for (const name of FIELD_ALIASES[field]) table.set(name, field);
  return table;
});

/** A label before a value: `**Name**: value`, `**Name:** value` or `Name: value`. */
export interface Label {
  readonly name: string;
  readonly bold: boolean;
  /** Where the value begins in the given text. */
  readonly valueAt: number;
}

export function labelOf(text: string): Label | undefined {
  return boldLabel(text) ?? plainLabel(text);
}

const BOLD_CHARS_MAX = 60;

/** Read by hand: every field of a document has one, and an expression would make an array of each. */
function boldLabel(text: string): Label | undefined {
  if (!isMarkAt(text, 0)) return undefined;
  let end = 2;
  while (end <= 2 + BOLD_CHARS_MAX && !endsBold(text.charCodeAt(end))) end += 1;
  if (!isMarkAt(text, end)) return undefined;
  let colon = end + 2;
  while (colon < end + 5 && isSpace(text.charCodeAt(colon))) colon += 1;
  const isBehind = end <= 2 + BOLD_CHARS_MAX && isColon(text.charCodeAt(colon));
  if (!isBehind && !isColon(text.charCodeAt(end - 1))) return undefined;
  const name = text.slice(2, isBehind ? end : end - 1);
  let valueAt = isBehind ? colon + 1 : end + 2;
  while (isSpace(text.charCodeAt(valueAt))) valueAt += 1;
  return name === "" ? undefined : { name, bold: true, valueAt };
}

function isMarkAt(text: string, at: number): boolean {
  return text.startsWith("**", at) || text.startsWith("__", at);
}

function endsBold(char: number): boolean {
  return char === 0x2a || char === 0x5f || char === 0x0a || Number.isNaN(char);
}

function isSpace(char: number): boolean {
  return char === 0x20 || char === 0x09;
}

const COLON = 0x3a;

function isColon(char: number): boolean {
  return char === COLON || char === 0xff1a;
}

const PLAIN_CHARS_MAX = 40;

/** A name without bold print, a colon, and white space or the end behind it. Most points have none, and every one of them is asked. */
function plainLabel(text: string): Label | undefined {
  let end = 0;
  while (end < PLAIN_CHARS_MAX && !endsPlain(text.charCodeAt(end))) end += 1;
  const colon = text.charCodeAt(end);
  if (end === 0 || !isColon(colon)) return undefined;
  let valueAt = end + 1;
  while (isSpace(text.charCodeAt(valueAt))) valueAt += 1;
  if (colon === COLON && valueAt === end + 1 && valueAt < text.length) return undefined;
  return { name: text.slice(0, end), bold: false, valueAt };
}

function endsPlain(char: number): boolean {
  return isColon(char) || char === 0x2a || char === 0x60 || char === 0x0a || Number.isNaN(char);
}

export function isHeadLabel(kind: NoteKind, name: string): boolean {
  const labels = HEAD_LABELS[kind];
  if (labels === undefined) return false;
  if (labels.includes(name)) return true;
  const words = wordsOf(name);
  return labels.some((label) => wordsOf(label) === words);
}

/** What a column of a table holds, by its header; undefined for one of people's own. */
export function columnOf(kind: NoteKind, header: string): NoteField | "text" | undefined {
  if (isHeadLabel(kind, header)) return "text";
  const words = wordsOf(header);
  return TEXT_COLUMNS.includes(words) || words === kind ? "text" : fieldOf(header);
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
  ["this sprint", "short-term"],
  ["next sprint", "future"],
  ["someday", "future"],
  ["inmediato", "immediate"],
  ["immédiat", "immediate"],
  ["sofort", "immediate"],
  ["corto plazo", "short-term"],
  ["court terme", "short-term"],
  ["kurzfristig", "short-term"],
  ["largo plazo", "future"],
  ["long terme", "future"],
  ["langfristig", "future"],
];

/** Labels that say how urgent the items below them are. */
const PRIORITY_WORDS: readonly (readonly [string, string])[] = [
  ["critical", "critical"],
  ["urgent", "critical"],
  ["high priority", "high"],
  ["priority high", "high"],
  ["medium priority", "medium"],
  ["priority medium", "medium"],
  ["low priority", "low"],
  ["priority low", "low"],
  ["p0", "critical"],
  ["p1", "high"],
  ["p2", "medium"],
  ["p3", "low"],
];

/** The priority of the steps of a group, by how its label begins: `High priority:`, `P1`. */
export function priorityOf(label: string): string | undefined {
  if (ourHorizon(label) !== undefined) return undefined;
  const words = `${wordsOf(label.slice(0, 80))} `;
  return PRIORITY_WORDS.find(([word]) => words.startsWith(`${word} `))?.[1];
}

/** When the steps of a group are due, by how its label begins; undefined for a group of people's own. */
export function horizonOf(label: string): Horizon | undefined {
  const ours = ourHorizon(label);
  if (ours !== undefined) return ours;
  const words = `${wordsOf(label.slice(0, 80))} `;
  return HORIZON_WORDS.find(([word]) => words.startsWith(`${word} `))?.[1];
}

/** Of a label as we write it, whose words need not be looked for. */
function ourHorizon(label: string): Horizon | undefined {
  return HORIZONS.find((horizon) => HORIZON_LABELS[horizon] === label);
}

export function isHorizon(text: string | undefined): text is Horizon {
  return HORIZONS.some((horizon) => horizon === text);
}
