import type { ReadResourceResult, Resource, ResourceTemplateType } from "@modelcontextprotocol/server";
import type { App } from "../app/app.ts";
import { showBrief } from "../app/show-brief.ts";
import { showDocument } from "../app/show-document.ts";

const MARKDOWN = "text/markdown";

/** Of the current session, whichever that is when they are read. */
export const RESOURCES: readonly Resource[] = [
  {
    uri: "leftoff://brief",
    name: "brief",
    description: "What a new conversation is told: where the work stands",
    mimeType: MARKDOWN,
  },
  {
    uri: "leftoff://document",
    name: "document",
    description: "The state document of the current session",
    mimeType: MARKDOWN,
  },
];

export const RESOURCE_TEMPLATES: readonly ResourceTemplateType[] = [
  {
    uriTemplate: "leftoff://session/{session}/brief",
    name: "session-brief",
    description: "The brief of a session, by id or slug",
    mimeType: MARKDOWN,
  },
  {
    uriTemplate: "leftoff://session/{session}/document",
    name: "session-document",
    description: "The state document of a session, by id or slug",
    mimeType: MARKDOWN,
  },
];

/** Which text a URI names; undefined where it is none of ours. A session is looked up by its name and never becomes a path. */
export function resourceOf(
  uri: string,
): { readonly content: "brief" | "document"; readonly session: string | undefined } | undefined {
  const found = /^leftoff:\/\/(?:session\/([^/?#]{1,400})\/)?(brief|document)$/.exec(uri);
  const content = found?.[2];
  if (content !== "brief" && content !== "document") return undefined;
  try {
    return { content, session: found?.[1] === undefined ? undefined : decodeURIComponent(found[1]) };
  } catch {
    return undefined;
  }
}

/** @throws AppError of the use cases. */
export async function readResource(
  app: App,
  uri: string,
  { content, session }: NonNullable<ReturnType<typeof resourceOf>>,
): Promise<ReadResourceResult> {
  const text =
    content === "brief"
      ? (await showBrief(app, { session })).brief.text
      : (await showDocument(app, { session })).text;
  return { contents: [{ uri, mimeType: MARKDOWN, text }] };
}
