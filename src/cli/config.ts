import {
  numberOf,
  readSettings,
  SETTINGS,
  type Setting,
  type SettingKey,
  settingKey,
  writeSetting,
} from "../app/settings.ts";
import { AppError } from "../base/error.ts";
import { type Door, type Run, show } from "./door.ts";

const KEYS = Object.keys(SETTINGS) as readonly SettingKey[];

/** `config get [key]`, `config set key value`. */
export const run: Run = async (door, given) => {
  const [action, key, value] = given.args;
  const settings = settingsFor(door, { action, key, value });
  const document = settings.map(({ key: name, value: is, origin, source, ignored }) => ({
    key: name,
    value: is,
    origin,
    ...(source === undefined ? {} : { source }),
    ignored,
  }));
  show(door, { schema: "leftoff.config/1", settings: document } as { schema: string }, () =>
    settings.map((setting) => textOf(door, setting)).join("\n"),
  );
};

function settingsFor(
  door: Door,
  {
    action,
    key,
    value,
  }: {
    readonly action: string | undefined;
    readonly key: string | undefined;
    readonly value: string | undefined;
  },
): readonly Setting[] {
  const { env } = door.app;
  if (action === "get" && value === undefined) {
    return readSettings(env, key === undefined ? KEYS : [settingKey(key)]);
  }
  if (action === "set" && key !== undefined && value !== undefined)
    return [writeSetting(env, settingKey(key), numberOf(value))];
  throw new AppError(
    "input_invalid",
    action === "set"
      ? "A setting needs its key and its value."
      : `"${action}" is nothing to do with settings.`,
    "For example: leftoff config get, leftoff config set context.warnAtPercent 70",
  );
}

function textOf({ style }: Door, { key, value, origin, source, ignored }: Setting): string {
  const { zero, help } = SETTINGS[key];
  const from = source === undefined ? origin : `${origin}: ${source}`;
  const lines = [
    `${style.bold(key)} ${value}${value === 0 ? ` (${zero})` : ""}  ${style.dim(`[${from}]`)}`,
    `  ${style.dim(help)}`,
    ...ignored.map((what) => `  ${style.yellow(`ignored: ${what}`)}`),
  ];
  return lines.join("\n");
}
