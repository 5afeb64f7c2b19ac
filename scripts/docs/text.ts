/** Stands at the top of every page that nobody writes by hand. */
export const GENERATED = "<!-- Written by `npm run docs`: change the source, not this page. -->";

/** A Markdown table; a bar in a cell is escaped. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

/**
 * A page with one part of it made anew: what stands between `<!-- NAME -->` and `<!-- /NAME -->`.
 *
 * @throws Error where the page has no such part.
 */
export function withPart(page: string, name: string, content: string): string {
  const begin = `<!-- ${name} -->\n`;
  const end = `<!-- /${name} -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`There is no part between <!-- ${name} --> and <!-- /${name} -->.`);
  return `${page.slice(0, from + begin.length)}${content}\n${page.slice(to)}`;
}
