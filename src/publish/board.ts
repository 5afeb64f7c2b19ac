import { normalText } from "../document/item-text.ts";
import { wordsOf } from "../document/names.ts";
import { conflictIn, type PageLine, pageLines, pageText, sectionRange, withLine } from "./page-lines.ts";

/** Where a session stands on the board: docs/formats/board.md. */
export type BoardColumn = "active" | "completed" | "blocked";

/** One session of the person whose board lines are written. Texts are redacted. */
export interface BoardSession {
  readonly slug: string;
  readonly title: string;
  readonly column: BoardColumn;
  /** What it waits for, or why it was cancelled. */
  readonly reason: string | undefined;
  readonly paused: boolean;
}

export interface BoardQuestion {
  /** The file as it is; undefined where there is none. */
  readonly text: string | undefined;
  /** `@ada`. */
  readonly person: string;
  readonly sessions: readonly BoardSession[];
  /** Every session that is this person's here, also those that belong on no board any more. */
  readonly known: ReadonlySet<string>;
  /** Lines as we wrote them last, by slug: another one is the person's own words. */
  readonly written: ReadonlyMap<string, string>;
}

export interface Board {
  readonly text: string;
  /** Lines of this person as they stand now and as we would write them, by slug. */
  readonly written: ReadonlyMap<string, string>;
  /** Sessions whose line is in somebody's own words, and stays so. */
  readonly kept: readonly string[];
  /** Why nothing may be written into it: then `text` is as it was. */
  readonly broken: string | undefined;
}

const HEADINGS: { readonly [Column in BoardColumn]: string } = {
  active: "Active Sessions",
  completed: "Recent Completions",
  blocked: "Blocked Work",
};
const COLUMNS = Object.keys(HEADINGS) as readonly BoardColumn[];
/** What people call these sections, as {@link wordsOf} gives it. */
const ALIASES: ReadonlyMap<string, BoardColumn> = new Map<string, BoardColumn>([
  ...["active sessions", "active", "active work", "in progress", "current work", "진행 중"].map(
    (name): [string, BoardColumn] => [name, "active"],
  ),
  ...["recent completions", "recently completed", "completed", "completions", "done", "완료"].map(
    (name): [string, BoardColumn] => [name, "completed"],
  ),
  ...["blocked work", "blocked", "blocked sessions", "blockers", "waiting", "차단됨"].map(
    (name): [string, BoardColumn] => [name, "blocked"],
  ),
]);

/** A new board before its first line. */
const EMPTY = `# Sessions (shared with the team)\n${COLUMNS.map((column) => `\n## ${HEADINGS[column]}\n`).join("")}`;
/** A title on a board is a reminder. */
const TITLE_CHARS_MAX = 100;
const REASON_CHARS_MAX = 200;

/**
 * The board with this person's lines up to date: one a session, sorted among those that are there. Everybody else's lines,
 * headings and words stay byte for byte, and so does a line of this person's that they put into words of their own, as
 * long as it stands in the right section. Doing it twice changes nothing. Never throws.
 */
export function writeBoard(question: BoardQuestion): Board {
  const text = question.text ?? "";
  const isNew = text.trim() === "";
  const lines = linesOf(isNew ? EMPTY : text);
  const broken = isNew ? undefined : conflictIn(lines);
  if (broken !== undefined) return { text, written: question.written, kept: [], broken };
  const sorted = sortedOut(question, lines);
  const eol = lines[0]?.eol || "\n";
  const entries = [...question.sessions].sort((a, b) => (a.slug < b.slug ? -1 : 1));
  let after: readonly Line[] = sorted.lines;
  for (const session of entries) {
    if (sorted.standing.has(session.slug)) continue;
    const content = sorted.words.get(session.slug) ?? lineFor(question.person, session);
    after = inserted(after, { column: session.column, content, eol });
  }
  return {
    text: pageText(after),
    written: new Map(entries.map((session) => [session.slug, lineFor(question.person, session)])),
    kept: [...sorted.kept],
    broken: undefined,
  };
}

/** `- @ada: 2026-01-25-feature-auth (Feature auth)`. */
export function lineFor(person: string, session: BoardSession): string {
  const { slug, title, column, paused } = session;
  const reason = shortened(session.reason ?? "", REASON_CHARS_MAX);
  const name = shortened(title, TITLE_CHARS_MAX) || slug;
  const head = `- ${person}: ${slug}`;
  switch (column) {
    case "active":
      return `${head} (${name}${paused ? "; paused" : ""})`;
    case "completed":
      return session.reason === undefined
        ? `${head} (${name}) ✓`
        : `${head} (${name}; cancelled${reason === "" ? "" : `: ${reason}`})`;
    case "blocked":
      return `${head} blocked on ${reason.replace(/^(?:waiting|blocked) (?:for|on|by) /i, "") || "something"}`;
  }
}

