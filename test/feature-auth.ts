import { newSession } from "../src/app/new-session.ts";
import { addNote } from "../src/app/note.ts";
import type { NoteId } from "../src/base/id.ts";
import type { Note, NoteFields, NoteKind, NoteState } from "../src/session/note.ts";
import type { AppBox } from "./app-box.ts";

// The work that tests of pages tell of: logins with tokens, of which something failed and something is left.

let made = 0;

/** A person's note, with an id that no other has. */
export function note(kind: NoteKind, text: string, fields: NoteFields = {}, state: NoteState = "open"): Note {
  made += 1;
  return {
    id: `not_${String(made).padStart(32, "0")}` as NoteId,
    kind,
    text,
    fields,
    state,
    by: { kind: "person" },
    atMs: 1,
    changedAtMs: 1,
    evidence: undefined,
  };
}

export const FEATURE_AUTH = "2026-01-25-feature-auth";

/** A session with what failed and what is next, in a box whose clock stands where it begins. */
export async function beginFeatureAuth({ app }: AppBox): Promise<void> {
  await newSession(app, { title: "Feature auth" });
  await addNote(app, {
    kind: "failed",
    text: "Tokens in localStorage",
    fields: { why: "any script reads them", lesson: "httpOnly cookies" },
  });
  await addNote(app, { kind: "next", text: "Rotate tokens" });
}
