import { normalText } from "../document/item-text.ts";
import { type PageLine, withLine } from "./page-lines.ts";

/** What Current Work says of the session; undefined leaves the lines as they are. Texts are redacted. */
export interface WorkLines {
  readonly work: string | undefined;
  readonly status: string | undefined;
  /** Titles of sessions known here: a line that names one of them is ours. */
  readonly titles: ReadonlySet<string>;
}

/** What it says of the work tree; undefined outside git, and where git did not tell. */
export interface GitLines {
  /** False for a page that others have, too: what is true of one work tree only is left out of it. */
  readonly namesGit: boolean;
  readonly gitBranch: string | undefined;
  /** `1a2b3c4 Retry webhooks`, newest first. */
  readonly commits: readonly string[] | undefined;
}

type FieldName = "work" | "status" | "branch" | "commits";

const LABELS: { readonly [Name in FieldName]: string } = {
  work: "Working on",
  status: "Status",
  branch: "Branch",
  commits: "Recent commits",
};
const NAMES = Object.keys(LABELS) as readonly FieldName[];
/** In small letters. */
const ALIASES: ReadonlyMap<string, FieldName> = new Map<string, FieldName>([
  ...["working on", "feature", "task", "session"].map((label): [string, FieldName] => [label, "work"]),
  ["status", "status"],
  ...["branch", "git branch"].map((label): [string, FieldName] => [label, "branch"]),
  ...["recent commits", "last commit", "recent commit"].map((label): [string, FieldName] => [
    label,
    "commits",
  ]),
]);
/** `Branch: main`, `- **Branch**: main`, `**Branch:** main`: what comes before the value, and the value. */
const fieldLine = () =>
  /^( {0,3}(?:[-*+][ \t]+)?\*{0,2})([\p{L}][\p{L} ]{0,30})(\*{0,2}:\*{0,2}[ \t]*)(.*)$/u;
/** States as we say them. */
const OUR_STATUS = /^(?:new|in progress|paused|completed|archived|blocked(?:: .*)?|cancelled(?:: .*)?)$/;
const OUR_GIT_LINE = /^(?:Branch|Recent commits): /;
const VALUE_CHARS_MAX = 300;

interface Field {
  readonly name: FieldName;
  readonly before: string;
  readonly value: string;
}

/** A line of Current Work that says this of git. */
export function isGitLine(content: string, name: "branch" | "commits"): boolean {
  return fieldIn(content)?.name === name;
}

export interface FieldsQuestion {
  readonly facts: WorkLines & GitLines;
  readonly isWritten: (line: string) => boolean;
  readonly eol: string;
}

/** The lines of Current Work, each field once: values of ours as they are now, a person's as they were. */
export function withFields<Section extends string>(
  body: readonly PageLine<Section>[],
  question: FieldsQuestion,
): readonly PageLine<Section>[] {
  const { facts, isWritten, eol } = question;
  if (!facts.namesGit) return withoutGit(body, question);
  const values = valuesOf(facts);
  const known = body.map((line) => ownField(line, facts, isWritten));
  const theirs = new Set(known.flatMap((field) => (field?.isOurs === false ? [field.name] : [])));
  const ours = new Set(known.flatMap((field) => (field?.isOurs === true ? [field.name] : [])));
  const isAdded = (name: FieldName): boolean => !ours.has(name) && !theirs.has(name);
  // What somebody says in their own words of their work has a state in their words, or none.
  const isTheirWork = theirs.has("work") && !ours.has("work");
  const seen = new Set<FieldName>();
  const kept = body.flatMap((line, at) => {
    const field = known[at];
    const value = field?.isOurs === true ? values[field.name] : undefined;
    if (field === undefined || value === undefined) return [line];
    const isSecond = seen.has(field.name);
    seen.add(field.name);
    if (isSecond) return [];
    return [field.value === value ? line : { ...line, content: withValue(field, value) }];
  });
  const missing = NAMES.filter((name) => values[name] !== undefined && isAdded(name));
  return missing
    .filter((name) => !(isTheirWork && name === "status"))
    .reduce<readonly PageLine<Section>[]>(
      (lines, name) => added(lines, { name, value: values[name] ?? "", eol }),
      kept,
    );
}

/** Lines about git in our words go, others stay as they are. */
function withoutGit<Section extends string>(
  body: readonly PageLine<Section>[],
  question: FieldsQuestion,
): readonly PageLine<Section>[] {
  const facts = { ...question.facts, namesGit: true, gitBranch: undefined, commits: undefined };
  return withFields(
    body.filter((line) => line.isCode || !OUR_GIT_LINE.test(line.content)),
    { ...question, facts },
  );
}

function ownField(
  { content, isCode }: PageLine<string>,
  facts: WorkLines,
  isWritten: (line: string) => boolean,
): (Field & { readonly isOurs: boolean }) | undefined {
  const field = isCode ? undefined : fieldIn(content);
  return field === undefined
    ? undefined
    : { ...field, isOurs: isOurs(field, { facts, isWritten: isWritten(content) }) };
}

function withValue({ before }: Field, value: string): string {
  return `${before}${/[ \t]$/.test(before) ? "" : " "}${value}`;
}

function valuesOf({ work, status, gitBranch, commits }: WorkLines & GitLines): {
  readonly [Name in FieldName]: string | undefined;
} {
  const short = (text: string | undefined) => (text === undefined ? undefined : shortened(text));
  const list = commits === undefined || commits.length === 0 ? undefined : commits.join("; ");
  return { work: short(work), status: short(status), branch: short(gitBranch), commits: short(list) };
}

function isOurs(
  { name, value }: Field,
  { facts, isWritten }: { readonly facts: WorkLines; readonly isWritten: boolean },
): boolean {
  if (name === "branch" || name === "commits" || value === "") return true;
  if (name === "status") return OUR_STATUS.test(value);
  return isWritten || facts.titles.has(value);
}

/** Behind the last field that comes before it in our order, else first. */
function added<Section extends string>(
  lines: readonly PageLine<Section>[],
  { name, value, eol }: { readonly name: FieldName; readonly value: string; readonly eol: string },
): readonly PageLine<Section>[] {
  const place = NAMES.indexOf(name);
  const at = lines.findLastIndex((line) => {
    const field = line.isCode ? undefined : fieldIn(line.content);
    return field !== undefined && NAMES.indexOf(field.name) < place;
  });
  const content = `${LABELS[name]}: ${value}`;
  return withLine(lines, at + 1, { content, eol, section: undefined, isHeading: false, isCode: false });
}

function fieldIn(content: string): Field | undefined {
  const [, mark = "", label = "", colon = "", value = ""] = fieldLine().exec(content) ?? [];
  const name = ALIASES.get(label.trim().toLowerCase());
  return name === undefined ? undefined : { name, before: `${mark}${label}${colon}`, value: value.trimEnd() };
}

function shortened(text: string): string {
  const line = normalText(text);
  return line.length <= VALUE_CHARS_MAX ? line : `${line.slice(0, VALUE_CHARS_MAX - 1).trimEnd()}…`;
}