interface Line extends PageLine<BoardColumn> {
  /** `@ada 2026-01-25-feature-auth` where it names somebody and their session. */
  readonly key: string | undefined;
}

const ENTRY = /^ {0,3}[-*+][ \t]+(@[^\s:]+):[ \t]+([^\s(]+)/;

function linesOf(text: string): readonly Line[] {
  return pageLines(text, ALIASES).map((line) => {
    const entry = line.isCode || line.isHeading ? null : ENTRY.exec(line.content);
    return { ...line, key: entry === null ? undefined : keyOf(entry[1] ?? "", entry[2] ?? "") };
  });
}

function keyOf(person: string, slug: string): string {
  return `${person.toLowerCase()} ${slug}`;
}

interface SortedOut {
  readonly lines: readonly Line[];
  /** Slugs whose line stands where it belongs already. */
  readonly standing: ReadonlySet<string>;
  /** Words of a person's that move with their session to another section. */
  readonly words: ReadonlyMap<string, string>;
  readonly kept: ReadonlySet<string>;
}

/** Takes out this person's lines that are out of date, double, or in the wrong section. */
function sortedOut(question: BoardQuestion, lines: readonly Line[]): SortedOut {
  const wanted = new Map(question.sessions.map((session) => [session.slug, session]));
  const standing = new Set<string>();
  const kept = new Set<string>();
  const words = new Map<string, string>();
  const left = lines.filter((line) => {
    const slug = ownSlug(question, line);
    if (slug === undefined) return true;
    const session = standing.has(slug) ? undefined : wanted.get(slug);
    const verdict = session === undefined ? "goes" : judged(question, session, line);
    if (verdict === "goes") return false;
    if (verdict !== "stands" && verdict !== "is theirs") {
      words.set(slug, verdict.moves);
      return false;
    }
    standing.add(slug);
    if (verdict === "is theirs") kept.add(slug);
    return true;
  });
  return { lines: left, standing, words, kept };
}

type Verdict = "stands" | "is theirs" | "goes" | { readonly moves: string };

/** What becomes of a line about a session that belongs on the board. */
function judged({ person, written }: BoardQuestion, session: BoardSession, line: Line): Verdict {
  const own = lineFor(person, session);
  const isTheirs = line.content !== own && line.content !== written.get(session.slug);
  if (line.section === session.column) {
    if (isTheirs) return "is theirs";
    return line.content === own ? "stands" : "goes";
  }
  const moves = isTheirs ? inColumn(person, session, line.content) : undefined;
  return moves === undefined ? "goes" : { moves };
}

function ownSlug({ person, known }: BoardQuestion, { key, section }: Line): string | undefined {
  if (key === undefined || section === undefined) return undefined;
  const [who = "", slug = ""] = key.split(" ", 2);
  return who === person.toLowerCase() && known.has(slug) ? slug : undefined;
}

/** What a person wrote in brackets about their session goes with it from section to section. */
function inColumn(person: string, session: BoardSession, content: string): string | undefined {
  const said = /\((.*)\)[^()]*$/.exec(content)?.[1];
  if (said === undefined || session.column === "blocked") return undefined;
  return lineFor(person, session).replace(/\(.*\)/, () => `(${said})`);
}

/** Before the first entry of its section that sorts behind it, else behind the last line there that says something. */
function inserted(
  lines: readonly Line[],
  { column, content, eol }: { readonly column: BoardColumn; readonly content: string; readonly eol: string },
): readonly Line[] {
  const range = sectionRange(lines, column);
  if (range === undefined) return inserted(withSection(lines, column, eol), { column, content, eol });
  const key = linesOf(content)[0]?.key ?? "";
  const body = lines.slice(range.head + 1, range.end);
  const behind = body.findIndex((other) => other.key !== undefined && other.key > key);
  const last = body.findLastIndex((other) => other.content.trim() !== "");
  const at = range.head + 1 + (behind >= 0 ? behind : last + 1);
  return withLine(lines, at, { ...PLAIN, content, eol, section: column, key });
}

const PLAIN = { isHeading: false, isCode: false, section: undefined, key: undefined } as const;

function withSection(lines: readonly Line[], column: BoardColumn, eol: string): readonly Line[] {
  const whole = lines.map((one) => (one.eol === "" ? { ...one, eol } : one));
  const blank: Line = { ...PLAIN, content: "", eol };
  const heading: Line = {
    ...PLAIN,
    content: `## ${HEADINGS[column]}`,
    eol,
    section: column,
    isHeading: true,
  };
  return [...whole, ...(whole.at(-1)?.content.trim() === "" ? [] : [blank]), heading];
}

/** One line without brackets that would end the ones around it. */
function shortened(text: string, charsMax: number): string {
  const line = normalText(text);
  return line.length <= charsMax ? line : `${line.slice(0, charsMax - 1).trimEnd()}…`;
}
