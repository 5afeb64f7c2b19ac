import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeSandbox } from "../../test/repository.ts";
import { documentFolder } from "./documents.ts";
import { locateWorkTree } from "./locate.ts";

const box = makeSandbox();
afterAll(() => box.remove());
const home = join(box.path, "home");

function folderOf(project: string, options: { claudeConfigDir?: string; initialised?: boolean } = {}) {
  return documentFolder({
    location: locateWorkTree(join(box.path, project)),
    initialised: options.initialised ?? true,
    claudeConfigDir: options.claudeConfigDir,
    home,
  });
}

test("documents lie in the project once it was initialised, and not before", () => {
  box.repository("app");

  expect(folderOf("app")).toBe(join(box.path, "app/.claude/sessions"));
  expect(folderOf("app", { initialised: false })).toBeUndefined();
});

test("the home directory as project keeps no documents in the agent's own folder", () => {
  expect(folderOf("home")).toBeUndefined();
  expect(folderOf("home", { claudeConfigDir: join(box.path, "elsewhere") })).toBeUndefined();
});

test("a project whose .claude is the agent's config folder keeps no documents in it, by name or by symlink", () => {
  mkdirSync(join(home, ".claude"), { recursive: true });
  mkdirSync(join(box.path, "linked"));
  symlinkSync(join(home, ".claude"), join(box.path, "linked/.claude"));
  mkdirSync(join(box.path, "configured"));

  expect(folderOf("linked")).toBeUndefined();
  expect(folderOf("configured", { claudeConfigDir: join(box.path, "configured/.claude") })).toBeUndefined();
  expect(folderOf("configured", { claudeConfigDir: "" })).toBe(join(box.path, "configured/.claude/sessions"));
});
