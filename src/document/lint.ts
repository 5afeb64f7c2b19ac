import { LINT_BEHIND_MS, LINT_LINES_MAX, LINT_WAITING_DAYS_MAX } from "../base/limits.ts";
import { isOfTemplate, type Note } from "../session/note.ts";
import type { StateDocument } from "./document.ts";

/** What is looked at: the notes of a session, its document as it stands, and when it was worked on. */
export interface LintMaterial {
  readonly notes: readonly Note[];
  /** Undefined where there is no file. */
  readonly document: (StateDocument & { readonly lines: number }) | undefined;
  readonly phase: string;
  readonly nowMs: number;
  /** The last turn of a conversation, and the last note that a person or an agent wrote; 0 where there is none. */
  readonly lastTurnAtMs: number;
  readonly lastNotedAtMs: number;
  readonly completedAtMs: number | undefined;
  /** Files that its conversations changed. */
  readonly filesChanged: number;
}

/** A rule that a session breaks, and what to do about it. */
export interface LintFinding {
  readonly rule: LintRule;
  readonly message: string;
  /** The command, or the words, that settle it. */
  readonly fix: string;
  readonly note?: Note["id"];
  /** What `--fix` does about it; undefined where somebody has to know something that we do not. */
  readonly repair?: { readonly field: "priority"; readonly value: string };
}

const LINT_RULES = [
  "status",
  "reason",
  "priority",
  "files",
  "time",
  "links",
  "archived",
  "context",
  "vague",
  "mixed",
  "current",
  "length",
  "unconfirmed",
  "decision",
] as const;
export type LintRule = (typeof LINT_RULES)[number];

const DAY_MS = 24 * 60 * 60 * 1000;

/** What of a session would leave the next one guessing: each do and don't of the users' own guide as a rule. Pure and total. */
export function lintSession(material: LintMaterial): readonly LintFinding[] {
  const standing = material.notes.filter(({ state }) => state === "open" || state === "proposed");
  return [
    ...documentFindings(material),
    ...wholeFindings(material, standing),
    ...standing.flatMap((note) => noteFindings(note)),
  ];
}

function documentFindings({ document, phase, completedAtMs, nowMs }: LintMaterial): readonly LintFinding[] {
  const findings: LintFinding[] = [];
  if (document !== undefined && document.status === undefined)
    findings.push({
      rule: "status",
      message: "The document does not say where the work stands.",
      fix: "Write in_progress, completed or blocked behind **Status**.",
    });
  if (document !== undefined && document.lines > LINT_LINES_MAX)
    findings.push({
      rule: "length",
      message: `The document has ${document.lines} lines; past ${LINT_LINES_MAX} nobody reads to the end.`,
      fix: "`leftoff rotate` closes what is over into an older part.",
    });
  const waits = completedAtMs === undefined ? 0 : (nowMs - completedAtMs) / DAY_MS;
  if (phase === "complete" && waits > LINT_WAITING_DAYS_MAX)
    findings.push({
      rule: "archived",
      message: `Completed ${Math.floor(waits)} days ago, and not archived.`,
      fix: "`leftoff archive`",
    });
  return findings;
}

function wholeFindings(material: LintMaterial, standing: readonly Note[]): readonly LintFinding[] {
  const findings: LintFinding[] = [];
  const has = (kind: Note["kind"]) =>
    material.notes.some((note) => note.kind === kind && note.state !== "dropped");
  const isWorkedOn = material.phase === "active" || material.phase === "working";
  if (material.filesChanged > 0 && !has("summary"))
    findings.push({
      rule: "context",
      message: "Nothing says what the work is about: who comes next has to guess.",
      fix: 'leftoff note summary "what it is for, and where it stands"',
    });
  if (isWorkedOn && material.filesChanged > 0 && !has("next"))
    findings.push({
      rule: "context",
      message: "No next step is left.",
      fix: 'leftoff note next "…" --priority high',
    });
  if (material.lastTurnAtMs - material.lastNotedAtMs > LINT_BEHIND_MS)
    findings.push({
      rule: "current",
      message: "Work went on for hours after the last note.",
      fix: "Note during the work: `leftoff note finding|failed|decision …`.",
    });
  const topics = topicsOf(standing);
  if (topics.length > 1)
    findings.push({
      rule: "mixed",
      message: `Several features in one session: ${topics.slice(0, 4).join(", ")}.`,
      fix: 'leftoff new "the other one"',
    });
  return findings;
}

/** Tags are what somebody says a note is about: two next steps without a tag in common are of different features. */
function topicsOf(notes: readonly Note[]): readonly string[] {
  const groups: Set<string>[] = [];
  for (const { kind, fields } of notes) {
    const tags = (fields.tags ?? "")
      .toLowerCase()
      .split(/[,;\s]+/)
      .filter((tag) => tag !== "");
    if (kind !== "next" || tags.length === 0) continue;
    const meets = groups.filter((group) => tags.some((tag) => group.has(tag)));
    const merged = new Set([...tags, ...meets.flatMap((group) => [...group])]);
    groups.splice(0, groups.length, ...groups.filter((group) => !meets.includes(group)), merged);
  }
  return groups.map((group) => [...group][0] ?? "");
}

