import { join } from "node:path";
import { AppError } from "../../base/error.ts";
import { personFolder } from "../../base/person-folder.ts";
import type { McpClient } from "../agent.ts";

/** Comments in TOML, by which our part is found again. Text behind them on their line may change with versions. */
const BEGIN = "# leftoff:begin";
const BEGIN_LINE = `${BEGIN} (\`leftoff uninstall\` removes this part)`;
const END = "# leftoff:end";

/**
 * codex 0.169.0: `[mcp_servers.<name>]` with `command` and `args` in `$CODEX_HOME/config.toml`, `~/.codex` without it. Our table
 * stands at the end between two comments, so the file is spliced as text: no other byte of it changes.
 */
export const codexMcp: McpClient = {
  name: "codex",
  instructionsFile: "AGENTS.md",
  configPath: ({ env }) => join(env.CODEX_HOME || join(personFolder(env), ".codex"), "config.toml"),
  add: (text, command) => {
    const bare = withoutTable(text);
    refuseOther(bare);
    const eol = bare.includes("\r\n") ? "\r\n" : "\n";
    const lines = [
      BEGIN_LINE,
      "[mcp_servers.leftoff]",
      `command = ${tomlString(command)}`,
      'args = ["mcp"]',
      END,
    ];
    const table = lines.join(eol);
    if (bare === "") return table + eol;
    return bare.endsWith("\n") ? `${bare}${eol}${table}${eol}` : `${bare}${eol}${eol}${table}`;
  },
  remove: withoutTable,
};

/** The text as it was before {@link codexMcp}.add, wherever our part is by now. */
function withoutTable(text: string): string {
  const from = lineStarting(text, BEGIN, 0);
  const end = from < 0 ? -1 : lineStarting(text, END, from);
  if (from < 0 || end < 0) return text;
  const before = text.slice(0, from);
  const after = text.slice(end + END.length);
  const eol = text[text.indexOf("\n", from) - 1] === "\r" ? "\r\n" : "\n";
  if (after === "") return withoutEnd(before, eol + eol);
  return withoutEnd(before, eol) + (after.startsWith(eol) ? after.slice(eol.length) : after);
}

/** A second table of one name makes the whole file invalid. */
function refuseOther(text: string): void {
  const isThere =
    /^[ \t]*\[[ \t]*mcp_servers[ \t]*\.[ \t]*["']?leftoff["']?[ \t]*\]/m.test(text) ||
    /^[ \t]*mcp_servers[ \t]*=/m.test(text);
  if (!isThere) return;
  throw new AppError(
    "settings_unreadable",
    "it registers a server `leftoff` already, or its servers stand in one inline table.",
    "Take that out, or add the server with `codex mcp add`; nothing was changed.",
  );
}

/** TOML's basic strings escape as JSON's do. */
function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}

function lineStarting(text: string, start: string, from: number): number {
  for (let at = text.indexOf(start, from); at >= 0; at = text.indexOf(start, at + 1))
    if (at === 0 || text[at - 1] === "\n") return at;
  return -1;
}

function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length) : text;
}
