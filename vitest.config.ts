import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/*.test.ts"],
    // Tests start real git and real Node processes on a shared two-core machine.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    pool: "forks",
    setupFiles: ["test/seed.ts"],
  },
});
