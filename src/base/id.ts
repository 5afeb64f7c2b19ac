import { randomBytes } from "node:crypto";
import { v7 as uuidv7 } from "uuid";

/** An id of one of our own things: a prefix that says what it names, and 32 hexadecimal digits of a UUIDv7 (RFC 9562). */
type Branded<Name extends string> = string & { readonly __brand: Name };

export type SessionId = Branded<"SessionId">;
export type EventId = Branded<"EventId">;
export type NoteId = Branded<"NoteId">;
export type MachineId = Branded<"MachineId">;
/** A work tree we know (`wkt_…`): a git work tree or a plain folder. */
export type WorkTreeId = Branded<"WorkTreeId">;
/** The identity that several clones and work trees share (`wsp_…`, a digest rather than a UUID). */
export type WorkspaceId = Branded<"WorkspaceId">;
/** An agent's own id of one of its conversations; a UUID for Claude Code, and in any case a safe file name. */
export type ConversationId = Branded<"ConversationId">;

type Prefix = "ses" | "evt" | "not" | "mch" | "wkt";

const ID_PATTERN = /^(ses|evt|not|mch|wkt)_[0-9a-f]{32}$/;
const WORKSPACE_PATTERN = /^wsp_[0-9a-f]{32}$/;
const CONVERSATION_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

export function newSessionId(atMs: number): SessionId {
  return newId("ses", atMs) as SessionId;
}
export function newEventId(atMs: number): EventId {
  return newId("evt", atMs) as EventId;
}
export function newNoteId(atMs: number): NoteId {
  return newId("not", atMs) as NoteId;
}
export function newMachineId(atMs: number): MachineId {
  return newId("mch", atMs) as MachineId;
}
export function newWorkTreeId(atMs: number): WorkTreeId {
  return newId("wkt", atMs) as WorkTreeId;
}

/** Ids that come out of the same evidence twice must be equal, so that doing it twice changes nothing. `digestHex` has ≥ 32 digits. */
export function derivedEventId(digestHex: string): EventId {
  return `evt_${digestHex.slice(0, 32)}` as EventId;
}
export function derivedNoteId(digestHex: string): NoteId {
  return `not_${digestHex.slice(0, 32)}` as NoteId;
}

/** One handoff taken up twice in one work tree is one session. `digestHex` has ≥ 32 digits. */
export function derivedSessionId(digestHex: string): SessionId {
  return `ses_${digestHex.slice(0, 32)}` as SessionId;
}

/** One place on one machine is found by two processes at once, and must get one id. `digestHex` has ≥ 32 digits. */
export function derivedWorkTreeId(digestHex: string): WorkTreeId {
  return `wkt_${digestHex.slice(0, 32)}` as WorkTreeId;
}
export function derivedWorkspaceId(digestHex: string): WorkspaceId {
  return `wsp_${digestHex.slice(0, 32)}` as WorkspaceId;
}

export function isSessionId(text: string): text is SessionId {
  return text.startsWith("ses_") && ID_PATTERN.test(text);
}
export function isEventId(text: string): text is EventId {
  return text.startsWith("evt_") && ID_PATTERN.test(text);
}
export function isNoteId(text: string): text is NoteId {
  return text.startsWith("not_") && ID_PATTERN.test(text);
}
export function isMachineId(text: string): text is MachineId {
  return text.startsWith("mch_") && ID_PATTERN.test(text);
}

export function isWorkTreeId(text: string): text is WorkTreeId {
  return text.startsWith("wkt_") && ID_PATTERN.test(text);
}
export function isWorkspaceId(text: string): text is WorkspaceId {
  return WORKSPACE_PATTERN.test(text);
}

/** A conversation id is used as a file name: anything that could leave its folder is no id. */
export function isConversationId(text: string): text is ConversationId {
  return CONVERSATION_PATTERN.test(text);
}

/** What uuid asks for random bytes otherwise is Web Crypto, which costs a hook 5 ms to load. */
function newId(prefix: Prefix, atMs: number): string {
  return `${prefix}_${uuidv7({ msecs: atMs, random: randomBytes(UUID_BYTES) }).replaceAll("-", "")}`;
}

const UUID_BYTES = 16;
