import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { replace, setMode } from "../../disk/disk.ts";
import { filesBelow } from "../../disk/read.ts";
import type { App } from "../app.ts";

/** The built program as it lies in the package: what hooks call must not be an npx cache, which is cleaned. */
export interface Program {
  /** Folder that holds main.js, hook.cjs and their chunks. */
  readonly folder: string;
  readonly version: string;
  /** Absolute path of the node that runs now: hooks have no PATH to rely on. */
  readonly node: string;
}

/**
 * Copies the program below LEFTOFF_HOME and points the scripts in `bin/` at it. The folder's name holds a digest of its
 * content, so an upgrade never changes files that a running hook may be loading: the scripts are swapped, each in one
 * rename.
 *
 * @returns the folder of the scripts.
 */
export function installRuntime(app: App, program: Program): string {
  const files = filesBelow(program.folder);
  const digest = createHash("sha256");
  for (const path of files)
    digest.update(relative(program.folder, path)).update("\0").update(readFileSync(path));
  const runtime = join(app.home, "runtime", `${program.version}-${digest.digest("hex").slice(0, 12)}`);
  for (const path of files) replace(join(runtime, relative(program.folder, path)), readFileSync(path), {});
  const bin = join(app.home, "bin");
  for (const [name, text] of Object.entries(scripts(app, program, runtime))) {
    replace(join(bin, name), Buffer.from(text), {});
    setMode(join(bin, name), 0o700);
  }
  return bin;
}

/**
 * The scripts are sourced by a guarded `sh -c` (see agent/claude/settings.ts), so `exit` ends the hook. Measured forms
 * and their traps: docs/formats/hooks.md.
 */
function scripts(app: App, program: Program, runtime: string): { readonly [name: string]: string } {
  const node = quoted(program.node);
  const home = `LEFTOFF_HOME=\${LEFTOFF_HOME:-${quoted(app.home)}}`;
  return {
    leftoff: `#!/bin/sh
# leftoff ${program.version}
${home}; export LEFTOFF_HOME
exec ${node} ${quoted(join(runtime, "main.js"))} "$@"
`,
    nudge: `# leftoff ${program.version}: says that something happened, and starts the ingest without waiting for it.
[ "\${LEFTOFF_OFF:-0}" = 1 ] && exit 0
${home}; export LEFTOFF_HOME
[ -e "$LEFTOFF_HOME/off" ] && exit 0
{ printf '%s\\n' "$1 $CLAUDE_CODE_SESSION_ID" >>"$LEFTOFF_HOME/state/spool"; } 2>/dev/null
{ command exec 3<&0; } 2>/dev/null || exit 0
unset NODE_EXTRA_CA_CERTS NODE_OPTIONS
nohup ${node} ${quoted(join(runtime, "hook.cjs"))} ingest <&3 3<&- >/dev/null 2>&1 &
exit 0
`,
    answer: `# leftoff ${program.version}: answers SessionStart with the brief, and PreCompact with silence.
[ "\${LEFTOFF_OFF:-0}" = 1 ] && exit 0
${home}; export LEFTOFF_HOME
[ -e "$LEFTOFF_HOME/off" ] && exit 0
unset NODE_EXTRA_CA_CERTS NODE_OPTIONS
${node} ${quoted(join(runtime, "hook.cjs"))} "$1" 2>/dev/null || :
exit 0
`,
  };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
