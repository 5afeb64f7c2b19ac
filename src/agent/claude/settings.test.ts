import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parse } from "jsonc-parser";
import { expect, test } from "vitest";
import { AppError } from "../../base/error.ts";
import {
  addAllowRules,
  addHooks,
  hookEntries,
  isOurHook,
  removeAllowRules,
  removeHooks,
} from "./settings.ts";

const local = hookEntries({ scope: "local", binFolder: "/home/dev/.local/share/leftoff/bin" });
const project = hookEntries({ scope: "project", binFolder: "/home/dev/.local/share/leftoff/bin" });
const RULES = ["Bash(leftoff note:*)", "Bash(leftoff show:*)"];

const without = (text: string) => removeHooks(text, isOurHook).text;

test("a file that is not there is made, and what is left after removal is blank", () => {
  const { text, changed } = addHooks(undefined, local);

  expect(changed).toBe(true);
  expect(text.startsWith('{\n  "hooks": {\n    "SessionStart": [\n      {\n        "hooks": [\n')).toBe(true);
  expect(text.endsWith("}\n")).toBe(true);
  expect(Object.keys(JSON.parse(text).hooks)).toEqual([
    "SessionStart",
    "PreCompact",
    "UserPromptSubmit",
    "Stop",
    "StopFailure",
    "SubagentStop",
    "SessionEnd",
  ]);
  expect(without(text)).toBe("");
});

test("a settings file keeps order, unknown keys, comments and tabs; ours come after the others'", () => {
  const settings = [
    "{",
    "\t// mine",
    '\t"zeta": 1, "alpha": [1,2 , 3],',
    '\t"hooks": {',
    '\t\t"Stop": [',
    '\t\t\t{ "matcher": "", "hooks": [{ "type": "command", "command": "say done" }] } // loud',
    "\t\t]",
    "\t},",
    '\t"future": null',
    "}",
  ].join("\n");
  const { text } = addHooks(settings, local);

  expect(text.startsWith(settings.slice(0, settings.indexOf(" // loud")))).toBe(true);
  expect(text).toContain('}] }, // loud\n\t\t\t{\n\t\t\t\t"hooks": [');
  expect(text.endsWith('\t},\n\t"future": null\n}')).toBe(true);
  const hooks = parse(text).hooks;
  expect(hooks.Stop[0].hooks[0].command).toBe("say done");
  expect(hooks.Stop[1].hooks[0].args[3]).toBe("Stop");
  expect(without(text)).toBe(settings);
});

test.each([
  ["an empty file", ""],
  ["white space only", " \r\n"],
  ["an empty object", "{}"],
  ["an empty object on two lines", "{\n}\n"],
  ["an empty object with a comment", "{ // nothing yet\n}"],
  ["empty hooks", '{"hooks":{}}'],
  ["an empty event", '{\n  "hooks": {\n    "Stop": []\n  }\n}\n'],
  ["an empty event with white space in it", '{"hooks": {"Stop": [\n ]}}'],
  ["one line", '{"a":1}'],
  ["CRLF", '{\r\n    "a": 1,\r\n    "b": {}\r\n}\r\n'],
  ["a byte order mark", '\uFEFF{\n  "a": 1\n}\n'],
  ["a byte order mark alone", "\uFEFF"],
  ["no final line feed", '{\n  "a": 1\n}'],
  ["a trailing comma", '{\n  "a": 1,\n}\n'],
  ["a trailing comma and comments around it", '{"a":1 /* x */, // y\n  /* z */ }\n// end'],
  ["a line comment after the last value", '{\n  "a": 1 // one\n}\n'],
  ["hooks twice", '{"hooks":{"Stop":[]},"hooks":{"Stop":[{"hooks":[]}]}}'],
  ["permissions", '{"permissions":{"allow":["Bash(ls:*)"],"deny":[]}}'],
  ["no permissions", '{"permissions":{"allow":[ ]}}'],
])("%s: removal gives back the same bytes, whatever is removed first", (_name, settings) => {
  const hooked = addHooks(settings, local).text;
  const both = addAllowRules(hooked, RULES).text;

  expect(without(hooked)).toBe(settings);
  expect(without(removeAllowRules(both, RULES).text)).toBe(settings);
  expect(removeAllowRules(without(both), RULES).text).toBe(settings);
  expect(parse(both.replace("\uFEFF", "")).hooks.Stop.at(-1).hooks).toHaveLength(1);
  expect(parse(both.replace("\uFEFF", "")).permissions.allow).toEqual(expect.arrayContaining(RULES));
});

