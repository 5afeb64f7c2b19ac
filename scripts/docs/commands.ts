import type { Command } from "../../src/cli/door.ts";
import { COMMANDS, RESERVED } from "../../src/cli/vocabulary.ts";
import { GENERATED, tableOf } from "./text.ts";

/** Options that every command takes. */
const COMMON = [
  ["--json", "one JSON document on standard output"],
  ["-h, --help", "examples and options"],
] as const;

/** The table in the README: what there is, in the order of --help. */
export function commandTable(): string {
  return tableOf(
    ["command", "what it does"],
    COMMANDS.map(({ name, summary }) => [`[\`${name}\`](docs/reference/commands.md#${name})`, summary]),
  );
}

export function commandsPage(): string {
  return `# Commands

${GENERATED}

Data goes to standard output, everything else to standard error. Every command takes \`--json\`, which prints one document with
a \`schema\`. A session is named by its id, its slug, or a part of the slug that no other has; without a name, the current one is
meant. Exit codes: [errors.md](errors.md).

${COMMANDS.map(section).join("\n\n")}

## Reserved

These words are taken, so that none of them ever means something else. They answer "not yet available" and exit with 1:
${RESERVED.map((word) => `\`${word}\``).join(", ")}.
`;
}

function section(command: Command): string {
  const { name, aliases = [], summary, about, examples, args, options = [] } = command;
  const usage = ["leftoff", name, ...(args === undefined ? [] : [args]), "[options]"].join(" ");
  const also =
    aliases.length === 0 ? [] : [`Also: ${aliases.map((alias) => `\`${alias}\``).join(", ")}.`, ""];
  const rows = [...options, ...COMMON].map(([flags, help]) => [`\`${flags}\``, help]);
  return [
    `## ${name}`,
    "",
    `${summary[0]?.toUpperCase()}${summary.slice(1)}.`,
    "",
    ...(about === undefined ? [] : [about, ""]),
    ...also,
    "```sh",
    `${usage}`,
    "",
    ...examples.map((example) => `$ ${example}`),
    "```",
    "",
    tableOf(["option", "meaning"], rows),
  ].join("\n");
}
