import { cpSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeSandbox } from "../../test/repository.ts";
import { newMachineId } from "../base/id.ts";
import { decide, identifyWorkTree, recogniseWorkTree } from "./identity.ts";
import { locateWorkTree } from "./locate.ts";
import { foldWorkspaces, formatRecord, type KnownWorkTree } from "./workspaces.ts";

const box = makeSandbox();
afterAll(() => box.remove());
const MACHINE = newMachineId(0);

/** One machine's memory of work trees, in the file's own form. */
function machine() {
  const id = newMachineId(0);
  let text = "";
  let nowMs = 1_000;
  const context = () => ({ known: foldWorkspaces(text).trees, machine: id, nowMs: ++nowMs });
  return {
    look: (folder: string): KnownWorkTree =>
      recogniseWorkTree(locateWorkTree(join(box.path, folder)), context()),
    see: async (folder: string): Promise<KnownWorkTree & { readonly news: readonly string[] }> => {
      const { tree, records } = await identifyWorkTree(locateWorkTree(join(box.path, folder)), context());
      for (const record of records) text += `${formatRecord(record)}\n`;
      return { ...tree, news: records.map((record) => record.type) };
    },
    later: (ms: number) => {
      nowMs += ms;
    },
  };
}

test("a work tree is found once, and is the same ever after without asking git", async () => {
  const here = machine();
  box.repository("once");
  const first = await here.see("once");
  const second = await here.see("once");

  expect(first.news).toEqual(["work_tree.found"]);
  expect(first.basis).toBe("root_commit");
  expect(first.rootCommit).toBe(box.git("once", "rev-list", "--max-parents=0", "HEAD"));
  expect(second).toEqual({ ...first, news: [] });
});

test("a hook that comes first recognises the work tree that is recorded later", async () => {
  const here = machine();
  box.repository("early");
  const hooked = here.look("early");

  expect((await here.see("early")).id).toBe(hooked.id);
});

test("a moved and renamed clone is the same work tree", async () => {
  const here = machine();
  box.repository("old place");
  const before = await here.see("old place");
  mkdirSync(join(box.path, "elsewhere"));
  renameSync(join(box.path, "old place"), join(box.path, "elsewhere/new\nname"));

  expect(here.look("elsewhere/new\nname").id).toBe(before.id);
  const after = await here.see("elsewhere/new\nname");
  expect(after).toMatchObject({ id: before.id, workspace: before.workspace, news: ["work_tree.moved"] });
  expect((await here.see("elsewhere/new\nname")).news).toEqual([]);
});

test("a clone that was moved to another file system (copied, then deleted) is the same work tree", async () => {
  const here = machine();
  box.repository("source");
  const before = await here.see("source");
  cpSync(join(box.path, "source"), join(box.path, "copied"), { recursive: true });
  rmSync(join(box.path, "source"), { recursive: true });

  expect(await here.see("copied")).toMatchObject({ id: before.id, news: ["work_tree.moved"] });
});

test("two clones share the workspace and are different work trees", async () => {
  const here = machine();
  box.repository("upstream");
  box.git("", "clone", "-q", "upstream", "clone-a");
  box.git("", "clone", "-q", "upstream", "clone-b");
  const [a, b] = [await here.see("clone-a"), await here.see("clone-b")];

  expect(a.workspace).toBe(b.workspace);
  expect(a.id).not.toBe(b.id);
});

test("with a second clone alive, a third one is not the deleted first", async () => {
  const here = machine();
  box.repository("origin-3");
  for (const name of ["c1", "c2"]) box.git("", "clone", "-q", "origin-3", name);
  const first = await here.see("c1");
  await here.see("c2");
  rmSync(join(box.path, "c1"), { recursive: true });
  box.git("", "clone", "-q", "origin-3", "c3");

  const third = await here.see("c3");
  expect(third.id).not.toBe(first.id);
  expect(third.workspace).toBe(first.workspace);
});

test("linked work trees share the workspace and are different work trees, one after another too", async () => {
  const here = machine();
  box.repository("trunk");
  const main = await here.see("trunk");
  box.git("trunk", "worktree", "add", "-q", ".claude/worktrees/one");
  const one = await here.see("trunk/.claude/worktrees/one");
  box.git("trunk", "worktree", "remove", ".claude/worktrees/one");
  box.git("trunk", "worktree", "add", "-q", ".claude/worktrees/two");
  const two = await here.see("trunk/.claude/worktrees/two");

  expect(new Set([main.workspace, one.workspace, two.workspace]).size).toBe(1);
  expect(new Set([main.id, one.id, two.id]).size).toBe(3);
});

