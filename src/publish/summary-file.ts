import { sha256 } from "../base/digest.ts";

/**
 * The part of `session-summary.md` that is ours, between two comments, of which the second has a digest of what stands
 * between them: docs/formats/summary.md. Everything around it is people's.
 */
const BEGIN = "<!-- leftoff summary: `leftoff summary --write` writes this part anew -->";
const END = /^<!-- leftoff summary end ([0-9a-f]{16}) -->$/;

export interface SummaryFile {
  readonly text: string;
  /** Lines of people's that stood in our part, and stand below it now. */
  readonly kept: readonly string[];
}

export type Written =
  | ({ readonly kind: "file" } & SummaryFile)
  /** Nothing that we could put our part into without guessing; `why` is half a sentence. */
  | { readonly kind: "broken"; readonly why: string };

/**
 * The file with this page as our part. What people wrote around it keeps its bytes; lines that they wrote into it are put
 * below it. Doing it twice changes nothing.
 *
 * @param before the file, "" for none.
 * @param written our part as we wrote it last, if that is known: what is not in it is people's.
 */
export function writeSummaryFile({
  before,
  page,
  written,
}: {
  readonly before: string;
  readonly page: string;
  readonly written: string | undefined;
}): Written {
  const lines = before.split("\n");
  if (lines.some((line) => /^(?:<{7}|>{7}) /.test(line)))
    return { kind: "broken", why: "it holds the marks of a merge that is not finished" };
  const cr = before.includes("\r\n") ? "\r" : "";
  const body = page.trimEnd();
  const part = [BEGIN, ...body.split("\n"), endLine(body)].map((line) => `${line}${cr}`);
  const begins = lines.filter((line) => withoutCr(line) === BEGIN).length;
  const ends = lines.filter((line) => END.test(withoutCr(line))).length;
  if (begins === 0 && ends === 0) return { kind: "file", text: added(before, part), kept: [] };
  const begin = lines.findIndex((line) => withoutCr(line) === BEGIN);
  const end = lines.findIndex((line) => END.test(withoutCr(line)));
  if (begins !== 1 || ends !== 1 || end < begin)
    return { kind: "broken", why: "of the comments around leftoff's part one is missing or there twice" };
  const inside = lines.slice(begin + 1, end);
  const isOurs = withoutCr(lines[end] ?? "") === endLine(inside.map(withoutCr).join("\n"));
  const kept = isOurs ? [] : keptOf(inside, [written ?? "", page]);
  const below = kept.length === 0 ? [] : [cr, ...kept];
  const text = [...lines.slice(0, begin), ...part, ...below, ...lines.slice(end + 1)].join("\n");
  return { kind: "file", text, kept };
}

/** Behind what is there, with an empty line between. */
function added(before: string, part: readonly string[]): string {
  const own = `${part.join("\n")}\n`;
  if (before.trim() === "") return own;
  return `${before}${before.endsWith("\n") ? "" : "\n"}\n${own}`;
}

/** What a person wrote into our part: lines that we neither wrote nor write. */
function keptOf(inside: readonly string[], ours: readonly string[]): readonly string[] {
  const known = new Set(ours.flatMap((text) => text.split("\n").map((line) => line.trim())));
  return inside.filter((line) => line.trim() !== "" && !known.has(line.trim()));
}

function withoutCr(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

function endLine(page: string): string {
  return `<!-- leftoff summary end ${sha256(page).slice(0, 16)} -->`;
}
