import { relative } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { displayPath, type Here } from "./here.ts";

test("a path below the work tree is shown as it stands from its root, however it is written; any other as it is", () => {
  const here = { root: "/home/ada/shop" } as Here;
  const names = fc.constantFrom("src", ".", "..", "", ".claude", "a b", "...", "home", "ada", "shop");
  fc.assert(
    fc.property(
      fc.constantFrom("", "/", "/home/ada/shop", "/home/ada/shops"),
      fc.array(names),
      (from, parts) => {
        const path = [from, ...parts].join("/");
        const below = relative(here.root, path);
        const isBelow = path.startsWith("/") && !["", ".."].includes(below) && !below.startsWith("../");
        expect(displayPath(here, path)).toBe(isBelow ? below : path);
      },
    ),
  );
});