/** Any settings, written as oddly as JSON with comments allows: white space and comments of every kind between all tokens. */
const oddSettings = fc.gen().map((gen) => {
  const eol = gen(fc.constantFrom, "\n", "\r\n");
  const gap = () =>
    gen(
      fc.constantFrom,
      "",
      "",
      "",
      " ",
      eol,
      `${eol}\t`,
      ` // c, }${eol}`,
      "/* ] , */",
      ` /* c */${eol}  // "x"${eol}`,
    );
  const list = (open: string, items: readonly string[], close: string) => {
    const comma = items.length > 0 && gen(fc.boolean) ? `${gap()},` : "";
    return open + items.map((item) => gap() + item).join(`${gap()},`) + comma + gap() + close;
  };
  const object = (entries: readonly (readonly [string, string])[]) =>
    list(
      "{",
      entries.map(([key, value]) => `${JSON.stringify(key)}${gap()}:${gap()}${value}`),
      "}",
    );
  const many = (make: () => string) => Array.from({ length: gen(fc.nat, 2) }, make);
  const handler = () => JSON.stringify({ type: "command", command: gen(fc.string) });
  const group = () =>
    object([
      ["matcher", JSON.stringify(gen(fc.string))],
      ["hooks", list("[", many(handler), "]")],
    ]);
  const hooks = () =>
    object(
      gen(fc.subarray, ["Stop", "PreToolUse", "SessionEnd"]).map((event) => [
        event,
        list("[", many(group), "]"),
      ]),
    );
  const permissions = () =>
    object(
      gen(fc.boolean)
        ? [
            [
              "allow",
              list(
                "[",
                many(() => '"Bash(ls:*)"'),
                "]",
              ),
            ],
          ]
        : [],
    );
  const entries: (readonly [string, string])[] = [
    ["hooks", hooks()],
    ["permissions", permissions()],
    ["env", JSON.stringify(gen(fc.json))],
    ["x", "[{},[],1e3]"],
  ];
  return gen(fc.constantFrom, "", "\uFEFF") + gap() + object(gen(fc.shuffledSubarray, entries)) + gap();
});

test("property: removing what was added gives back any settings, byte for byte", () => {
  fc.assert(
    fc.property(
      oddSettings,
      fc.constantFrom(local, project),
      fc.boolean(),
      (settings, entries, hooksFirst) => {
        const hooked = addHooks(settings, entries);
        const both = addAllowRules(hooked.text, RULES);
        expect(hooked.changed && both.changed).toBe(true);
        const back = hooksFirst
          ? removeAllowRules(without(both.text), RULES).text
          : without(removeAllowRules(both.text, RULES).text);
        expect(back).toBe(settings);
      },
    ),
    { numRuns: 250 },
  );
});

test("property: adding twice is adding once, the result means what it should, and the others' hooks keep their order", () => {
  fc.assert(
    fc.property(oddSettings, fc.constantFrom(local, project), (settings, entries) => {
      const once = addAllowRules(addHooks(settings, entries).text, RULES).text;
      expect(addHooks(once, entries)).toEqual({ text: once, changed: false, warnings: [] });
      expect(addAllowRules(once, RULES)).toEqual({ text: once, changed: false });

      const before = parse(settings.replace("\uFEFF", ""));
      const after = parse(once.replace("\uFEFF", ""));
      const expected = { ...before.hooks };
      for (const { event, handler } of entries)
        expected[event] = [...(expected[event] ?? []), { hooks: [handler] }];
      expect(after.hooks).toEqual(expected);
      expect(after.permissions.allow).toEqual([...(before.permissions?.allow ?? []), ...RULES]);
      expect({ ...after, hooks: 0, permissions: 0 }).toEqual({ ...before, hooks: 0, permissions: 0 });
    }),
    { numRuns: 120 },
  );
});

