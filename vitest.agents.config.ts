import { defineConfig } from "vitest/config";

/** The tests that run real coding agents; `npm test` leaves them out, for their clients are 250 to 400 MB each. */
export default defineConfig({
  test: {
    include: ["test/e2e/**/*.e2e.ts"],
    globalSetup: ["test/e2e/install-clients.ts"],
    // A conversation takes 1 to 3 s on a quiet machine; a terminal, several.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: "forks",
    // Hooks are measured against real time here: more at once on two cores would measure the machine.
    maxWorkers: 2,
    sequence: { concurrent: false },
  },
});
