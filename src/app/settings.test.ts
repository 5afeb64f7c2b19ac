import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readSetting, settingKey, settingsPathOf, writeSetting } from "./settings.ts";

const KEY = "context.warnAtPercent";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leftoff-settings-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const env = (more = {}) => ({ XDG_CONFIG_HOME: folder, ...more });

function file(text: string): void {
  mkdirSync(join(folder, "leftoff"), { recursive: true });
  writeFileSync(settingsPathOf(env()), text);
}

test("a setting is the environment's, else the person's, else the default, and says so", () => {
  expect(readSetting(env(), KEY)).toMatchObject({ value: 80, origin: "default", source: undefined });
  file('{"context":{"warnAtPercent":70}}');
  expect(readSetting(env(), KEY)).toMatchObject({ value: 70, origin: "user", source: settingsPathOf(env()) });
  expect(readSetting(env({ LEFTOFF_CONTEXT_WARN_AT_PERCENT: "60" }), KEY)).toMatchObject({
    value: 60,
    origin: "environment",
  });
});

test("what can't be used is passed over and said", () => {
  for (const [text, count] of [
    ['{"context":{"warnAtPercent":"70"}}', 1],
    ['{"context":{"warnAtPercent":100}}', 1],
    ['{"context":[70]}', 0],
    ["not json", 0],
  ] as const) {
    file(text);
    expect(readSetting(env({ LEFTOFF_CONTEXT_WARN_AT_PERCENT: "" }), KEY), text).toMatchObject({ value: 80 });
    expect(readSetting(env(), KEY).ignored, text).toHaveLength(count);
  }
});

test("setting one leaves everything else in the file as it was", () => {
  file('{"other":{"a":[1]},"context":{"windowTokens":5000}}');
  expect(writeSetting(env(), KEY, 0)).toMatchObject({ value: 0, origin: "user" });
  expect(JSON.parse(readFileSync(settingsPathOf(env()), "utf8"))).toEqual({
    other: { a: [1] },
    context: { windowTokens: 5000, warnAtPercent: 0 },
  });
});

test("a value out of bounds, a file that is no JSON and a key that is none are refused", () => {
  for (const value of [5, 100, 80.5, Number.NaN])
    expect(() => writeSetting(env(), KEY, value)).toThrow(expect.objectContaining({ code: "input_invalid" }));
  file("{ // mine\n}");
  expect(() => writeSetting(env(), KEY, 70)).toThrow(
    expect.objectContaining({ code: "settings_unreadable" }),
  );
  expect(() => settingKey("toString")).toThrow(expect.objectContaining({ code: "input_invalid" }));
});
