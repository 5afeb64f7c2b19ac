/** The library: what a program may build on. Everything else is an inner matter. */
export type { App } from "./app/app.ts";
export { listSessions, type SessionList } from "./app/list-sessions.ts";
export { addNote, type NotedResult } from "./app/note.ts";
export { changeNotes, listNotes, type NoteChangeInput, type NoteList } from "./app/notes.ts";
export { showBrief } from "./app/show-brief.ts";
export { type SessionShown, showSession } from "./app/show-session.ts";
export { type Status, statusHere } from "./app/status.ts";
export { AppError, type ErrorCode } from "./base/error.ts";
export { openApp, type Surroundings } from "./compose.ts";
export type { Note, NoteKind, NoteState } from "./session/note.ts";
