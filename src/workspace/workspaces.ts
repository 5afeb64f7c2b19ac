import { readFileSync } from "node:fs";
import { AppError, errnoOf } from "../base/error.ts";
import { isWorkspaceId, isWorkTreeId, type WorkspaceId, type WorkTreeId } from "../base/id.ts";
import { arrayField, asObject, type JsonObject, numberField, parseJson, stringField } from "../base/parse.ts";
import type { WorkTreeLocation } from "./locate.ts";
import type { Partition } from "./partition.ts";

/** One line of `workspaces.jsonl`: what became known of a work tree. The format is docs/formats/workspaces.md. */
export type WorkspaceRecord =
  | ({
      /** Seen for the first time, found again elsewhere, or known better than before. Each says the whole place. */
      readonly type: "work_tree.found" | "work_tree.moved" | "work_tree.identified";
      readonly atMs: number;
      readonly workTree: WorkTreeId;
    } & WorkTreePlace)
  | {
      /** `leftoff init` was run here, or undone. */
      readonly type: "work_tree.initialised" | "work_tree.uninitialised";
      readonly atMs: number;
      readonly workTree: WorkTreeId;
    }
  | ({
      /** A part of the workspace that this work tree belongs to, named or named anew. */
      readonly type: "partition.named";
      readonly atMs: number;
      readonly workTree: WorkTreeId;
    } & Partition)
  | {
      readonly type: "partition.removed";
      readonly atMs: number;
      readonly workTree: WorkTreeId;
      readonly name: string;
    };

/** Where a work tree lies and by what it is found again. */
export interface WorkTreePlace {
  readonly workspace: WorkspaceId;
  /** What the workspace's id was made from. */
  readonly basis: WorkspaceBasis;
  readonly root: string;
  readonly kind: WorkTreeLocation["kind"];
  /** Device, inode and birth of the root, of the git folder, and of the git folder that linked work trees share. */
  readonly rootMark: string | undefined;
  readonly gitMark: string | undefined;
  readonly commonMark: string | undefined;
  readonly rootCommit: string | undefined;
  /** Digest of the remote's address: the address itself may hold a password. */
  readonly remote: string | undefined;
  /** When git was last asked for the root commit in vain. */
  readonly gitFailedAtMs: number | undefined;
}

/** From the surest to the weakest. */
export type WorkspaceBasis = "root_commit" | "remote" | "path";

/** A work tree after all its records. */
export interface KnownWorkTree extends WorkTreePlace {
  readonly id: WorkTreeId;
  readonly foundAtMs: number;
  /** When its identity was last worked out. */
  readonly identifiedAtMs: number;
  /** Set by `leftoff init`: only then do documents lie in the project. */
  readonly initialisedAtMs: number | undefined;
}

export interface WorkspacesRead {
  /** In the order they were first found. */
  readonly trees: readonly KnownWorkTree[];
  /** By the workspace they are parts of, in the order they were first named. */
  readonly partitions: ReadonlyMap<WorkspaceId, readonly Partition[]>;
  readonly warnings: readonly string[];
}

export interface Workspaces {
  /** @throws AppError `permission_denied` if the file is there and cannot be read; a file that is not there is empty. */
  read(): WorkspacesRead;
  append(records: readonly WorkspaceRecord[]): void;
}

/** `appendLine` writes one line, without its line feed, in one piece (src/disk). */
export function openWorkspaces(path: string, appendLine: (line: string) => void): Workspaces {
  let known: { readonly text: string; readonly read: WorkspacesRead } | undefined;
  return {
    read: () => {
      const text = readLines(path);
      // Asked several times a hook call: it is read each time, and folded again where it says something else.
      if (known?.text !== text) known = { text, read: foldWorkspaces(text) };
      return known.read;
    },
    append: (records) => {
      for (const record of records) appendLine(formatRecord(record));
    },
  };
}

/** What a file's text says. A line that is damaged, or of a type of a later version, is passed over; damage with a warning. */
export function foldWorkspaces(text: string): WorkspacesRead {
  const trees = new Map<WorkTreeId, KnownWorkTree>();
  const warnings: string[] = [];
  const parts: PartitionRecord[] = [];
  let number = 0;
  for (const line of text.split("\n")) {
    number += 1;
    if (line.trim() === "") continue;
    const record = parseRecord(line);
    if (record === "damaged")
      warnings.push(`workspaces.jsonl line ${number} is damaged and was passed over.`);
    else if (record === "unknown") continue;
    else if (isOfPartition(record)) parts.push(record);
    else evolve(trees, record);
  }
  return { trees: [...trees.values()], partitions: partitionsOf(trees, parts), warnings };
}

type PartitionRecord = Extract<WorkspaceRecord, { type: `partition.${string}` }>;
type TreeRecord = Exclude<WorkspaceRecord, PartitionRecord>;

function isOfPartition(record: WorkspaceRecord): record is PartitionRecord {
  return record.type === "partition.named" || record.type === "partition.removed";
}

