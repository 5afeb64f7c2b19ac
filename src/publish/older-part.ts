import type { SessionId } from "../base/id.ts";
import { sealed } from "./seal.ts";

/** An older part of a document: docs/formats/document.md, Rotation. All texts are redacted. */
export interface OlderPart {
  readonly session: SessionId;
  /** The document as it was. */
  readonly text: string;
  /** `YYYY-MM-DD`, local. */
  readonly closedDate: string;
  /** Where the work goes on: the document, relative to the work tree. */
  readonly goesOnIn: string;
}

/** The page: the document as it stood, and where it goes on. The same part gives the same bytes. */
export function olderPartPage({ session, text, closedDate, goesOnIn }: OlderPart): string {
  const body = text.replaceAll("\r\n", "\n").trimEnd();
  return sealed(
    `${body}\n\n---\n\nClosed on ${closedDate}; the work goes on in \`${goesOnIn.replaceAll("`", "'")}\`.\n`,
    session,
  );
}
