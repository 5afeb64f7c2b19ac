import { CommanderError, Command as Parser } from "commander";
import { AppError, ERRORS, type ErrorCode, EXIT_BUG } from "../base/error.ts";
import { type Command, type Door, fitted, type Given } from "./door.ts";
import { COMMANDS, RESERVED } from "./vocabulary.ts";

/**
 * Runs one command line. Data goes to standard output, talk and errors to standard error; with --json, errors are a JSON
 * document on standard output, too.
 *
 * @returns the exit code (base/error.ts has the table).
 */
export async function runCli(
  argv: readonly string[],
  makeDoor: (json: boolean) => Door,
  version: string,
): Promise<number> {
  const json = argv.includes("--json");
  const door = makeDoor(json);
  let exit = 0;
  const onEnd = (code: number) => {
    exit = code;
  };
  try {
    const parser = parserOf(door, version, onEnd);
    if (argv.length === 0) door.print(parser.helpInformation().trimEnd());
    else await parser.parseAsync([...argv], { from: "user" });
    return exit;
  } catch (error) {
    return report(door, error);
  }
}

type Ended = (exit: number) => void;

function parserOf(door: Door, version: string, onEnd: Ended): Parser {
  const parser = new Parser("leftoff");
  parser
    .description("Pick up exactly where your coding agent left off.")
    .version(version, "-V, --version")
    .helpOption("-h, --help")
    .addHelpText(
      "before",
      "Examples:\n  $ npx leftoff init          set up this project\n  $ leftoff status            where you are, what is next\n  $ leftoff brief             what your agent will be told\n",
    )
    .exitOverride()
    .configureOutput({ writeOut: (text) => door.print(text.trimEnd()), writeErr: () => undefined })
    .showSuggestionAfterError(true);
  for (const command of COMMANDS) addCommand(parser, { door, onEnd }, command);
  for (const name of RESERVED) addReserved(parser, name);
  return parser;
}

function addCommand(
  parser: Parser,
  { door, onEnd }: { readonly door: Door; readonly onEnd: Ended },
  command: Command,
): void {
  const sub = parser
    .command(`${command.name}${command.args === undefined ? "" : ` ${command.args}`}`)
    .summary(command.summary)
    .description([command.summary, ...(command.about === undefined ? [] : [command.about])].join("\n\n"))
    .aliases([...(command.aliases ?? [])])
    .option("--json", "one JSON document on standard output")
    .addHelpText("before", `Examples:\n${command.examples.map((example) => `  $ ${example}`).join("\n")}\n`);
  for (const [flags, help] of command.options ?? []) sub.option(flags, help);
  sub.action(async () => {
    const { run } = await command.load();
    const given: Given = {
      args: sub.processedArgs.flat().filter((arg) => typeof arg === "string"),
      options: sub.opts(),
    };
    onEnd((await run(door, given)) ?? 0);
  });
}

function addReserved(parser: Parser, name: string): void {
  const fail = () => {
    throw new AppError(
      "not_yet_available",
      `\`leftoff ${name}\` is not yet available.`,
      "`leftoff --help` lists what is.",
    );
  };
  parser.command(name, { hidden: true }).argument("[anything...]").allowUnknownOption(true).action(fail);
}

function report(door: Door, error: unknown): number {
  if (error instanceof CommanderError) return reportUsage(door, error);
  if (error instanceof AppError) return tell(door, error.toJSON(), ERRORS[error.code].exit);
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return tell(door, { code: "internal_error", message: `a bug of ours: ${what}`, hint: REPORT_IT }, EXIT_BUG);
}

const REPORT_IT = "Nothing of yours was changed by the failure itself. Please report it with what you typed.";

/** The parser ends --help and --version with an error of its own; those went well. */
function reportUsage(door: Door, error: CommanderError): number {
  if (error.exitCode === 0) return 0;
  const isUnknown = error.code === "commander.unknownCommand";
  const code: ErrorCode = isUnknown ? "command_unknown" : "input_invalid";
  const message = error.message.replace(/^error: /, "");
  const hint = isUnknown
    ? "`leftoff --help` lists the commands."
    : "`leftoff COMMAND --help` says what a command takes.";
  return tell(door, { code, message, hint }, ERRORS[code].exit);
}

function tell(door: Door, error: { code: string; message: string; hint: string }, exitCode: number): number {
  if (door.json) door.print(JSON.stringify({ error }, undefined, 2));
  door.say(fitted(door, `leftoff: ${error.message}\n${door.style.dim(error.hint)}`));
  return exitCode;
}
