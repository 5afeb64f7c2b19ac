import { ERRORS, type ErrorCode, EXIT_BUG } from "../../src/base/error.ts";
import { entriesOf } from "./source.ts";
import { GENERATED, tableOf } from "./text.ts";

export interface DocumentedError {
  readonly code: string;
  readonly exit: number;
  readonly meaning: string;
}

/** Every error code, by exit code. */
export function readErrors(): readonly DocumentedError[] {
  const entries = entriesOf("src/base/error.ts", "ERRORS").map(({ name, comment }) => ({
    code: name,
    exit: ERRORS[name as ErrorCode].exit,
    meaning: comment,
  }));
  return entries.sort((a, b) => a.exit - b.exit);
}

export function errorsPage(): string {
  const rows = readErrors().map(({ code, exit, meaning }) => [`\`${code}\``, String(exit), meaning]);
  return `# Errors and exit codes

${GENERATED}

A command that fails says on standard error what happened and, in a second sentence, what to do. With \`--json\` the same stands
on standard output, and the code is for programs:

\`\`\`json
{ "error": { "code": "session_not_found", "message": "There is no session \\"oauth\\".", "hint": "\`leftoff list --all\` shows every session." } }
\`\`\`

${tableOf(["code", "exit", "meaning"], rows)}

| exit | without a code |
|---|---|
| 0 | All went well. |
| 2 | The command line itself is wrong (an unknown option, a missing argument). |
| ${EXIT_BUG} | A bug of ours. Please report it with what was printed. |
| 130 | Interrupted (Ctrl-C). |

Hooks have no exit codes: they end with 0 and an empty standard error whatever happens. What went wrong in one is written to
\`state/hook-failures.jsonl\`, and \`leftoff status\` shows the last of it.
`;
}
