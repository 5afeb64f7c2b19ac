import { getNodeValue, type Node } from "jsonc-parser";
import { AppError } from "../../base/error.ts";
import { asObject, booleanField, numberField } from "../../base/parse.ts";
import type { MisnamedHook, SettingsFindings, SettingsScope } from "../agent.ts";
import { addAllowRules, addHooksVariable, countHooks, type HookEntries, hasExactly } from "./settings.ts";
import { nodeAt, parseSettings, pointAt } from "./settings-text.ts";

/** Events of Claude Code that people write in other ways, as "sessionStart" or "session_start". */
const EVENTS: readonly string[] = [
  "PreToolUse",
  "PostToolUse",
  "Notification",
  "UserPromptSubmit",
  "SessionStart",
  "SessionEnd",
  "Stop",
  "StopFailure",
  "SubagentStart",
  "SubagentStop",
  "PreCompact",
  "PostCompact",
  "PermissionRequest",
];
/** A word like `stop` beside `hooks` may be anybody's; these name nothing else. */
const TELLING: ReadonlySet<string> = new Set(EVENTS.filter((event) => /[a-z][A-Z]/.test(event)));

/** What of ours stands in a settings file, and what there keeps hooks from running. Never throws. */
export function inspectSettings(
  text: string,
  wanted: {
    readonly entries: HookEntries;
    readonly rules: readonly string[];
    readonly place: { readonly scope: SettingsScope; readonly binFolder: string };
  },
): SettingsFindings {
  try {
    return {
      kind: "readable",
      hooks: countHooks(text),
      isComplete:
        hasExactly(text, wanted.entries) &&
        !addAllowRules(text, wanted.rules).changed &&
        !addHooksVariable(text, wanted.place).changed,
      hooksOff: isSwitchedOff(text),
      misnamed: misnamedIn(text),
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const point = asObject(error.cause);
    const [line, column] = [numberField(point, "line") ?? 1, numberField(point, "column") ?? 1];
    return { kind: "unreadable", line, column, what: error.message };
  }
}

function isSwitchedOff(text: string): boolean {
  const { root } = parseSettings(text);
  return root !== undefined && booleanField(asObject(getNodeValue(root)), "disableAllHooks") === true;
}

/** Keys that look like an event and are none: Claude Code passes over them without a word. */
function misnamedIn(settings: string): readonly MisnamedHook[] {
  const { root, text } = parseSettings(settings);
  const hooks = nodeAt(root, ["hooks"]);
  const beside = keysOf(root).filter(({ value }) => TELLING.has(eventLike(value) ?? ""));
  const within = keysOf(hooks).filter(({ value }) => !EVENTS.includes(String(value)));
  return [...beside, ...within].flatMap((key) => {
    const meant = eventLike(key.value);
    return meant === undefined ? [] : [{ name: String(key.value), meant, ...pointAt(text, key.offset) }];
  });
}

function keysOf(node: Node | undefined): readonly Node[] {
  if (node?.type !== "object") return [];
  return (node.children ?? []).flatMap((property) => property.children?.slice(0, 1) ?? []);
}

function eventLike(name: unknown): string | undefined {
  const letters = plain(String(name));
  return EVENTS.find((event) => plain(event) === letters);
}

function plain(name: string): string {
  return name.replaceAll(/[^A-Za-z]/g, "").toLowerCase();
}
