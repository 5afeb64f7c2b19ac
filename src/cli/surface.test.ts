import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTerminal, type Terminal } from "../../test/terminal.ts";
import { ERRORS, EXIT_BUG } from "../base/error.ts";
import { runCli } from "./cli.ts";
import type { Door } from "./door.ts";
import { COMMANDS, RESERVED } from "./vocabulary.ts";

// What scripts and fingers rely on, whatever a command does: help, reserved words, exit codes, where things are printed.

const HELP = new URL("../../test/fixtures/cli/help.golden.txt", import.meta.url);

let terminal: Terminal;
beforeAll(() => {
  terminal = openTerminal();
});
afterAll(() => terminal.dispose());

test("--help prints examples first, then every command that is built, and exits 0", async () => {
  const { exit, out, err } = await terminal.run("--help");

  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(HELP, `${out}\n`);
  expect(`${out}\n`).toBe(readFileSync(HELP, "utf8"));
  expect({ exit, err }).toEqual({ exit: 0, err: "" });
  for (const { name } of COMMANDS) expect(out).toMatch(new RegExp(`^  ${name}\\b`, "m"));
});

test.each(COMMANDS.map((command) => [command.name, command] as const))(
  "%s --help begins with its examples and names its options",
  async (name, { examples, options = [] }) => {
    const { exit, out } = await terminal.run(name, "--help");

    expect(exit).toBe(0);
    expect(out.startsWith("Examples:\n")).toBe(true);
    for (const example of examples) expect(out.indexOf(example)).toBeLessThan(out.indexOf("Usage: "));
    for (const [flags] of options) expect(out).toContain(flags);
    expect(out).toContain("--json");
  },
);

test("help does nothing: no file is made by asking for it", async () => {
  const fresh = openTerminal();
  for (const { name } of COMMANDS) await fresh.run(name, "--help");

  expect(() => fresh.box.read(fresh.box.app.home)).toThrow("ENOENT");
  fresh.dispose();
});

test.each(RESERVED)("the reserved word %s says that it is not yet available, and exits 1", async (name) => {
  const { exit, out, err } = await terminal.run(name, "anything", "--whatever", "-x");

  expect({ exit, out }).toEqual({ exit: 1, out: "" });
  expect(err).toContain(`\`leftoff ${name}\` is not yet available.`);
});

test("reserved words stand in no help", async () => {
  const { out } = await terminal.run("--help");

  expect(RESERVED.filter((name) => new RegExp(`^  ${name}\\b`, "m").test(out))).toEqual([]);
});

test("--version prints the version and nothing else", async () => {
  expect(await terminal.run("--version")).toEqual({ exit: 0, out: "1.2.3", err: "" });
  expect(await terminal.run("-V")).toEqual({ exit: 0, out: "1.2.3", err: "" });
});

test.each([
  ["an unknown option", ["status", "--bogus"], 2],
  ["a missing argument", ["note", "finding"], 2],
  ["a kind of note that is none", ["note", "memory", "x"], 2],
  ["a note of nothing", ["note", "finding", "  "], 2],
  ["a title of nothing", ["new", " "], 2],
  ["a scope that is none", ["init", "--scope", "galaxy"], 2],
  ["a number that is none", ["ingest", "--newest", "few"], 2],
  ["a change of notes that is none", ["notes", "bless", "abcdef"], 2],
  ["an agent that nobody knows", ["init", "--agent", "hal"], 3],
  ["a session that is not there", ["show", "no-such-session"], 3],
  ["a note where no session is", ["note", "finding", "something"], 3],
  ["a change where no session is", ["pause"], 3],
] as const)("%s is said in two lines on standard error, with its exit code", async (_what, argv, code) => {
  const { exit, out, err } = await terminal.run(...argv);

  expect({ exit, out }).toEqual({ exit: code, out: "" });
  // What happened, and what to do.
  expect(err).toMatch(/^leftoff: .+\n.+$/);
});

test("with --json an error is one document on standard output, and standard error is empty", async () => {
  const { exit, out, err } = await terminal.run("show", "no-such-session", "--json");

  expect(exit).toBe(ERRORS.session_not_found.exit);
  expect(err).toBe("");
  expect(JSON.parse(out)).toEqual({
    error: {
      code: "session_not_found",
      message: 'There is no session "no-such-session".',
      hint: "`leftoff list --all` shows every session.",
    },
  });
});

test("with --json wrong usage is a document, too", async () => {
  const { exit, out } = await terminal.run("status", "--json", "--bogus");

  expect(exit).toBe(2);
  expect(JSON.parse(out).error).toMatchObject({ code: "input_invalid", message: "unknown option '--bogus'" });
});

test("a word that is no command is named, with the one that may be meant, and exits 2", async () => {
  const { exit, err } = await terminal.run("statuz");

  expect(exit).toBe(2);
  expect(err).toContain("statuz");
  expect(err).toContain("Did you mean status?");
});

test("help is what --help is", async () => {
  expect(await terminal.run("help")).toEqual(await terminal.run("--help"));
});

test("no word at all prints the commands, and exits 0", async () => {
  const { exit, out, err } = await terminal.run();

  expect({ exit, err }).toEqual({ exit: 0, err: "" });
  for (const { name } of COMMANDS) expect(out).toMatch(new RegExp(`^  ${name}\\b`, "m"));
});

// Nothing at all is printed then.
test("with --json a bug of ours is a document, too, and exits 70", async () => {
  const out: string[] = [];
  const broken = {
    json: true,
    style: { dim: String },
    print: (text: string) => void out.push(text),
    say: () => undefined,
    get app(): never {
      throw new TypeError("something that can't be");
    },
  };

  expect(await runCli(["list", "--json"], () => broken as unknown as Door, "1.2.3")).toBe(EXIT_BUG);
  expect(JSON.parse(out.join("\n")).error.message).toContain("something that can't be");
});

test("reading commands answer in a place that leftoff has never seen, and exit 0", async () => {
  for (const name of ["status", "list", "ingest"]) {
    expect(await terminal.run(name), name).toMatchObject({ exit: 0, err: "" });
  }
});

test("a change that the life cycle does not allow is refused, says what to do, and changes nothing", async () => {
  await terminal.run("new", "Something finished");
  await terminal.run("complete", "--session", "something-finished");

  const { exit, err } = await terminal.run("pause", "--session", "something-finished");

  expect(exit).toBe(ERRORS.transition_refused.exit);
  expect(err).toContain("`leftoff reopen`");
  const { session } = (await terminal.json("show", "something-finished")) as { session: { phase: string } };
  expect(session.phase).toBe("complete");
});

test("a part of a slug that several sessions have is refused with the candidates", async () => {
  await terminal.run("new", "Invoices by mail");
  await terminal.run("new", "Invoices as PDF");

  const { exit, err } = await terminal.run("show", "invoices");

  expect(exit).toBe(ERRORS.session_ambiguous.exit);
  expect(err).toContain("invoices-by-mail");
  expect(err).toContain("invoices-as-pdf");
});
