import { spawnSync } from "node:child_process";
import { NOT_RUN } from "../test/seeds/not-run.ts";

/** `npm run test:seeds`: a line for each block, what is not run and why, and `N passed, N failed` at the end. */

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const { stdout } = spawnSync("npx", ["--no-install", "vitest", "run", "test/seeds", "--reporter=json"], {
  encoding: "utf8",
  maxBuffer: 64 * 1024 * 1024,
  stdio: ["ignore", "pipe", "inherit"],
});
const report = JSON.parse(stdout.slice(stdout.indexOf("{"))) as Report;
for (const { assertionResults, message } of report.testResults) {
  if (assertionResults.length === 0) console.log(message);
  for (const { title, status, failureMessages } of assertionResults)
    console.log([`${status === "passed" ? "ok  " : status} ${title}`, ...failureMessages].join("\n     "));
}
for (const [where, why] of NOT_RUN) console.log(`not run: ${where}: ${why}`);
const { numPassedTests: passed, numFailedTests: failed } = report;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
