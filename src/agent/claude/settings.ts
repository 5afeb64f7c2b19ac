import { getNodeValue, type Node } from "jsonc-parser";
import { HOOK_ENTRY_TIMEOUT_S } from "../../base/limits.ts";
import { arrayField, asArray, asObject, booleanField, stringField } from "../../base/parse.ts";
import type { HookEvent } from "../agent.ts";
import {
  appendElement,
  nodeAt,
  type Path,
  parseSettings,
  placeOf,
  putProperty,
  removeAt,
  unreadable,
} from "./settings-text.ts";

/**
 * Claude Code's settings files as far as leftoff writes them: hooks (`hooks.<Event>[].hooks[]`) and permission rules
 * (`permissions.allow[]`), as 2.1.197 and 2.1.329 read them. Text in, text out; only `init`, `uninstall` and `doctor`
 * use it, so nothing that a hook loads may import it.
 */
export type HookEntries = readonly HookEntry[];
export interface HookEntry {
  readonly event: HookEvent;
  readonly handler: HookHandler;
}

/** A hook as Claude Code takes it. With `args` the command is started without a shell. */
export interface HookHandler {
  readonly type: "command";
  readonly command: string;
  readonly args?: readonly string[];
  /** Seconds. */
  readonly timeout: number;
}

export interface SettingsChange {
  /** Blank where nothing is left: the file may go. */
  readonly text: string;
  readonly changed: boolean;
}

export type SettingsScope = "local" | "project" | "user";

/** Which script a hook calls: `answer` prints (the brief), `nudge` only starts the ingest. */
const SCRIPTS: { readonly [event in HookEvent]: "answer" | "nudge" } = {
  SessionStart: "answer",
  PreCompact: "answer",
  UserPromptSubmit: "nudge",
  Stop: "nudge",
  StopFailure: "nudge",
  SubagentStop: "nudge",
  SessionEnd: "nudge",
};

/**
 * Never the script as `sh`'s own script argument: dash ends with 2 when that file is missing, and a hook that ends with
 * 2 drops prompts and blocks compaction.
 */
const GUARD = '[ -r "$0" ] && . "$0"; exit 0';

/** The same from the environment, for a file that others have in their clones too: no path of one person, and silence where leftoff is not. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: these are placeholders of the shell.
const DATA_HOME = "${LEFTOFF_HOME:-${XDG_DATA_HOME:-${HOME:-/nonexistent}/.local/share}/leftoff}";

/**
 * Our hooks. `binFolder` is the absolute path of LEFTOFF_HOME's `bin`, which holds the scripts `nudge` and `answer`; they
 * are sourced with the event's name as `$1` and the scope as `$2`. `$0` is the script only in local and user scope.
 */
export function hookEntries(place: {
  readonly scope: SettingsScope;
  readonly binFolder: string;
}): HookEntries {
  return (Object.keys(SCRIPTS) as HookEvent[]).map((event) => ({ event, handler: handlerFor(event, place) }));
}

function handlerFor(
  event: HookEvent,
  { scope, binFolder }: { readonly scope: SettingsScope; readonly binFolder: string },
): HookHandler {
  const script = SCRIPTS[event];
  const timeout = HOOK_ENTRY_TIMEOUT_S;
  if (scope !== "project") {
    return {
      type: "command",
      command: "/bin/sh",
      args: ["-c", GUARD, `${binFolder}/${script}`, event, scope],
      timeout,
    };
  }
  // `set --` because POSIX `.` takes no arguments (dash ignores them).
  const command = `set -- ${event} ${scope}; d=${DATA_HOME}; [ -r "$d/bin/${script}" ] && . "$d/bin/${script}"; exit 0`;
  return { type: "command", command, timeout };
}

/** A hook of ours, of this version or an older one, wherever LEFTOFF_HOME is or was. */
export function isOurHook(handler: unknown): boolean {
  const hook = asObject(handler);
  const command = stringField(hook, "command") ?? "";
  const parts = [command, ...(arrayField(hook, "args") ?? []).filter((part) => typeof part === "string")];
  if (parts.some((part) => OUR_PATH.test(part))) return true;
  if (command.includes("LEFTOFF_HOME") && ANY_SCRIPT.test(command)) return true;
  return parts.includes(GUARD) && parts.some((part) => ANY_SCRIPT.test(part));
}

