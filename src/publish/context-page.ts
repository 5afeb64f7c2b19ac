import { normalText } from "../document/item-text.ts";
import { shapeOf, similarity } from "../document/similarity.ts";
import { type GitLines, isGitLine, type WorkLines, withFields } from "./context-fields.ts";
import { conflictIn, type PageLine, pageLines, pageText, sectionRange, withLine } from "./page-lines.ts";

/** A section of the context page: docs/formats/context.md. */
export type ContextSection =
  | "work"
  | "architecture"
  | "decisions"
  | "issues"
  | "dependencies"
  | "testing"
  | "next";
/** Sections whose list items can be leftoff's. */
export type ContextList = Exclude<ContextSection, "work" | "dependencies">;

/** One fact for a list: the whole line, and what it says without reason and day. Texts are redacted. */
export interface ContextItem {
  readonly line: string;
  readonly text: string;
}

export interface ContextFacts extends WorkLines, GitLines {
  readonly lists: { readonly [List in ContextList]: readonly ContextItem[] };
}

export interface ContextQuestion {
  /** The page as it is; undefined where there is none. */
  readonly text: string | undefined;
  readonly facts: ContextFacts;
  /** Lines as we wrote them before, as {@link ContextPage.written} gives them. */
  readonly written: ReadonlySet<string>;
  /** Make the page, or add to a person's what makes it one of ours; else a page without the mark stays as it is. */
  readonly adopt: boolean;
}

export interface ContextPage {
  readonly text: string;
  /** Lines of ours that stand in it now, each behind the name of its section: {@link writtenAs}. */
  readonly written: readonly string[];
  /** Why nothing may be written into it: then `text` is as it was. */
  readonly broken: string | undefined;
}

const HEADINGS: { readonly [Section in ContextSection]: string } = {
  work: "Current Work",
  architecture: "Architecture",
  decisions: "Recent Decisions",
  issues: "Known Issues",
  dependencies: "Dependencies",
  testing: "Testing Notes",
  next: "Next Session",
};
const SECTIONS = Object.keys(HEADINGS) as readonly ContextSection[];
const LISTS: readonly ContextList[] = ["architecture", "decisions", "issues", "testing", "next"];
/** What a person's page gets that has none of it; the others are theirs to make. */
const ADDED: ReadonlySet<ContextSection> = new Set(["work", "decisions", "issues", "next"]);
const MARK = "<!-- leftoff keeps its lines on this page up to date; without this line it only reads it -->";

/** By the words of our headings and of people's, as `wordsOf` gives them; made beforehand, since every hook would make them. */
const ALIASES: ReadonlyMap<string, ContextSection> = new Map(
  (
    [
      ["work", "current work|current|current focus|current task|current state|현재 작업"],
      ["architecture", "architecture|architecture overview|structure|아키텍처"],
      ["decisions", "recent decisions|decisions|key decisions|technical decisions|최근 결정"],
      ["issues", "known issues|issues|open issues|problems|알려진 문제"],
      ["dependencies", "dependencies"],
      ["testing", "testing notes|testing|tests|test notes|테스트"],
      ["next", "next session|next steps|next|next up|다음 세션"],
    ] as const
  ).flatMap(([section, names]) => names.split("|").map((name): [string, ContextSection] => [name, section])),
);

/** As a page of ours begins where there is none. */
const EMPTY = `# Project Context\n${SECTIONS.map((section) => `\n## ${HEADINGS[section]}\n`).join("")}\n${MARK}\n`;
/** Two texts that are more alike than this say the same thing in other words. */
const SAME_FACT = 0.75;

type Line = PageLine<ContextSection>;

/** True for a page that leftoff keeps lines in, and not only reads. */
export function isKept(text: string): boolean {
  return linesOf(text).some(isMark);
}

/**
 * The page with leftoff's lines as the facts are now, and every other byte as it was. Doing it twice changes nothing.
 * Never throws.
 */
export function writeContextPage({ text, facts, written, adopt }: ContextQuestion): ContextPage {
  const before = text ?? "";
  const isNew = before.trim() === "";
  const lines = linesOf(isNew ? EMPTY : before);
  const broken = conflictIn(lines);
  if (broken !== undefined) return { text: before, written: [], broken };
  const isOurs = isNew || lines.some(isMark);
  if (!adopt && (isNew || !isOurs)) return { text: before, written: [], broken: undefined };
  const page = isOurs ? lines : adopted(lines);
  const isWritten = (line: string) => written.has(writtenAs("work", line));
  const worked = inSection(page, "work", (body, eol) => withFields(body, { facts, isWritten, eol }));
  const after = LISTS.reduce((now, list) => {
    const question = {
      items: facts.lists[list],
      isWritten: (line: string) => written.has(writtenAs(list, line)),
    };
    return inSection(now, list, (body, eol) => listed(body, { ...question, eol }));
  }, worked);
  return { text: pageText(after), written: standing(after, facts, written), broken: undefined };
}

/** What tells a line of ours from the same words of a person's in another section. */
export function writtenAs(section: ContextList | "work", line: string): string {
  return `${section} ${line}`;
}

function standing(
  lines: readonly Line[],
  { lists, titles }: ContextFacts,
  written: ReadonlySet<string>,
): readonly string[] {
  const ours = new Set([
    ...written,
    ...LISTS.flatMap((list) => lists[list].map(({ line }) => writtenAs(list, line))),
    ...[...titles].map((title) => writtenAs("work", `Working on: ${title}`)),
  ]);
  // Read again: lines that came in do not know their section yet.
  const all = linesOf(pageText(lines)).map(({ section, content }) => `${section} ${content}`);
  return all.filter((line) => ours.has(line));
}

