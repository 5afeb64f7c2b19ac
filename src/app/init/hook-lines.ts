/**
 * Our lines in a hook of git's: right behind its first line, since a script may end early, or with `exec`. Pure, and
 * exactly reversible. The form is docs/formats/context.md's, "Git hooks".
 */
const MARKER =
  "# leftoff: keeps .claude/context.md up to date (`leftoff context --no-git-hooks` takes these lines out)";
/** A hook that was not there before. */
const MADE = "#!/bin/sh\n# made by leftoff\n";
/** `sh` and what understands it, by its path or by `env`. */
const SHELL = /^#![ \t]*(?:\/\S{1,200}\/)?(?:env[ \t]+(?:-S[ \t]+)?)?(?:ba|da|k|z|a)?sh(?:[ \t]|\r?$)/;

/** What runs `program` for a hook: silent, harmless where it is gone, and with no word in how the hook ends. */
export function hookLines(program: string, hook: string): readonly [marker: string, command: string] {
  const name = quoted(program);
  return [MARKER, `( [ ! -x ${name} ] || ${name} ${quoted(hook)} ) </dev/null >/dev/null 2>&1 || :`];
}

/** @param text undefined where there is no hook. @returns undefined for one in another language than sh. */
export function addHookLines(text: string | undefined, lines: readonly string[]): string | undefined {
  const hook = removeHookLines(text ?? "") || MADE;
  const end = hook.includes("\n") ? hook.indexOf("\n") : hook.length;
  if (!SHELL.test(hook.slice(0, end))) return undefined;
  return `${hook.slice(0, end)}\n${lines.join("\n")}${hook.slice(end)}`;
}

/** The hook as it was, "" for one that was not there. */
export function removeHookLines(text: string): string {
  const from = text.indexOf(`\n${MARKER}\n`);
  if (from < 0) return text === MADE ? "" : text;
  const command = from + MARKER.length + 2;
  const end = text.indexOf("\n", command);
  const isOurs = text.startsWith("( [ ! -x ", command);
  const to = !isOurs ? command - 1 : end < 0 ? text.length : end;
  return removeHookLines(text.slice(0, from) + text.slice(to));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
