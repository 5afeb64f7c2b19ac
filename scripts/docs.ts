import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { captureTry, tellingLines } from "./docs/capture.ts";
import { commandsPage, commandTable } from "./docs/commands.ts";
import { errorsPage } from "./docs/errors.ts";
import { lifeCyclePage, lifeCyclePicture } from "./docs/life-cycle.ts";
import { limitsPage } from "./docs/limits.ts";
import { withPart } from "./docs/text.ts";

/**
 * Writes what of the documents comes out of the code: `npm run docs`. With `--check` it writes nothing and fails, in one
 * sentence, where a page is not what it would write.
 */
interface Page {
  readonly path: string;
  /** The page as it shall be, out of what it is ("" where it is not there). */
  make(before: string): string;
}

const PAGES: readonly Page[] = [
  { path: "docs/reference/commands.md", make: commandsPage },
  { path: "docs/reference/errors.md", make: errorsPage },
  { path: "docs/reference/limits.md", make: limitsPage },
  { path: "docs/reference/life-cycle.md", make: lifeCyclePage },
  { path: "ARCHITECTURE.md", make: (before) => withPart(before, "generated:life-cycle", lifeCyclePicture()) },
  { path: "README.md", make: readme },
];

function readme(before: string): string {
  const withTable = withPart(before, "generated:commands", commandTable());
  return withPart(
    withTable,
    "capture:try",
    `\`\`\`console\n$ npm run try\n${tellingLines(captureTry())}\n\`\`\``,
  );
}

function main(check: boolean): void {
  for (const { path, make } of PAGES) {
    const before = existsSync(path) ? readFileSync(path, "utf8") : "";
    const after = make(before);
    if (before === after) continue;
    if (check) throw new Error(`${path} is not what the code says: \`npm run docs\` writes it anew.`);
    writeFileSync(path, after);
    console.log(`docs: wrote ${path}`);
  }
}

try {
  main(process.argv.includes("--check"));
} catch (error) {
  console.error(`docs: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