/** What a work tree's workspace is may become known later: it is the one that it is now. */
function partitionsOf(
  trees: ReadonlyMap<WorkTreeId, KnownWorkTree>,
  records: readonly PartitionRecord[],
): WorkspacesRead["partitions"] {
  const all = new Map<WorkspaceId, Map<string, Partition>>();
  for (const record of records) {
    const workspace = trees.get(record.workTree)?.workspace;
    if (workspace === undefined) continue;
    const own = all.get(workspace) ?? new Map<string, Partition>();
    all.set(workspace, own);
    const { name } = record;
    if (record.type === "partition.removed") own.delete(name);
    else own.set(name, { name, paths: record.paths, context: record.context });
  }
  return new Map([...all].map(([workspace, own]) => [workspace, [...own.values()]]));
}

/** The lines that {@link foldWorkspaces} warns of, as places in the file's bytes. */
export function damagedLines(bytes: Buffer): readonly DamagedLine[] {
  const damaged: DamagedLine[] = [];
  let fromByte = 0;
  for (let line = 1; fromByte < bytes.length; line += 1) {
    const lineFeed = bytes.indexOf("\n", fromByte);
    const toByte = lineFeed === -1 ? bytes.length : lineFeed;
    const text = bytes.toString("utf8", fromByte, toByte);
    if (text.trim() !== "" && parseRecord(text) === "damaged")
      damaged.push({ line, fromByte, toByte, reason: "no record" });
    fromByte = toByte + 1;
  }
  return damaged;
}

export interface DamagedLine {
  /** From 1. */
  readonly line: number;
  readonly fromByte: number;
  readonly toByte: number;
  readonly reason: string;
}

/** The known work tree whose root is `path`; the one seen last, where several were there one after the other. */
export function treeAtPath(trees: readonly KnownWorkTree[], path: string): KnownWorkTree | undefined {
  return trees
    .filter((tree) => tree.root === path)
    .reduce<KnownWorkTree | undefined>(
      (latest, tree) =>
        latest === undefined || tree.identifiedAtMs >= latest.identifiedAtMs ? tree : latest,
      undefined,
    );
}

export function formatRecord(record: WorkspaceRecord): string {
  return JSON.stringify({ v: 1, ...record });
}

function evolve(trees: Map<WorkTreeId, KnownWorkTree>, record: TreeRecord): void {
  const tree = trees.get(record.workTree);
  switch (record.type) {
    case "work_tree.initialised":
      if (tree !== undefined) trees.set(tree.id, { ...tree, initialisedAtMs: record.atMs });
      return;
    case "work_tree.uninitialised":
      if (tree !== undefined) trees.set(tree.id, { ...tree, initialisedAtMs: undefined });
      return;
    default: {
      const { type: _type, atMs, workTree, ...place } = record;
      const foundAtMs = tree?.foundAtMs ?? atMs;
      const initialisedAtMs = tree?.initialisedAtMs;
      trees.set(workTree, { ...place, id: workTree, foundAtMs, identifiedAtMs: atMs, initialisedAtMs });
    }
  }
}

function parseRecord(line: string): WorkspaceRecord | "damaged" | "unknown" {
  const object = asObject(parseJson(line));
  const type = stringField(object, "type");
  const workTree = stringField(object, "workTree");
  const atMs = numberField(object, "atMs");
  if (object === undefined || type === undefined || atMs === undefined) return "damaged";
  if (workTree === undefined || !isWorkTreeId(workTree)) return "damaged";
  switch (type) {
    case "work_tree.initialised":
    case "work_tree.uninitialised":
      return { type, atMs, workTree };
    case "work_tree.found":
    case "work_tree.moved":
    case "work_tree.identified": {
      const place = parsePlace(object);
      return place === undefined ? "damaged" : { type, atMs, workTree, ...place };
    }
    case "partition.removed":
    case "partition.named": {
      const name = stringField(object, "name");
      if (name === undefined) return "damaged";
      if (type === "partition.removed") return { type, atMs, workTree, name };
      const paths = (arrayField(object, "paths") ?? []).filter((path) => typeof path === "string");
      return { type, atMs, workTree, name, paths, context: stringField(object, "context") };
    }
    default:
      return "unknown";
  }
}

function parsePlace(object: JsonObject): WorkTreePlace | undefined {
  const workspace = stringField(object, "workspace");
  const root = stringField(object, "root");
  const basis = BASES.find((name) => name === stringField(object, "basis"));
  const kind = KINDS.find((name) => name === stringField(object, "kind"));
  if (workspace === undefined || !isWorkspaceId(workspace)) return undefined;
  if (root === undefined || basis === undefined || kind === undefined) return undefined;
  return {
    workspace,
    basis,
    root,
    kind,
    rootMark: stringField(object, "rootMark"),
    gitMark: stringField(object, "gitMark"),
    commonMark: stringField(object, "commonMark"),
    rootCommit: stringField(object, "rootCommit"),
    remote: stringField(object, "remote"),
    gitFailedAtMs: numberField(object, "gitFailedAtMs"),
  };
}

const BASES: readonly WorkspaceBasis[] = ["root_commit", "remote", "path"];
const KINDS: readonly WorkTreeLocation["kind"][] = ["git", "linked", "submodule", "folder"];

function readLines(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = errnoOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return "";
    throw new AppError(
      "permission_denied",
      `${path} cannot be read (${code ?? "unknown error"}).`,
      "Make the file readable for you: leftoff finds its work trees by it.",
      { cause: error },
    );
  }
}
