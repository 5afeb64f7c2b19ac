import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/*.test.ts", "test/seeds/*.test.ts"],
    // Tests start real git and real Node processes on a shared two-core machine.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    pool: "forks",
    // Vitest would leave one core to itself, which on two cores is half of the machine.
    maxWorkers: 2,
    // Some promises are about real time (a hook is done within 2.5 s): on a shared machine a broken one fails twice.
    retry: process.env.CI ? 1 : 0,
    setupFiles: ["test/seed.ts"],
  },
});
