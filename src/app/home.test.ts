import { userInfo } from "node:os";
import { expect, test } from "vitest";
import { personFolder } from "../base/person-folder.ts";
import { assertUsableHome, leftoffHome } from "./home.ts";

const own = userInfo().homedir;

test("a home that is empty or relative would be another one everywhere, and counts as unset", () => {
  expect(personFolder({ HOME: "/home/dev" })).toBe("/home/dev");
  for (const HOME of ["", ".", "dev", "./dev", "~"]) expect(personFolder({ HOME })).toBe(own);
});

test("leftoff's folder is LEFTOFF_HOME, else below XDG_DATA_HOME, which counts only where it is absolute, else below the home", () => {
  const HOME = "/home/dev";
  expect(leftoffHome({ HOME, XDG_DATA_HOME: "/data", LEFTOFF_HOME: "/own" })).toBe("/own");
  expect(leftoffHome({ HOME, XDG_DATA_HOME: "/data", LEFTOFF_HOME: "" })).toBe("/data/leftoff");
  for (const XDG_DATA_HOME of ["", "data", "./data", undefined])
    expect(leftoffHome({ HOME, XDG_DATA_HOME })).toBe("/home/dev/.local/share/leftoff");
});

test.each([
  ["own/data", "is no absolute path"],
  ["/own\n/data", "has a line break in its name"],
  ["/nonexistent/.local/share/leftoff", "is nowhere: this user has no home folder"],
])("a folder %j is refused: it %s", (home, why) => {
  expect(() => assertUsableHome(home)).toThrow(`leftoff's folder ${JSON.stringify(home)} ${why}.`);
});

test("any other folder is taken", () => {
  for (const home of ["/", "/own data", "/nonexistent", `/it's "mine"`])
    expect(() => assertUsableHome(home)).not.toThrow();
});