test("property: an upgrade from any older form of ours ends in the new one, and removal still gives back the rest", () => {
  const older = [
    project,
    hookEntries({ scope: "user", binFolder: "/elsewhere/bin" }),
    local.map(({ event }) => ({
      event,
      handler: { type: "command" as const, command: `sh "/x/leftoff/bin/nudge" ${event}`, timeout: 1 },
    })),
  ];
  fc.assert(
    fc.property(oddSettings, fc.constantFrom(...older), (settings, entries) => {
      const upgraded = addHooks(addHooks(settings, entries).text, local).text;
      expect(upgraded).toBe(addHooks(settings, local).text);
      expect(without(upgraded)).toBe(settings);
    }),
    { numRuns: 80 },
  );
});

test("ours within a group of the person's is taken out alone", () => {
  const mixed = {
    hooks: { Stop: [{ matcher: "x", hooks: [local[3]?.handler, { type: "command", command: "mine" }] }] },
  };

  expect(JSON.parse(without(JSON.stringify(mixed)))).toEqual({
    hooks: { Stop: [{ matcher: "x", hooks: [{ type: "command", command: "mine" }] }] },
  });
});

test("a hook that only looks like ours is not", () => {
  for (const command of [
    "/opt/other/bin/nudge",
    "echo leftoff",
    "~/bin/answer",
    "cat $LEFTOFF_HOME/x",
    "/leftoff/bin/nudges",
  ]) {
    expect(isOurHook({ type: "command", command })).toBe(false);
  }
  for (const value of [null, 1, "x", [], {}, { command: 1, args: "x" }]) expect(isOurHook(value)).toBe(false);
});

test("a rule that the person had already is not added again", () => {
  const settings = '{"permissions":{"allow":["Bash(leftoff note:*)"]}}';

  expect(parse(addAllowRules(settings, RULES).text).permissions.allow).toEqual(RULES);
});

test.each([
  ['{\n  "a": 1\n  "b": 2\n}', "line 3, column 3"],
  ['{"a": "unfinished', "line 1, column 7"],
  ["[]", "line 1, column 1"],
  ['{\n "hooks": [] }', "line 2, column 11"],
  ['{"hooks": {"Stop": {}}}', "line 1, column 20"],
  ['{"a":1} {"b":2}', "line 1, column 9"],
  ["{\n<<<<<<< HEAD\n}", "line 2, column 1"],
  ["[".repeat(100_000), "line 1, column 1"],
])("settings that cannot be understood are refused with their place: %#", (settings, place) => {
  let caught: unknown;
  try {
    addHooks(settings, local);
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(AppError);
  expect(caught).toMatchObject({ code: "settings_unreadable", message: expect.stringContaining(place) });
});

test("hooks that are switched off in the file are said to be", () => {
  expect(addHooks('{"disableAllHooks":true}', local).warnings).toHaveLength(1);
});

test("property: any text is either understood or refused, never a crash", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.json(), fc.string({ unit: fc.constantFrom(...'{}[],:"/*\n a1') })),
      (settings) => {
        for (const change of [
          () => addHooks(settings, local),
          () => without(settings),
          () => addAllowRules(settings, RULES),
        ]) {
          try {
            change();
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("an entry calls its script with the event, and is silent and content where the script is gone", () => {
  const home = mkdtempSync(join(tmpdir(), "leftoff-test-"));
  const binFolder = join(home, "data home/leftoff/bin");
  mkdirSync(binFolder, { recursive: true });
  const env = { PATH: process.env.PATH, XDG_DATA_HOME: join(home, "data home") };
  for (const scope of ["local", "project"] as const) {
    for (const { event, handler } of hookEntries({ scope, binFolder })) {
      const run = () =>
        handler.args === undefined
          ? spawnSync("/bin/sh", ["-c", handler.command], { env, input: "{}" })
          : spawnSync(handler.command, handler.args, { env, input: "{}" });
      rmSync(binFolder, { recursive: true });
      expect([run().status, `${run().stdout}${run().stderr}`]).toEqual([0, ""]);
      mkdirSync(binFolder);
      for (const name of ["nudge", "answer"]) {
        writeFileSync(join(binFolder, name), `echo "${name} $1"; cat; exit 7`);
        chmodSync(join(binFolder, name), 0o600);
      }
      const script = event === "SessionStart" || event === "PreCompact" ? "answer" : "nudge";
      expect(run().stdout.toString()).toBe(`${script} ${event}\n{}`);
    }
  }
  expect(JSON.stringify(project)).not.toContain("/home/dev");
  execFileSync("rm", ["-r", home]);
});