const OUR_PATH = /\/leftoff\/bin\/(?:nudge|answer)(?:$|["'\s;])/;
const ANY_SCRIPT = /\/bin\/(?:nudge|answer)(?:$|["'\s;])/;

/**
 * Adds our hooks, each as a group of its own after the others; ones of an older form go first. Everything else in the
 * file stays as it is, byte for byte, and adding again changes nothing.
 *
 * @param text of the settings file; undefined where there is none.
 * @throws AppError `settings_unreadable`, with line and column, for what is no JSON or has other things in these places.
 */
export function addHooks(
  text: string | undefined,
  entries: HookEntries,
): SettingsChange & { readonly warnings: readonly string[] } {
  const before = text ?? "";
  const warnings = warningsOf(before);
  const found = findHooks(before, isOurHook, "strict");
  if (isInstalled(found, entries)) return { text: before, changed: false, warnings };
  const cleared = removeHooks(before, isOurHook).text;
  const after = entries.reduce(
    (result, { event, handler }) => appendElement(result, ["hooks", event], { hooks: [handler] }),
    cleared,
  );
  return { text: after, changed: after !== before, warnings };
}

/** How many hooks of ours stand in a file, of any form. @throws AppError `settings_unreadable` */
export function countHooks(text: string): number {
  return findHooks(text, isOurHook, "lenient").length;
}

/** Whether these hooks stand there, each once, and no other of ours. @throws AppError `settings_unreadable` */
export function hasExactly(text: string, entries: HookEntries): boolean {
  return isInstalled(findHooks(text, isOurHook, "lenient"), entries);
}

/** Takes out every hook that `isOurs` knows, and what was made for it. @throws AppError `settings_unreadable` */
export function removeHooks(text: string, isOurs: (handler: unknown) => boolean): SettingsChange {
  // From the end, so that the places found before it stay true.
  const paths = findHooks(text, isOurs, "lenient").map((hook) => hook.path);
  const after = removalPaths(text, paths).reduceRight(removeAt, text);
  return { text: after, changed: after !== text };
}

/**
 * Says which hooks answer: the agent hands the `env` of its settings files to every hook, that of the narrowest file first,
 * so each hook of ours, and those of the plugin, can tell whether another one does the work (docs/formats/hooks.md).
 *
 * @throws AppError `settings_unreadable`
 */
export function addHooksVariable(
  text: string | undefined,
  place: { readonly scope: SettingsScope; readonly binFolder: string },
): SettingsChange {
  const before = text ?? "";
  const value = place.scope === "project" ? place.scope : `${place.scope}:${place.binFolder}`;
  const found = nodeAt(parseSettings(before).root, HOOKS_VARIABLE);
  if (found?.value === value) return { text: before, changed: false };
  return { text: putProperty(before, HOOKS_VARIABLE, value), changed: true };
}

/** Takes it out again, and what was made for it. @throws AppError `settings_unreadable` */
export function removeHooksVariable(text: string): SettingsChange {
  const after = removeAt(text, HOOKS_VARIABLE);
  return { text: after, changed: after !== text };
}

const HOOKS_VARIABLE = ["env", "LEFTOFF_HOOKS"] as const;

/** Adds permission rules (`Bash(leftoff note:*)`) that are not there yet. @throws AppError `settings_unreadable` */
export function addAllowRules(text: string | undefined, rules: readonly string[]): SettingsChange {
  const before = text ?? "";
  const present = allowRules(before);
  const missing = [...new Set(rules)].filter((rule) => !present.includes(rule));
  const after = missing.reduce((result, rule) => appendElement(result, ALLOW, rule), before);
  return { text: after, changed: after !== before };
}

/** Takes out these rules, and what was made for them. @throws AppError `settings_unreadable` */
export function removeAllowRules(text: string, rules: readonly string[]): SettingsChange {
  const paths = allowRules(text).flatMap((rule, index) =>
    typeof rule === "string" && rules.includes(rule) ? [[...ALLOW, index]] : [],
  );
  const after = paths.reduceRight<string>(removeAt, text);
  return { text: after, changed: after !== text };
}

const ALLOW = ["permissions", "allow"] as const;

function allowRules(text: string): readonly unknown[] {
  const node = nodeAt(parseSettings(text).root, ALLOW);
  return node?.type === "array" ? (asArray(getNodeValue(node)) ?? []) : [];
}

interface FoundHook {
  readonly event: string;
  readonly matcher: unknown;
  readonly handler: unknown;
  readonly path: Path;
}

/** Hooks that `isOurs` knows, in the file's order. `strict` refuses a file whose `hooks` are not as Claude Code has them. */
function findHooks(
  text: string,
  isOurs: (handler: unknown) => boolean,
  mode: "strict" | "lenient",
): FoundHook[] {
  const { root, text: body } = parseSettings(text);
  const hooks = nodeAt(root, ["hooks"]);
  if (hooks === undefined) return [];
  if (hooks.type !== "object") return refuse(body, hooks, mode);
  const found: FoundHook[] = [];
  for (const property of hooks.children ?? []) {
    const event = property.children?.[0]?.value;
    const groups = property.children?.[1];
    if (typeof event !== "string" || groups !== nodeAt(hooks, [event])) continue;
    if (groups?.type === "array") found.push(...hooksOfEvent(event, groups, isOurs));
    else refuse(body, groups ?? hooks, mode);
  }
  return found;
}

function refuse(text: string, node: Node, mode: "strict" | "lenient"): [] {
  if (mode === "strict") throw unreadable(text, node.offset, "hooks are expected here");
  return [];
}

function hooksOfEvent(event: string, groups: Node, isOurs: (handler: unknown) => boolean): FoundHook[] {
  return (asArray(getNodeValue(groups)) ?? []).flatMap((value, groupAt) => {
    const group = asObject(value);
    const handlers = arrayField(group, "hooks") ?? [];
    return handlers.flatMap((handler, at) => {
      const path = ["hooks", event, groupAt, "hooks", at];
      return isOurs(handler) ? [{ event, matcher: group?.matcher, handler, path }] : [];
    });
  });
}

/** A group that holds nothing but hooks of ours goes as a whole: Claude Code knows no group without hooks. */
function removalPaths(text: string, paths: readonly Path[]): readonly Path[] {
  const { root } = parseSettings(text);
  const removals: Path[] = [];
  for (const path of paths) {
    const group = path.slice(0, 3);
    const handlers = nodeAt(root, path.slice(0, 4))?.children?.length ?? 0;
    const ours = paths.filter((other) => group.every((step, at) => other[at] === step)).length;
    if (ours < handlers) removals.push(path);
    else if (path[4] === 0) removals.push(group);
  }
  return removals;
}

/** Each entry is there once, for every case of its event, and there is no other of ours. */
function isInstalled(found: readonly FoundHook[], entries: HookEntries): boolean {
  return (
    found.length === entries.length &&
    entries.every(({ event, handler }) =>
      found.some((hook) => hook.event === event && isForAll(hook.matcher) && isEqual(hook.handler, handler)),
    )
  );
}

function isForAll(matcher: unknown): boolean {
  return matcher === undefined || matcher === "" || matcher === "*";
}

function isEqual(found: unknown, wanted: HookHandler): boolean {
  const object = asObject(found) ?? {};
  const keys = Object.keys(wanted) as (keyof HookHandler)[];
  return (
    Object.keys(object).length === keys.length &&
    keys.every((key) => JSON.stringify(object[key]) === JSON.stringify(wanted[key]))
  );
}

function warningsOf(text: string): readonly string[] {
  const { root, text: body } = parseSettings(text);
  if (root === undefined) return [];
  const warnings: string[] = [];
  if (booleanField(asObject(getNodeValue(root)), "disableAllHooks") === true) {
    warnings.push("disableAllHooks is set in this file: no hook runs, leftoff's neither.");
  }
  const seen = (root.children ?? []).filter((property) => property.children?.[0]?.value === "hooks");
  if (seen.length > 1) {
    warnings.push(
      `"hooks" stands here ${seen.length} times; only the last counts (${placeOf(body, seen.at(-1)?.offset ?? 0)}).`,
    );
  }
  return warnings;
}
