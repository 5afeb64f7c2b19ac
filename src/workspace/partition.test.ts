import fc from "fast-check";
import { expect, test } from "vitest";
import { expectLinearIn } from "../../test/linear.ts";
import { matchesPath, type Partition, partitionOf } from "./partition.ts";

test.each([
  ["src/server/**", "src/server/api/user.ts", true],
  ["src/server/**", "src/server", true],
  ["/src/frontend", "src/frontend/app.tsx", true],
  ["src/server", "src/server2/a.ts", false],
  ["**/*.sql", "db/migrations/1.sql", true],
  ["**/*.sql", "1.sql", true],
  ["*.ts", "src/a.ts", false],
  ["src/*/index.ts", "src/a/index.ts", true],
  ["src/*/index.ts", "src/a/b/index.ts", false],
  ["src/**/test/?.ts", "src/a/b/test/x.ts", true],
  ["a*b*c", "aXbXXc", true],
  ["a*b*c", "aXbXX", false],
  ["", "a", false],
  ["**", "anything/at/all", true],
])("%j and %j: %s", (pattern, path, expected) => {
  expect(matchesPath(pattern, path)).toBe(expected);
});

test("a pattern without signs of its own names its path and what is below it", () => {
  const part = fc.stringMatching(/^[a-z]{1,4}$/);
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 5 }),
      fc.array(part, { maxLength: 3 }),
      (own, below) => {
        expect(matchesPath(own.join("/"), [...own, ...below].join("/"))).toBe(true);
        expect(matchesPath([...own, "x"].join("/"), own.join("/"))).toBe(false);
      },
    ),
  );
});

test("any pattern takes time linear in the path's length", () => {
  expectLinearIn("a", 5_000, (path) => matchesPath("*a".repeat(500), path));
  expectLinearIn("a/", 1_000, (path) => matchesPath("**/".repeat(90), path));
});

test("work is in the partition that most of its paths lie in, and of equals where it was last", () => {
  const backend: Partition = { name: "backend", paths: ["src/server/**"], context: undefined };
  const frontend: Partition = { name: "frontend", paths: ["src/web/**", "*.css"], context: undefined };
  const of = (...paths: readonly string[]) => partitionOf([backend, frontend], paths)?.name;

  expect(of("src/web/a.ts", "src/server/b.ts", "src/server/c.ts")).toBe("backend");
  expect(of("main.css", "src/server/b.ts")).toBe("frontend");
  expect(of("README.md")).toBeUndefined();
});
