import { join } from "node:path";
import { readIfThere } from "../../disk/read.ts";
import type { Program } from "./install-runtime.ts";

/** Only their owner reads and runs them. */
export const SCRIPT_MODE = 0o700;

/**
 * The scripts are sourced by a guarded `sh -c` (see agent/claude/settings.ts), so `exit` ends the hook. They need nothing
 * from PATH. `answer` closes its own stderr, not only node's: a shell may say there that a process was killed, and node ends `abruptly`
 * (hooks/hook.ts). It is done when node ends its output, and node stores then what it read: so node runs in the background of the
 * subshell, and a client that closes its end meanwhile is not to kill the script by SIGPIPE.
 * Measured forms and their traps: docs/formats/hooks.md.
 */
export function scriptsFor(
  homeFolder: string,
  program: Program,
  runtime: string,
): { readonly [name: string]: string } {
  const node = quoted(program.node);
  const home = `LEFTOFF_HOME=\${LEFTOFF_HOME:-${quoted(homeFolder)}}`;
  return {
    leftoff: `#!/bin/sh
# leftoff ${program.version}
${home}; export LEFTOFF_HOME
exec ${node} ${quoted(join(runtime, "leftoff.cjs"))} "$@"
`,
    nudge: `# leftoff ${program.version}: says that something happened, and starts the ingest without waiting for it.
[ "\${LEFTOFF_OFF:-0}" = 1 ] && exit 0
${LEAVING_IT_TO_OTHERS}
${home}; export LEFTOFF_HOME
[ -e "$LEFTOFF_HOME/off" ] && exit 0
umask 077
{ printf '%s\\n' "$1 $CLAUDE_CODE_SESSION_ID" >>"$LEFTOFF_HOME/state/spool"; } 2>/dev/null
if [ "$1" = UserPromptSubmit ] && [ "\${LEFTOFF_OFF:-0}" = 0 ] && [ -f "$LEFTOFF_HOME/state/nudge/$CLAUDE_CODE_SESSION_ID.json" ]; then
  # Whoever renames it prints it: never two terminals.
  n=$LEFTOFF_HOME/state/nudge/$CLAUDE_CODE_SESSION_ID.json
  if PATH="$PATH:/usr/bin:/bin" mv -f "$n" "$n.$$" 2>/dev/null; then
    { IFS= read -r line <"$n.$$" && printf '%s\\n' "$line"; } 2>/dev/null
    PATH="$PATH:/usr/bin:/bin" rm -f "$n.$$" 2>/dev/null
  fi
fi
{ command exec 3<&0; } 2>/dev/null || exit 0
unset NODE_EXTRA_CA_CERTS NODE_OPTIONS
${node} ${quoted(join(runtime, "hook.cjs"))} ingest abruptly <&3 3<&- >/dev/null 2>&1 &
exit 0
`,
    answer: `# leftoff ${program.version}: answers SessionStart with the brief, and PreCompact with what its summary must keep.
[ "\${LEFTOFF_OFF:-0}" = 1 ] && exit 0
${LEAVING_IT_TO_OTHERS}
${home}; export LEFTOFF_HOME
[ -e "$LEFTOFF_HOME/off" ] && exit 0
unset NODE_EXTRA_CA_CERTS NODE_OPTIONS
exec 2>/dev/null
{ command exec 3<&0; } || exit 0
trap '' PIPE
a=$(${node} ${quoted(join(runtime, "hook.cjs"))} "$1" abruptly <&3 3<&- &)
[ -n "$a" ] && printf '%s\\n' "$a"
exit 0
`,
    "git-hook": `#!/bin/sh
# leftoff ${program.version}: after a commit, a checkout, a merge or a rebase, brings the context page up to date; git does not wait for it.
[ "\${LEFTOFF_OFF:-0}" = 1 ] && exit 0
${home}; export LEFTOFF_HOME
[ -e "$LEFTOFF_HOME/off" ] && exit 0
# A rebase commits often, and tells at its end.
[ "$1" = post-commit ] && [ -d "\${GIT_DIR:-.git}/rebase-merge" ] && exit 0
unset NODE_EXTRA_CA_CERTS NODE_OPTIONS
${node} ${quoted(join(runtime, "hook.cjs"))} git abruptly </dev/null >/dev/null 2>&1 &
exit 0
`,
    statusline: `# leftoff ${program.version}: the person's own status line, then the session, its next step and how full the context is.
i=
while IFS= read -r l || [ -n "$l" ]; do i=$i$l; done
[ -n "\${LEFTOFF_LINE-}" ] && printf '%s\\n' "$i" | /bin/sh -c "$LEFTOFF_LINE"
[ "\${LEFTOFF_OFF:-0}" = 1 ] && exit 0
${home}
[ -e "$LEFTOFF_HOME/off" ] && exit 0
s=\${i#*'"session_id":"'}
s=\${s%%'"'*}
case $s in '' | *[!A-Za-z0-9-]*) exit 0 ;; esac
{ IFS= read -r t <"$LEFTOFF_HOME/state/statusline/$s"; } 2>/dev/null || exit 0
case $t in '' | *[!A-Za-z0-9_]*) exit 0 ;; esac
{ IFS= read -r n <"$LEFTOFF_HOME/state/statusline/$t"; } 2>/dev/null || exit 0
p=
case $i in *'"context_window":'*'"used_percentage":'[0-9]*)
  p=\${i#*'"context_window":'}
  p=\${p#*'"used_percentage":'}
  p=\${p%%[!0-9]*}
  ;;
esac
printf '%s\\n' "leftoff: $n\${p:+ · context $p %}"
exit 0
`,
  };
}

/**
 * Hooks of several settings files and of the plugin may all be called for one event; LEFTOFF_HOOKS says whose turn it is
 * (docs/formats/hooks.md), and `$2` whose hook this is. Who does not have the turn ends, unless the script of whoever has it
 * is not there: a project's settings file may be a colleague's doing. The plugin's scripts say the same.
 */
const LEAVING_IT_TO_OTHERS = `case \${LEFTOFF_HOOKS:-} in
'' | "\${2:-}" | "\${2:-}":*) ;;
*:*) [ -r "\${LEFTOFF_HOOKS#*:}/nudge" ] && exit 0 ;;
*) [ -r "\${LEFTOFF_HOME:-\${XDG_DATA_HOME:-\${HOME:-/nonexistent}/.local/share}/leftoff}/bin/nudge" ] && exit 0 ;;
esac`;

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** What the installed scripts call. */
export interface Scripts {
  readonly version: string;
  readonly node: string;
  readonly runtime: string;
}

/** What the scripts in `bin/` call; undefined where there are none, or none that we wrote. */
export function readScripts(binFolder: string): Scripts | undefined {
  const text = readIfThere(join(binFolder, "leftoff"))?.toString("utf8") ?? "";
  const version = /^# leftoff (\S+)$/m.exec(text)?.[1];
  const [node, program] = (/^exec (.*) "\$@"$/m.exec(text)?.[1] ?? "").match(QUOTED)?.map(unquoted) ?? [];
  const runtime = program?.replace(/\/(?:leftoff\.cjs|main\.js)$/, "");
  if (version === undefined || node === undefined || runtime === undefined || runtime === program)
    return undefined;
  return { version, node, runtime };
}

/** A word as {@link quoted} writes it. */
const QUOTED = /'[^']*'(?:\\''[^']*')*/g;

function unquoted(word: string): string {
  return word.slice(1, -1).replaceAll("'\\''", "'");
}
