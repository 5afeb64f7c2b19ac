import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { addHookLines, hookLines, removeHookLines } from "./hook-lines.ts";

const lines = hookLines("/home/ada's/bin/git-hook", "post-commit");

test("the lines are the format's example", () => {
  const text = readFileSync(new URL("../../../docs/formats/context.md", import.meta.url), "utf8");
  const example = hookLines("/home/ada/.local/share/leftoff/bin/git-hook", "post-commit");
  expect(/^```sh\n([\s\S]*?)\n```$/m.exec(text)?.[1]).toBe(example.join("\n"));
});

test("a hook that is there keeps every byte, and gets ours behind its first line, which may be its last", () => {
  expect(addHookLines("#!/usr/bin/env bash\nexit 0\n", lines)).toBe(
    `#!/usr/bin/env bash\n${lines.join("\n")}\nexit 0\n`,
  );
  const rest = fc.string({ unit: fc.constantFrom("a", "\n", "\r\n", "#", " exit 0", "\t") });
  fc.assert(
    fc.property(
      fc.constantFrom("#!/bin/sh", "#! /bin/dash -e", "#!/usr/bin/env zsh"),
      rest,
      (first, body) => {
        const text = `${first}${body === "" ? "" : `\n${body}`}`;
        const added = addHookLines(text, lines) ?? "";
        expect(removeHookLines(added)).toBe(text);
        expect(addHookLines(added, lines)).toBe(added);
      },
    ),
  );
});

test("a hook that was not there is gone again; one in another language is none of ours to write into", () => {
  const made = addHookLines(undefined, lines) ?? "";
  expect(made.startsWith("#!/bin/sh\n")).toBe(true);
  expect(removeHookLines(made)).toBe("");
  for (const other of [
    "#!/usr/bin/env node\n",
    "#!/usr/bin/python3\n",
    "echo no first line\n",
    "\u007fELF",
    "#!/bin/fish\n",
  ])
    expect(addHookLines(other, lines)).toBeUndefined();
});

test("lines of another version, and of a program that lay elsewhere, are replaced", () => {
  const before = addHookLines("#!/bin/sh\nmake\n", hookLines("/old/bin/git-hook", "post-commit")) ?? "";
  expect(addHookLines(before, lines)).toBe(`#!/bin/sh\n${lines.join("\n")}\nmake\n`);
});
