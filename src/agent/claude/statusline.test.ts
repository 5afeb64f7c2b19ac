import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { addStatusline, removeStatusline } from "./statusline.ts";

const bin = "/home/dev/it's here/leftoff/bin";

const commandIn = (text: string) =>
  (JSON.parse(text) as { statusLine: { command: string } }).statusLine.command;

test("where there is no status line, ours is made, and goes without a trace", () => {
  for (const settings of ["", "{}", '{\n\t"model": "opus"\n}\n']) {
    const { text } = addStatusline(settings, bin);
    expect(commandIn(text)).toContain("/statusline'");
    expect(removeStatusline(text).text).toBe(settings);
  }
});

test("a status line of the person's own keeps its other fields, and runs where our script is gone", () => {
  const settings =
    '{ "statusLine": {"padding": 2, "command" : "printf \'%s\' \\u0027it\\u0027\\"s\\"", "type": "command"} }';
  const { text } = addStatusline(settings, bin);

  expect(JSON.parse(text)).toMatchObject({ statusLine: { padding: 2, type: "command" } });
  expect(execFileSync("/bin/sh", ["-c", commandIn(text)], { encoding: "utf8" })).toBe("its");
  expect(removeStatusline(text).text).toBe(settings);
});

test("a status line that the person changed after us is left alone", () => {
  const { text } = addStatusline('{"statusLine": {"type": "command", "command": "date"}}', bin);
  const changed = text.replace("LEFTOFF_LINE", "MINE");

  expect(removeStatusline(changed)).toEqual({ text: changed, changed: false });
});

test("a status line that is none is refused with its place", () => {
  expect(() => addStatusline('{\n  "statusLine": 3\n}', bin)).toThrow(/line 2, column 17/);
});

test("any command is run as it was, and comes back byte for byte; adding again changes nothing", () => {
  const literal = fc
    .array(
      fc.constantFrom(
        "'",
        "\\u0027",
        "\\\\",
        "\\\\u0027",
        '\\"',
        "a b",
        "\\n",
        "é",
        "\\u00e9",
        " /bin/sh -c 'if [ -r ",
        "$0",
      ),
    )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(literal, (command) => {
      const settings = `{"statusLine":{"type":"command","command":"${command}"}}`;
      const { text } = addStatusline(settings, bin);
      expect(addStatusline(text, bin)).toEqual({ text, changed: false });
      expect(addStatusline(addStatusline(settings, "/elsewhere").text, bin).text).toBe(text);
      expect(removeStatusline(text).text).toBe(settings);
    }),
  );
});

test("the shell gets any command as it was", () => {
  const commands = ["it's", "a\\b", "'", "''", "x' /bin/sh -c 'if [ -r ", "two\nlines", "$0 `id`"];
  for (const command of commands) {
    const { text } = addStatusline(JSON.stringify({ statusLine: { type: "command", command } }), bin);
    const shown = commandIn(text).replace(/ \/bin\/sh -c 'if .*$/s, '; printf %s "$LEFTOFF_LINE"');
    expect(execFileSync("/bin/sh", ["-c", shown], { encoding: "utf8" })).toBe(command);
  }
});