test("git worktree move keeps the work tree", async () => {
  const here = machine();
  box.repository("mover");
  box.git("mover", "worktree", "add", "-q", "side");
  const before = await here.see("mover/side");
  box.git("mover", "worktree", "move", "side", "other");

  expect(await here.see("mover/other")).toMatchObject({ id: before.id, news: ["work_tree.moved"] });
});

test("a copy of a linked work tree, naming the same git folder, is another work tree", async () => {
  const here = machine();
  box.repository("copier");
  box.git("copier", "worktree", "add", "-q", "side");
  const side = await here.see("copier/side");
  cpSync(join(box.path, "copier/side"), join(box.path, "copier/copy"), { recursive: true });

  expect((await here.see("copier/copy")).id).not.toBe(side.id);
  expect((await here.see("copier/side")).id).toBe(side.id);
});

test("a conversation in a linked work tree that was removed still belongs to it", async () => {
  const here = machine();
  box.repository("brief");
  box.git("brief", "worktree", "add", "-q", "side");
  const side = await here.see("brief/side");
  const main = await here.see("brief");
  box.git("brief", "worktree", "remove", "side");

  expect(here.look("brief/side").id).toBe(side.id);
  expect((await here.see("brief/side/src")).id).toBe(side.id);
  expect((await here.see("brief/gone")).id).toBe(main.id);
});

test("folders of the same name never share, in git or not, before or after a move", async () => {
  const here = machine();
  for (const parent of ["x", "y"]) mkdirSync(join(box.path, parent, "app"), { recursive: true });
  box.repository("p/app");
  box.repository("q/app");
  const seen = [];
  for (const folder of ["x/app", "y/app", "p/app", "q/app"]) seen.push(await here.see(folder));
  renameSync(join(box.path, "x/app"), join(box.path, "x/app-moved"));
  const moved = await here.see("x/app-moved");
  mkdirSync(join(box.path, "x/app"));
  seen.push(await here.see("x/app"));

  expect(moved.id).toBe(seen[0]!.id);
  expect(new Set(seen.map((tree) => tree.workspace)).size).toBe(5);
  expect(new Set(seen.map((tree) => tree.id)).size).toBe(5);
});

test("two clones that change places keep who they are", async () => {
  const here = machine();
  box.repository("left");
  box.repository("right");
  const [left, right] = [await here.see("left"), await here.see("right")];
  renameSync(join(box.path, "left"), join(box.path, "spare"));
  renameSync(join(box.path, "right"), join(box.path, "left"));
  renameSync(join(box.path, "spare"), join(box.path, "right"));

  expect((await here.see("left")).id).toBe(right.id);
  expect((await here.see("right")).id).toBe(left.id);
  expect((await here.see("left")).news).toEqual([]);
});

test("another repository at the path of a deleted one is another work tree; the same one cloned again is not", async () => {
  const here = machine();
  box.repository("home-a");
  box.repository("home-b");
  box.git("", "clone", "-q", "home-a", "spot");
  const first = await here.see("spot");
  rmSync(join(box.path, "spot"), { recursive: true });
  box.git("", "clone", "-q", "home-a", "spot");
  const again = await here.see("spot");
  rmSync(join(box.path, "spot"), { recursive: true });
  box.git("", "clone", "-q", "home-b", "spot");
  const other = await here.see("spot");

  expect(again.id).toBe(first.id);
  expect(other.id).not.toBe(first.id);
  expect(other.workspace).not.toBe(first.workspace);
});

test("a shallow clone goes by its remote, however the address is written", async () => {
  const here = machine();
  box.repository("deep");
  box.commit("deep", "more.txt", "More");
  for (const name of ["shallow-a", "shallow-b"]) {
    box.git("", "clone", "-q", "--depth", "1", `file://${join(box.path, "deep")}`, name);
  }
  box.git("shallow-b", "remote", "set-url", "origin", `${join(box.path, "deep")}/`);
  const [a, b] = [await here.see("shallow-a"), await here.see("shallow-b")];

  expect(a.basis).toBe("remote");
  expect(a.workspace).toBe(b.workspace);
  expect(a.id).not.toBe(b.id);
});

