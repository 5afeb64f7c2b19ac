import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/*.test.ts", "test/seeds/*.test.ts"],
    // Tests start real git and real Node processes on a shared two-core machine.
    // Where it has ten times as much to do, they take ten times as long: a timeout is for what would never end.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    pool: "forks",
    // Vitest would leave one core to itself, which on two cores is half of the machine.
    maxWorkers: 2,
    // Some promises are about real time (a hook is done within 2.5 s): on a shared machine a broken one fails each time.
    retry: process.env.CI ? 2 : 0,
    // Days are those of the place: a test that is about another place says so.
    env: { TZ: "UTC" },
    setupFiles: ["test/seed.ts"],
  },
});
