import { spawnSync } from "node:child_process";

/** Everything that holds the house together, in the order of what fails fastest. Stops at the first failure. */
const STEPS: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ["format and lint", "biome", "check", "--error-on-warnings", "."],
  ["types", "tsc", "-p", "."],
  ["dependency rules", "depcruise", "--config", ".dependency-cruiser.cjs", "src"],
  ["dead code", "knip"],
  ["build", "tsx", "scripts/build.ts"],
  ["documents are fresh", "tsx", "scripts/docs.ts", "--check"],
  ["tests", "vitest", "run"],
];

for (const [name, command, ...args] of STEPS) {
  const startMs = performance.now();
  const { status } = spawnSync("npx", ["--no-install", command, ...args], { stdio: "inherit" });
  if (status !== 0) {
    console.error(`check: ${name} failed (npx ${command} ${args.join(" ")})`);
    process.exit(status ?? 1);
  }
  console.log(`check: ${name} ok (${((performance.now() - startMs) / 1000).toFixed(1)} s)`);
}
