import { defineConfig } from "vitest/config";
import { wantedVersions } from "./test/e2e/clients.ts";

/**
 * The tests that run real coding agents; `npm test` leaves them out, for their clients are 250 to 400 MB each. Every test
 * runs once for each version of the client, which stands before its name; `LEFTOFF_TEST_CLAUDE=2.1.197` runs one.
 */
export default defineConfig({
  test: {
    pool: "forks",
    // Hooks are measured against real time here: more at once on two cores would measure the machine.
    maxWorkers: 2,
    projects: wantedVersions().map((version) => ({
      test: {
        name: `claude ${version}`,
        provide: { version },
        include: ["test/e2e/**/*.e2e.ts"],
        globalSetup: ["test/e2e/install-clients.ts"],
        // A conversation takes 1 to 3 s on a quiet machine; a terminal, several. A timeout is for what would never end.
        testTimeout: 400_000,
        // Keys typed into a real terminal can meet a busy moment of the client; a promise that is broken fails each time.
        retry: 2,
        hookTimeout: 180_000,
      },
    })),
  },
});
