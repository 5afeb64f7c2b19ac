import { join } from "node:path";
import { AppError } from "../base/error.ts";
import { asObject, type JsonObject, objectField, parseJson } from "../base/parse.ts";
import { personFolder } from "../base/person-folder.ts";
import { replace } from "../disk/disk.ts";
import { readIfThere } from "../disk/read.ts";
import type { App } from "./app.ts";

/** What a person can set: a whole number each. `group.name` is how it stands in the file, too. */
export interface SettingRule {
  readonly group: string;
  readonly name: string;
  readonly env: string;
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
  /** 0 is allowed beside `min` to `max`, and means this. */
  readonly zero: string;
  readonly help: string;
}

export const SETTINGS = {
  "context.warnAtPercent": {
    group: "context",
    name: "warnAtPercent",
    env: "LEFTOFF_CONTEXT_WARN_AT_PERCENT",
    fallback: 80,
    min: 10,
    max: 99,
    zero: "never",
    help: "how full a conversation's context is when its agent is asked to record what is only there",
  },
  "context.windowTokens": {
    group: "context",
    name: "windowTokens",
    env: "LEFTOFF_CONTEXT_WINDOW_TOKENS",
    fallback: 0,
    min: 1_000,
    max: 100_000_000,
    zero: "by the model",
    help: "tokens that fit into a context",
  },
  "brief.partitionTokens": {
    group: "brief",
    name: "partitionTokens",
    env: "LEFTOFF_BRIEF_PARTITION_TOKENS",
    fallback: 200,
    min: 20,
    max: 1_000,
    zero: "not in it",
    help: "tokens of a brief that the context of the partition that the work is in may cost",
  },
  "brief.contextTokens": {
    group: "brief",
    name: "contextTokens",
    env: "LEFTOFF_BRIEF_CONTEXT_TOKENS",
    fallback: 150,
    min: 20,
    max: 1_000,
    zero: "not in it",
    help: "tokens of a brief that .claude/context.md may cost",
  },
  "brief.readmeTokens": {
    group: "brief",
    name: "readmeTokens",
    env: "LEFTOFF_BRIEF_README_TOKENS",
    fallback: 0,
    min: 20,
    max: 1_000,
    zero: "not in it",
    help: "tokens of a brief that an excerpt of the README may cost",
  },
  "brief.architectureTokens": {
    group: "brief",
    name: "architectureTokens",
    env: "LEFTOFF_BRIEF_ARCHITECTURE_TOKENS",
    fallback: 0,
    min: 20,
    max: 1_000,
    zero: "not in it",
    help: "tokens of a brief that an excerpt of ARCHITECTURE.md may cost",
  },
  "brief.commitsTokens": {
    group: "brief",
    name: "commitsTokens",
    env: "LEFTOFF_BRIEF_COMMITS_TOKENS",
    fallback: 0,
    min: 20,
    max: 1_000,
    zero: "not in it",
    help: "tokens of a brief that the last commits may cost",
  },
  "brief.statusTokens": {
    group: "brief",
    name: "statusTokens",
    env: "LEFTOFF_BRIEF_STATUS_TOKENS",
    fallback: 0,
    min: 20,
    max: 1_000,
    zero: "not in it",
    help: "tokens of a brief that what git status says may cost",
  },
} as const satisfies { readonly [key: string]: SettingRule };

export type SettingKey = keyof typeof SETTINGS;

export interface Setting {
  readonly key: SettingKey;
  readonly value: number;
  readonly origin: "environment" | "user" | "default";
  /** The variable or the file it comes from; undefined for a default. */
  readonly source: string | undefined;
  /** What stands somewhere and can't be used. */
  readonly ignored: readonly string[];
}

/** `$XDG_CONFIG_HOME/leftoff/config.json`, else below `~/.config`. */
export function settingsPathOf(env: App["env"]): string {
  return join(env.XDG_CONFIG_HOME || join(personFolder(env), ".config"), "leftoff", "config.json");
}

/** The value that counts: the environment's, else the person's file's, else the default. Never throws: hooks ask it. */
export function readSetting(env: App["env"], key: SettingKey): Setting {
  return settingIn(env, key, fileValue(settingsPathOf(env)));
}

/** Several settings, for one look at the person's file. */
export function readSettings(env: App["env"], keys: readonly SettingKey[]): readonly Setting[] {
  const file = fileValue(settingsPathOf(env));
  return keys.map((key) => settingIn(env, key, file));
}

function settingIn(env: App["env"], key: SettingKey, file: ReturnType<typeof fileValue>): Setting {
  const rule: SettingRule = SETTINGS[key];
  const path = settingsPathOf(env);
  const text = env[rule.env];
  const inFile = objectField(file, rule.group)?.[rule.name];
  const given = [
    {
      origin: "environment",
      source: rule.env,
      value: text === undefined || text === "" ? undefined : Number(text),
    },
    { origin: "user", source: path, value: inFile },
  ] as const;
  const ignored = given
    .filter(({ value }) => value !== undefined && !isAllowed(rule, value))
    .map(({ source }) => `${source}: not ${allowed(rule)}`);
  const found = given.find(({ value }) => isAllowed(rule, value));
  if (found === undefined)
    return { key, value: rule.fallback, origin: "default", source: undefined, ignored };
  return { key, value: Number(found.value), origin: found.origin, source: found.source, ignored };
}

/**
 * Sets a value in the person's file; everything else there stays.
 *
 * @throws AppError `input_invalid`, `settings_unreadable`.
 */
export function writeSetting(env: App["env"], key: SettingKey, value: number): Setting {
  const rule: SettingRule = SETTINGS[key];
  if (!isAllowed(rule, value)) {
    throw new AppError(
      "input_invalid",
      `${key} is ${allowed(rule)}; ${value} is not.`,
      `For example: leftoff config set ${key} ${rule.fallback}`,
    );
  }
  const path = settingsPathOf(env);
  const before = readable(path);
  const group = { ...objectField(before, rule.group), [rule.name]: value };
  const text = `${JSON.stringify({ ...before, [rule.group]: group }, undefined, 2)}\n`;
  replace(path, Buffer.from(text), { mode: 0o600 });
  return readSetting(env, key);
}

/** A key as somebody typed it. @throws AppError `input_invalid` */
export function settingKey(text: string): SettingKey {
  if (Object.hasOwn(SETTINGS, text)) return text as SettingKey;
  throw new AppError(
    "input_invalid",
    `"${text}" is no setting.`,
    `One of: ${Object.keys(SETTINGS).join(", ")}.`,
  );
}

function readable(path: string): JsonObject {
  if (readIfThere(path) === undefined) return {};
  const value = fileValue(path);
  if (value !== undefined) return value;
  throw new AppError(
    "settings_unreadable",
    `${path} is no JSON object.`,
    "Correct it, or move it away; nothing was changed.",
  );
}

function fileValue(path: string): JsonObject | undefined {
  try {
    return asObject(parseJson(readIfThere(path)?.toString("utf8") ?? ""));
  } catch {
    // A folder, or a file that is not ours to read: the same as none for who only asks.
    return undefined;
  }
}

function isAllowed({ min, max }: SettingRule, value: unknown): boolean {
  return Number.isInteger(value) && (value === 0 || (Number(value) >= min && Number(value) <= max));
}

function allowed({ min, max, zero }: SettingRule): string {
  return `a whole number from ${min} to ${max}, or 0 (${zero})`;
}

/** A setting's number as it is written in settings files. */
export function numberOf(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}
