import type { SettingsChange } from "./settings.ts";
import { nodeAt, parseSettings, putProperty, removeAt, unreadable } from "./settings-text.ts";

/**
 * The status line in Claude Code's settings (`statusLine: {type: "command", command}`, as 2.1.197 and 2.1.329 read it). Ours
 * runs the person's own command first, which stands in ours: so taking ours out needs nothing but the file, and gives
 * back the same bytes. If our script is gone, theirs runs as before.
 */
const COMMAND = ["statusLine", "command"] as const;
const OURS = `/bin/sh -c 'if [ -r "$0" ]; then . "$0"; else eval "\${LEFTOFF_LINE-}"; fi' `;
const THEIRS_BEFORE = "LEFTOFF_LINE='";
const THEIRS_AFTER = `' ${OURS}`;

/** Puts our status line around the one that is there. Doing it again changes nothing. @throws AppError `settings_unreadable` */
export function addStatusline(text: string | undefined, binFolder: string): SettingsChange {
  const before = text ?? "";
  const cleared = removeStatusline(before).text;
  const ours = `${OURS}'${`${binFolder}/statusline`.replaceAll("'", "'\\''")}'`;
  const { root, bom, text: body } = parseSettings(cleared);
  const line = nodeAt(root, ["statusLine"]);
  if (line === undefined) {
    const after = putProperty(cleared, ["statusLine"], { type: "command", command: ours });
    return { text: after, changed: after !== before };
  }
  const command = nodeAt(root, COMMAND);
  if (command?.type !== "string") throw unreadable(body, line.offset, "a status line is expected here");
  const theirs = literalAt(body, command);
  const made = `"${THEIRS_BEFORE}${quotedLiteral(theirs)}${escaped(`' ${ours}`)}"`;
  const after = bom + spliced(body, command, made);
  return { text: after, changed: after !== before };
}

/** Gives back the status line that was there, byte for byte. @throws AppError `settings_unreadable` */
export function removeStatusline(text: string): SettingsChange {
  const { root, bom, text: body } = parseSettings(text);
  const command = nodeAt(root, COMMAND);
  if (command?.type !== "string") return { text, changed: false };
  if (String(command.value).startsWith(OURS)) {
    return { text: removeAt(text, ["statusLine"]), changed: true };
  }
  const literal = literalAt(body, command);
  const end = literal.lastIndexOf(escaped(THEIRS_AFTER));
  if (!literal.startsWith(THEIRS_BEFORE) || end < 0) return { text, changed: false };
  const theirs = unquotedLiteral(literal.slice(THEIRS_BEFORE.length, end));
  return { text: bom + spliced(body, command, `"${theirs}"`), changed: true };
}

interface Place {
  readonly offset: number;
  readonly length: number;
}

/** What stands between the quotes, as the file has it. */
function literalAt(text: string, { offset, length }: Place): string {
  return text.slice(offset + 1, offset + length - 1);
}

function spliced(text: string, { offset, length }: Place, value: string): string {
  return text.slice(0, offset) + value + text.slice(offset + length);
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** A JSON literal whose text can stand in single quotes of a shell: an apostrophe in either spelling, and nothing else, is changed. */
function quotedLiteral(literal: string): string {
  return literal.replace(/\\u0027|\\(?:u[0-9a-fA-F]{4}|.)|'/g, (token) =>
    token === "'" || token === "\\u0027" ? `${token}\\\\${token}${token}` : token,
  );
}

/** The opposite. */
function unquotedLiteral(literal: string): string {
  return literal.replace(/'\\\\''|\\u0027\\\\\\u0027\\u0027|\\(?:u[0-9a-fA-F]{4}|.)/g, (token) => {
    if (token === "'\\\\''") return "'";
    return token.length > 6 ? "\\u0027" : token;
  });
}
