import { existsSync } from "node:fs";
import { AppError } from "../base/error.ts";
import { TITLE_CHARS_MAX } from "../base/limits.ts";
import { replace } from "../disk/disk.ts";
import { documentFromTemplate } from "../document/from-template.ts";
import type { Template } from "../document/templates.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { startSession } from "./bind.ts";
import { chooseSession } from "./choose-session.ts";
import { documentView } from "./document-view.ts";
import type { Here } from "./here.ts";
import { joinConversation } from "./join-conversation.ts";
import { refresh } from "./refresh.ts";
import { callingAuthor, callingPlace } from "./resolve-session.ts";
import { type SessionSummary, saveSummary } from "./summary.ts";
import { beginDocument, documentPath } from "./sync-document.ts";
import { findTemplate } from "./templates.ts";

export interface NewSessionInput {
  readonly title: string;
  /** What the document begins with, by name: see {@link findTemplate}. */
  readonly template?: string | undefined;
}

/**
 * Starts a session here and makes it current. An agent that calls this goes on in the new one.
 *
 * @throws AppError `input_invalid` for an empty or overlong title, or a template that there is not.
 */
export async function newSession(app: App, input: NewSessionInput): Promise<SessionSummary> {
  const title = input.title.replaceAll(/\s+/g, " ").trim();
  if (title === "" || title.length > TITLE_CHARS_MAX) {
    throw new AppError(
      "input_invalid",
      `A title has 1 to ${TITLE_CHARS_MAX} characters; this one has ${title.length}.`,
      'For example: leftoff new "Refresh token rotation"',
    );
  }
  const here = await callingPlace(app);
  const template = input.template === undefined ? undefined : findTemplate(app, here, input.template);
  const { gitBranch } = here.head;
  const started = startSession(app, here, {
    title,
    description: title,
    gitBranch,
    by: callingAuthor(app),
    carryFrom: undefined,
    atMs: app.clock.nowMs(),
  });
  const joined: Session = joinConversation(app, here, chooseSession(app, here, started));
  const filled = template === undefined ? joined : begunFrom(app, here, joined, template);
  return saveSummary(app, await refresh(app, here, filled));
}

/** The template's boxes become next steps as if they had just been typed into the document, but that nobody has said them. */
function begunFrom(app: App, here: Here, session: Session, { text }: Template): Session {
  const path = documentPath(app, here, session);
  if (existsSync(path)) return session;
  replace(path, Buffer.from(documentFromTemplate(text, documentView(app, here, session))), {});
  return beginDocument(app, here, session.id).session;
}
