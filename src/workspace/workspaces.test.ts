import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { derivedWorkspaceId, derivedWorkTreeId } from "../base/id.ts";
import { foldWorkspaces, formatRecord, openWorkspaces, type WorkspaceRecord } from "./workspaces.ts";

const workTree = derivedWorkTreeId("a".repeat(32));
const found: WorkspaceRecord = {
  type: "work_tree.found",
  atMs: 10,
  workTree,
  workspace: derivedWorkspaceId("b".repeat(32)),
  basis: "path",
  root: "/home/dev/app",
  kind: "folder",
  rootMark: "1:2:3",
  gitMark: undefined,
  commonMark: undefined,
  rootCommit: undefined,
  remote: undefined,
  gitFailedAtMs: undefined,
};
const lines = (...records: WorkspaceRecord[]) =>
  records.map((record) => `${formatRecord(record)}\n`).join("");

test("what is appended is read back", () => {
  const folder = mkdtempSync(join(tmpdir(), "leftoff-test-"));
  const path = join(folder, "workspaces.jsonl");
  const workspaces = openWorkspaces(path, (line) => appendFileSync(path, `\n${line}\n`));
  expect(workspaces.read()).toEqual({ trees: [], partitions: new Map(), warnings: [] });
  workspaces.append([found, { type: "work_tree.initialised", atMs: 20, workTree }]);

  const { type: _type, atMs: _atMs, workTree: _id, ...place } = found;
  const tree = { ...place, id: workTree, foundAtMs: 10, identifiedAtMs: 10, initialisedAtMs: 20 };
  expect(workspaces.read()).toEqual({ trees: [tree], partitions: new Map(), warnings: [] });
  rmSync(folder, { recursive: true });
});

test("a move keeps when a work tree was found and that it was initialised", () => {
  const moved: WorkspaceRecord = { ...found, type: "work_tree.moved", atMs: 30, root: "/home/dev/renamed" };
  const text = lines(found, { type: "work_tree.initialised", atMs: 20, workTree }, moved);

  expect(foldWorkspaces(text).trees).toMatchObject([
    { root: "/home/dev/renamed", foundAtMs: 10, identifiedAtMs: 30, initialisedAtMs: 20 },
  ]);
});

test("uninstalling takes the initialisation back", () => {
  const text = lines(
    found,
    { type: "work_tree.initialised", atMs: 20, workTree },
    { type: "work_tree.uninitialised", atMs: 30, workTree },
  );

  expect(foldWorkspaces(text).trees[0]?.initialisedAtMs).toBeUndefined();
});

test("damaged lines are passed over with their number; types of a later version without a word", () => {
  const whole = formatRecord(found);
  const later = JSON.stringify({ v: 1, type: "work_tree.shared", atMs: 1, workTree });
  const text = [
    "",
    whole.slice(0, 40),
    "\0\0\0",
    "null",
    later,
    '{"type":"work_tree.found","atMs":1}',
    whole,
  ].join("\n");

  expect(foldWorkspaces(text).trees).toHaveLength(1);
  expect(foldWorkspaces(text).warnings.map((warning) => warning.split(" ")[2])).toEqual(["2", "3", "4", "6"]);
});

test("reading never throws, whatever the file holds", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.json())), (parts) => {
      foldWorkspaces(parts.join("\n"));
    }),
  );
});

test("the records of the format's description are read without a warning", () => {
  const description = readFileSync(new URL("../../docs/formats/workspaces.md", import.meta.url), "utf8");
  const examples = description.split("\n").filter((line) => line.startsWith('{"v":'));

  expect(examples.length).toBeGreaterThanOrEqual(4);
  expect(foldWorkspaces(examples.join("\n")).warnings).toEqual([]);
  expect(foldWorkspaces(examples.join("\n")).trees).toHaveLength(1);
});

test("a partition belongs to the workspace of its work tree, and its last record counts", () => {
  const backend = {
    type: "partition.named",
    atMs: 20,
    workTree,
    name: "backend",
    paths: ["src/a"],
    context: undefined,
  } as const;
  const again: WorkspaceRecord = {
    ...backend,
    atMs: 30,
    paths: ["src/server/**"],
    context: "docs/backend.md",
  };
  const gone: WorkspaceRecord = { type: "partition.removed", atMs: 40, workTree, name: "backend" };

  expect([...foldWorkspaces(lines(found, backend, again)).partitions.values()]).toEqual([
    [{ name: "backend", paths: ["src/server/**"], context: "docs/backend.md" }],
  ]);
  expect([...foldWorkspaces(lines(found, backend, gone)).partitions.values()]).toEqual([[]]);
});
