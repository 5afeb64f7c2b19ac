import fc from "fast-check";
import { expect, test } from "vitest";
import type { SettingsScope } from "../agent.ts";
import { claudeSetup } from "./setup.ts";

const binFolder = "/home/dev/.local/share/leftoff/bin";
const place = { scope: "local", binFolder } as const;

const variableIn = (text: string) => (JSON.parse(text) as { env: { LEFTOFF_HOOKS?: string } }).env;

test.each([
  ["local", `local:${binFolder}`],
  ["user", `user:${binFolder}`],
  ["project", "project"],
] as const)("the settings of scope %s say whose hooks answer", (scope: SettingsScope, value) => {
  const { text } = claudeSetup.install(undefined, { scope, binFolder });

  expect(variableIn(text)).toEqual({ LEFTOFF_HOOKS: value });
});

test("variables of the person's own stay, and ours goes without a trace", () => {
  const settings = '{\n\t"env": { "A": "1" },\n\t"zeta": {}\n}';

  const { text } = claudeSetup.install(settings, place);

  expect(variableIn(text)).toEqual({ A: "1", LEFTOFF_HOOKS: `local:${binFolder}` });
  expect(claudeSetup.uninstall(text).text).toBe(settings);
});

test("a file that was copied from another scope gets the value of its own", () => {
  const { text } = claudeSetup.install('{"env": {"LEFTOFF_HOOKS": "project", "B": "2"}}', place);

  expect(variableIn(text)).toEqual({ LEFTOFF_HOOKS: `local:${binFolder}`, B: "2" });
});

test("hooks without the variable are not complete", () => {
  const { text } = claudeSetup.install(undefined, place);
  const stripped = text.replace("LEFTOFF_HOOKS", "SOMETHING_ELSE");

  expect(claudeSetup.inspect(text, place)).toMatchObject({ isComplete: true });
  expect(claudeSetup.inspect(stripped, place)).toMatchObject({ isComplete: false });
});

test("an env that is no object is refused with its place", () => {
  expect(() => claudeSetup.install('{\n  "env": []\n}', place)).toThrow(/line 2, column 10/);
});

test("installing and uninstalling gives back the bytes of any settings", () => {
  const settings = fc
    .record(
      {
        env: fc.dictionary(
          fc.string().filter((key) => key !== "LEFTOFF_HOOKS"),
          fc.string(),
        ),
        permissions: fc.constantFrom({}, { allow: [] }, { allow: ["Bash(ls:*)"] }, { deny: ["WebFetch"] }),
        hooks: fc.constantFrom({}, { Stop: [] }, { Stop: [{ hooks: [{ type: "command", command: "x" }] }] }),
        model: fc.string(),
      },
      { requiredKeys: [] },
    )
    .chain((value) =>
      fc.constantFrom(undefined, 1, 2, "\t").map((indent) => JSON.stringify(value, undefined, indent)),
    );
  fc.assert(
    fc.property(settings, fc.constantFrom("local", "project", "user"), (text, scope) => {
      const installed = claudeSetup.install(text, { scope, binFolder });
      expect(claudeSetup.install(installed.text, { scope, binFolder }).changed).toBe(false);
      expect(claudeSetup.uninstall(installed.text).text).toBe(text);
    }),
  );
});

test("a status line beside the hooks, whichever came first, goes with them without a trace", () => {
  const user = { scope: "user", binFolder } as const;
  const before = [
    "",
    "{}",
    '{"model":"opus"}',
    '{\n  "statusLine": {"type": "command", "command": "date"}\n}\n',
  ];
  for (const settings of before) {
    const hooksFirst = claudeSetup.addStatusline(claudeSetup.install(settings, user).text, binFolder).text;
    const lineFirst = claudeSetup.install(claudeSetup.addStatusline(settings, binFolder).text, user).text;
    for (const text of [hooksFirst, lineFirst]) {
      expect(claudeSetup.inspect(text, user)).toMatchObject({ isComplete: true });
      expect(claudeSetup.uninstall(text).text).toBe(settings);
    }
  }
});
