import type { DocumentView } from "./document.ts";
import type { ParsedDocument, ParsedSection } from "./parsed.ts";
import { parseDocument } from "./read.ts";
import { SECTIONS, type SectionKey, type SectionSpec } from "./sections.ts";
import { newHead } from "./template.ts";

/** A template as read: what of it goes into which section, its phases, and sections of its author's own. */
interface TemplateParts {
  readonly bodies: ReadonlyMap<SectionKey, string>;
  readonly phases: readonly { readonly name: string; readonly body: string }[];
  readonly own: readonly string[];
}

/**
 * The document of a session that begins from a template: the users' own sections in their order, filled where the
 * template has them; its phases stand as groups of the next steps. A template is data: `{DESCRIPTION}`, `$(date …)` and
 * the like are replaced, and nothing is run.
 */
export function documentFromTemplate(template: string, view: DocumentView): string {
  const filled = withValues(template.replaceAll(/\r\n?/g, "\n"), view);
  const parts = partsOf(parseDocument(startsWithTitle(filled) ? filled : `# Template\n\n${filled}`));
  const blocks = SECTIONS.flatMap((spec) => [
    ...(spec.key === "continuity" ? parts.own : []),
    ...sectionText(spec, parts),
  ]);
  return `${[newHead(view).join("\n"), ...blocks].join("\n\n")}\n`;
}

/** How many steps a template begins with. */
export function stepsIn(template: string): number {
  return template.match(/^\s{0,8}[-*+] \[ \] \S/gm)?.length ?? 0;
}

/** What a template is called by its own heading: `# Template: Feature Development`. */
export function templateTitle(template: string): string | undefined {
  return /^# (?:Template\s*[:：]\s*)?(.{1,100})$/m.exec(template)?.[1]?.trim();
}

function startsWithTitle(text: string): boolean {
  return /^#{1,6} /m.exec(text)?.[0] === "# ";
}

function withValues(text: string, { title, createdDate }: DocumentView): string {
  return text
    .replaceAll(/\{\{?\s*(?:DESCRIPTION|TITLE|description|title)\s*\}?\}/g, () => title)
    .replaceAll(/\$\(date[^()\n]{0,40}\)|\$\{?date\}?|\{\{?\s*(?:DATE|date)\s*\}?\}/g, () => createdDate);
}

const HAS_BOX = /^\s{0,8}(?:[-*+]|\d{1,3}[.)]) \[[ xX]\] \S/m;
/** Sections of ours whose items have boxes of their own. */
const BOXED: ReadonlySet<string> = new Set(["next", "untried", "issue", "blocker"]);

function partsOf(document: ParsedDocument): TemplateParts {
  const bodies = new Map<SectionKey, string>();
  const phases: { name: string; body: string }[] = [];
  const own: string[] = [];
  for (const section of document.sections) {
    const body = bodyOf(document, section);
    const key = section.known?.narrow ? undefined : section.known?.key;
    if (HAS_BOX.test(body) && !BOXED.has(key ?? "")) phases.push({ name: section.heading, body });
    else if (key === undefined) own.push(`## ${section.heading}\n${body}`.trimEnd());
    else bodies.set(key, [bodies.get(key), body].filter((part) => part).join("\n"));
  }
  return { bodies, phases, own };
}

function bodyOf({ text, scan }: ParsedDocument, { bodyLine, range }: ParsedSection): string {
  return text.slice(scan.lines[bodyLine]?.from ?? range.to, range.to).trim();
}

function sectionText(spec: SectionSpec, { bodies, phases }: TemplateParts): readonly string[] {
  const body = bodies.get(spec.key);
  const groups = spec.key === "next" ? phases.map(({ name, body: steps }) => `**${name}**:\n${steps}`) : [];
  const invited = body === undefined && groups.length === 0 ? spec.invitation.join("\n") : body;
  if (body === undefined && groups.length === 0 && !spec.always) return [];
  const content = [...(invited ? [invited] : []), ...groups].join("\n\n");
  return [content === "" ? `## ${spec.heading}` : `## ${spec.heading}\n${content}`];
}