function noteFindings(note: Note): readonly LintFinding[] {
  // Its steps are general on purpose, and their order is that of its phases.
  if (isOfTemplate(note) && note.state !== "proposed") return [];
  const findings: LintFinding[] = [];
  const said = shortened(note.text);
  const add = (rule: LintRule, message: string, rest: Omit<LintFinding, "rule" | "message" | "note">) =>
    findings.push({ rule, message, note: note.id, ...rest });
  const id = note.id.slice(-6);
  if (note.state === "proposed") {
    add("unconfirmed", `"${said}" is a guess of leftoff's.`, { fix: `leftoff notes confirm ${id}` });
    return findings;
  }
  if (isVague(note.text))
    add("vague", `"${said}" says too little to act on.`, {
      fix: `leftoff notes edit ${id} "what exactly, and where"`,
    });
  findings.push(...kindFindings(note, said));
  return findings;
}

interface NoteRule {
  readonly rule: LintRule;
  readonly kinds: readonly Note["kind"][];
  readonly lacks: (note: Note) => boolean;
  /** What is said behind the note's words. */
  readonly words: string;
  /** The field below the note that settles it. */
  readonly field: string;
}

const NOTE_RULES: readonly NoteRule[] = [
  {
    rule: "reason",
    kinds: ["failed"],
    lacks: ({ fields }) => !(fields.why || fields.cause),
    words: "failed, and nothing says why.",
    field: "Why it failed",
  },
  {
    rule: "time",
    kinds: ["failed"],
    lacks: ({ fields }) => !fields.time,
    words: "does not say what it cost.",
    field: "Time spent",
  },
  {
    rule: "files",
    kinds: ["worked"],
    lacks: ({ text, fields }) => !(fields.file || NAMES_FILE.test(`${text} ${fields.result ?? ""}`)),
    words: "names no file.",
    field: "Code location",
  },
  {
    rule: "decision",
    kinds: ["decision"],
    lacks: ({ fields }) => !fields.why,
    words: "was decided without a reason.",
    field: "Reasoning",
  },
  {
    rule: "priority",
    kinds: ["next", "issue"],
    lacks: ({ text, fields }) => !(fields.priority || SAYS_PRIORITY.test(text)),
    words: "has no priority.",
    field: "Priority",
  },
  {
    rule: "links",
    kinds: ["blocker", "issue"],
    lacks: ({ text, fields }) => NAMES_TICKET.test(text) && !(fields.link || text.includes("://")),
    words: "names an issue without a link.",
    field: "Link",
  },
];

function kindFindings(note: Note, said: string): readonly LintFinding[] {
  return NOTE_RULES.filter(({ kinds, lacks }) => kinds.includes(note.kind) && lacks(note)).map(
    ({ rule, words, field }): LintFinding => ({
      rule,
      note: note.id,
      message: `"${said}" ${words}`,
      fix: inDocument(field),
      ...(rule === "priority" && isForLater(note) ? { repair: { field: "priority", value: "low" } } : {}),
    }),
  );
}

function isForLater({ kind, fields }: Note): boolean {
  return kind === "next" && (fields.horizon === "short-term" || fields.horizon === "future");
}

function inDocument(label: string): string {
  return `\`leftoff edit\`, and below it: **${label}**: …`;
}

const NAMES_FILE = /`[^`]+`|[\w-]+\/[\w.-]+|\b[\w-]+\.[a-z]{1,5}\b/i;
const SAYS_PRIORITY = /\b(?:high|medium|low|critical|urgent|p[0-4])\b/i;
const NAMES_TICKET = /(?:^|\s)(?:#\d+|[A-Z]{2,8}-\d+)\b/;
/** Words that stand for saying nothing. */
const VAGUE =
  /^(?:(?:i |we )?(?:fix(?:ed)?|do|did|changed?|updated?|improved?|try|tried|clean(?:ed)?|work(?:ed)? on|make|made|some) (?:up )?(?:(?:some|various|many|more|a few|the|other) )?(?:stuff|things?|code|bugs?|changes|it|everything|fixes|improvements)|stuff|things|misc|wip|various (?:fixes|changes)|continue(?: work(?:ing)?)?|keep going|more work|finish (?:it|this|everything)|todo|tbd|etc)[.!…]*$/i;

/** "Fixed stuff", "did things": nothing that the next session could use. */
export function isVague(text: string): boolean {
  return text.length <= 60 && VAGUE.test(text.trim());
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59).trimEnd()}…`;
}