/** The same with nothing but where HEAD stands: what a brief takes an excerpt of. A commit that is not HEAD's is left out. */
export function withGitBranch(
  text: string,
  git: { readonly gitBranch: string | undefined; readonly commit: string | undefined },
): string {
  const lines = linesOf(text);
  if (!lines.some(isMark) || conflictIn(lines) !== undefined) return text;
  const facts = {
    namesGit: true,
    gitBranch: git.gitBranch,
    commits: undefined,
    work: undefined,
    status: undefined,
    titles: NONE,
  };
  const after = inSection(lines, "work", (body, eol) =>
    withFields(body, { facts, isWritten: () => false, eol }),
  );
  return pageText(
    after.filter(
      (line) =>
        line.section !== "work" ||
        !isGitLine(line.content, "commits") ||
        namesFirst(line.content, git.commit),
    ),
  );
}

const NONE: ReadonlySet<string> = new Set();

function namesFirst(line: string, commit: string | undefined): boolean {
  const hash = /:[*_ ]*([0-9a-f]{4,64})\b/.exec(line)?.[1];
  return hash !== undefined && commit?.startsWith(hash) === true;
}

/** Lines that differ between two versions of the page, without those about git, blank ones and headings. */
export function changedLines(
  before: string,
  after: string,
): { readonly added: readonly string[]; readonly removed: readonly string[] } {
  const [old, now] = [before, after].map(saying);
  const rest = (own: readonly string[], other: readonly string[]): readonly string[] => {
    const left = [...other];
    return own.filter((line) => {
      const at = left.indexOf(line);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
  };
  return { added: rest(now ?? [], old ?? []), removed: rest(old ?? [], now ?? []) };
}

function saying(text: string): readonly string[] {
  return linesOf(text)
    .filter((line) => !line.isHeading && !isMark(line) && line.content.trim() !== "")
    .filter(
      ({ section, content }) =>
        section !== "work" || !(isGitLine(content, "branch") || isGitLine(content, "commits")),
    )
    .map(({ content }) => content.trim());
}

function linesOf(text: string): readonly Line[] {
  return pageLines(text, ALIASES);
}

function isMark({ content, isCode }: Line): boolean {
  return !isCode && content.trim() === MARK;
}

/** A person's page with the sections that it lacks, and the mark, at its end. */
function adopted(lines: readonly Line[]): readonly Line[] {
  const eol = lines[0]?.eol || "\n";
  const missing = SECTIONS.filter(
    (section) => ADDED.has(section) && sectionRange(lines, section) === undefined,
  );
  const added = [...missing.map((section) => `## ${HEADINGS[section]}`), MARK].map((line) => `${line}${eol}`);
  const last = lines.at(-1);
  const gap = last === undefined || last.content.trim() === "" ? "" : eol;
  const end = last?.eol === "" ? eol : "";
  return linesOf(`${pageText(lines)}${end}${gap}${added.join(eol)}`);
}

/** One section's lines made anew; a page without it stays as it is. The mark belongs to no section. */
function inSection(
  lines: readonly Line[],
  section: ContextSection,
  change: (body: readonly Line[], eol: string) => readonly Line[],
): readonly Line[] {
  const range = sectionRange(lines, section);
  if (range === undefined) return lines;
  const mark = lines.findIndex((line, at) => at > range.head && at < range.end && isMark(line));
  const end = mark < 0 ? range.end : mark;
  const eol = lines[0]?.eol || "\n";
  const head = lines.slice(0, range.head + 1).map((line) => (line.eol === "" ? { ...line, eol } : line));
  return [...head, ...change(lines.slice(range.head + 1, end), eol), ...lines.slice(end)];
}

interface ListQuestion {
  readonly items: readonly ContextItem[];
  readonly isWritten: (line: string) => boolean;
  readonly eol: string;
}

/** A list with each fact once: in the words of whoever said it, else in a line of ours. */
function listed(body: readonly Line[], { items, isWritten, eol }: ListQuestion): readonly Line[] {
  const left = new Set(items);
  const standing = new Set<Line>();
  for (const line of body) {
    const item = items.find((each) => left.has(each) && each.line === line.content);
    if (item !== undefined && !line.isCode && left.delete(item)) standing.add(line);
  }
  const kept = body.flatMap((line, at) => {
    const said = saidBy(line);
    if (standing.has(line) || said === undefined) return [line];
    const isOurs = isWritten(line.content) || items.some((each) => each.line === line.content);
    const same = [...left].find((item) => isSameFact(item, said));
    if (same !== undefined) left.delete(same);
    if (!isOurs) return [line];
    if (same !== undefined) return [{ ...line, content: same.line }];
    return isExplained(body[at + 1]) ? [line] : [];
  });
  const last = kept.findLastIndex(({ content }) => content.trim() !== "");
  return [...left].reduce<readonly Line[]>(
    (now, item, index) =>
      withLine(now, last + 1 + index, {
        content: item.line,
        eol,
        section: undefined,
        isHeading: false,
        isCode: false,
      }),
    kept,
  );
}

const ITEM = /^ {0,3}(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX✓]\][ \t]+)?(.*)$/;

function saidBy({ content, isCode }: Line): string | undefined {
  return isCode ? undefined : ITEM.exec(content)?.[1];
}

function isExplained(next: Line | undefined): boolean {
  return next !== undefined && /^[ \t]+\S/.test(next.content);
}

function isSameFact({ line, text }: ContextItem, said: string): boolean {
  const shape = shapeOf(normalText(said));
  const whole = ITEM.exec(line)?.[1] ?? line;
  return [text, whole].some((own) => similarity(shapeOf(own), shape) >= SAME_FACT);
}
