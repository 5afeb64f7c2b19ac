import type { DocumentView } from "./document.ts";
import { writeTitle } from "./head.ts";
import { normalText } from "./item-text.ts";
import { SECTIONS, TITLE_START } from "./sections.ts";
import { writeStatus } from "./status.ts";
import { titleOf } from "./write-head.ts";

/** A new document before its first note: the users' own template, with what it invites them to fill in. */
export function newDocumentText(view: DocumentView): string {
  const sections = SECTIONS.filter(({ always }) => always).flatMap(({ heading, invitation }) => [
    "",
    `## ${heading}`,
    ...invitation,
  ]);
  return `${[...newHead(view), ...sections].join("\n")}\n`;
}

/** What stands above the first section, line by line. */
export function newHead(view: DocumentView): readonly string[] {
  return [
    `# ${TITLE_START}${writeTitle(titleOf(view))}`,
    `**Created**: ${view.createdDate}`,
    `**Updated**: ${view.updatedDate}`,
    `**Status**: ${writeStatus({ status: view.status, reason: view.statusReason })}`,
    ...(view.thread === undefined ? [] : [`**Session Thread**: ${normalText(view.thread)}`]),
  ];
}