test("a shallow clone beside a whole one shares its workspace, whichever was seen first", async () => {
  const here = machine();
  box.repository("full");
  box.commit("full", "more.txt", "More");
  const url = `file://${join(box.path, "full")}`;
  box.git("", "clone", "-q", "--depth", "1", url, "thin");
  const alone = await here.see("thin");
  box.git("", "clone", "-q", url, "thick");
  const thick = await here.see("thick");
  const thin = await here.see("thin");

  expect(alone.basis).toBe("remote");
  expect(thin).toMatchObject({ id: alone.id, workspace: thick.workspace, news: ["work_tree.identified"] });
});

test("a submodule is in the workspace of its own repository, not of the one around it", async () => {
  const here = machine();
  box.repository("library");
  box.repository("super");
  box.git("super", "submodule", "add", "-q", join(box.path, "library"), "vendor/library");
  const [library, outer, inner] = [
    await here.see("library"),
    await here.see("super"),
    await here.see("super/vendor/library"),
  ];

  expect(inner.workspace).toBe(library.workspace);
  expect(inner.workspace).not.toBe(outer.workspace);
  expect(new Set([library.id, outer.id, inner.id]).size).toBe(3);
});

test("a repository without commits stays the same work tree when its first commit comes", async () => {
  const here = machine();
  mkdirSync(join(box.path, "fresh"));
  const folder = await here.see("fresh");
  box.git("fresh", "init", "-q");
  const unborn = await here.see("fresh");
  const root = box.commit("fresh", "a.txt", "First");
  const born = await here.see("fresh");

  expect([folder.basis, unborn.basis, born.basis]).toEqual(["path", "path", "root_commit"]);
  expect(new Set([folder.id, unborn.id, born.id]).size).toBe(1);
  expect(born.rootCommit).toBe(root);
});

test("an orphan git branch has the root commit of the repository's default one", async () => {
  const here = machine();
  box.repository("pages");
  box.git("", "clone", "-q", "pages", "pages-clone");
  box.git("pages", "switch", "-q", "--orphan", "gh-pages");
  box.commit("pages", "index.html", "Site");

  expect((await here.see("pages")).workspace).toBe((await here.see("pages-clone")).workspace);
});

test("with several roots a repository goes by the one that is known already", async () => {
  const here = machine();
  box.repository("merger");
  box.git("", "clone", "-q", "merger", "unmerged");
  const before = await here.see("unmerged");
  for (const name of ["guest-1", "guest-2", "guest-3"]) {
    box.repository(name);
    box.git("merger", "fetch", "-q", join(box.path, name), "main");
    box.git(
      "merger",
      "merge",
      "-q",
      "--allow-unrelated-histories",
      "-s",
      "ours",
      "-m",
      "Merge",
      "FETCH_HEAD",
    );
  }

  expect((await here.see("merger")).workspace).toBe(before.workspace);
});

test("where git does not answer, it is asked again a day later and not before", async () => {
  const here = machine();
  const root = box.repository("broken");
  const objects = join(root, ".git/objects");
  renameSync(objects, `${objects}.away`);
  const broken = await here.see("broken");
  renameSync(`${objects}.away`, objects);
  const soon = await here.see("broken");
  here.later(25 * 60 * 60 * 1000);
  const nextDay = await here.see("broken");

  expect(broken.basis).toBe("path");
  expect(soon).toMatchObject({ id: broken.id, basis: "path", news: [] });
  expect(nextDay).toMatchObject({ id: broken.id, basis: "root_commit", news: ["work_tree.identified"] });
});

test("where a file system gives no marks, another spelling of a folder's name is that folder, and no move", () => {
  const sighted = (root: string, isSpelling: boolean, known: readonly KnownWorkTree[]) =>
    decide(
      {
        known,
        machine: MACHINE,
        nowMs: 1_000,
        sighting: {
          root,
          kind: "folder",
          rootMark: undefined,
          gitMark: undefined,
          commonMark: undefined,
          remote: undefined,
          hasHistory: false,
        },
        isGone: () => false,
        isSpelling: () => isSpelling,
      },
      undefined,
    );
  const { tree: upper } = sighted("/mnt/c/Shop", false, []);

  expect(sighted("/mnt/c/shop", true, [upper])).toEqual({ tree: upper, records: [] });
  expect(sighted("/mnt/c/shop", false, [upper]).tree.id).not.toBe(upper.id);
});
