import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { AppError } from "../../base/error.ts";

/**
 * Edits of a settings file by splicing its text, so that taking out what was put in gives back the same bytes: comments,
 * order, tabs, line ends and all. Nobody keeps notes on what the file was; it is told from the text:
 *
 * - a container that we make has its first item on a new line;
 * - a container that was there and empty gets its first item right after the bracket.
 *
 * When the last item is taken out of a container of the first kind, the container goes too; one of the second kind stays.
 */
export interface SettingsText {
  readonly bom: string;
  /** Without the byte order mark. */
  readonly text: string;
  /** Undefined for a file that holds nothing. */
  readonly root: Node | undefined;
}

export type Path = readonly (string | number)[];

const BOM = "\uFEFF";

/** @throws AppError `settings_unreadable` with line and column: what cannot be read is never written. */
export function parseSettings(whole: string): SettingsText {
  const bom = whole.startsWith(BOM) ? BOM : "";
  const text = whole.slice(bom.length);
  if (text.trim() === "") return { bom, text, root: undefined };
  const errors: ParseError[] = [];
  const root = parsed(text, errors);
  const [error] = errors;
  if (error !== undefined) throw unreadable(text, error.offset, printParseErrorCode(error.error));
  if (root?.type !== "object") throw unreadable(text, root?.offset ?? 0, "an object is expected");
  return { bom, text, root };
}

/** The last of several equal keys, as JSON.parse has it; undefined where the path leads nowhere. */
export function nodeAt(root: Node | undefined, path: Path): Node | undefined {
  let node = root;
  for (const step of path) node = node === undefined ? undefined : childOf(node, step);
  return node;
}

/** Adds an element at the end of the array at `keys`, making it and the objects above it where they are not there. */
export function appendElement(settings: string, keys: readonly string[], value: unknown): string {
  const { bom, text, root } = parseSettings(settings);
  const found = nodeAt(root, keys);
  if (found === undefined) return putProperty(settings, keys, [value]);
  expectType(text, found, "array");
  const style = styleOf(text);
  const item = rendered(value, keys.length + 1, style);
  return bom + insertLast(text, { container: found, item, depth: keys.length + 1, style });
}

/** Sets the property at `keys`, making it and the objects above it where they are not there. */
export function putProperty(settings: string, keys: readonly string[], value: unknown): string {
  const { bom, text, root } = parseSettings(settings);
  const style = styleOf(text);
  if (root === undefined) return bom + text + rendered(nested(keys, value), 0, style) + style.eol;
  let node = root;
  for (const [depth, key] of keys.entries()) {
    expectType(text, node, "object");
    const child = childOf(node, key);
    if (child === undefined) {
      const made = `${JSON.stringify(key)}: ${rendered(nested(keys.slice(depth + 1), value), depth + 1, style)}`;
      return bom + insertLast(text, { container: node, item: made, depth: depth + 1, style });
    }
    node = child;
  }
  return bom + text.slice(0, node.offset) + rendered(value, keys.length, style) + text.slice(endOf(node));
}

/** Takes an element or property out, and with it the containers that were made for it. */
export function removeAt(settings: string, path: Path): string {
  const { bom, text, root } = parseSettings(settings);
  for (let depth = path.length; depth > 0; depth -= 1) {
    const container = nodeAt(root, path.slice(0, depth - 1));
    const step = path[depth - 1];
    const index = container === undefined || step === undefined ? -1 : indexOf(container, step);
    if (container === undefined || index < 0) return settings;
    if (!isMadeForOne(text, container)) return bom + removeItem(text, container, index);
  }
  return root === undefined ? settings : bom + withoutDocument(text, root);
}

/** Where an offset lies, for a message: line and column from 1. */
export function placeOf(text: string, offset: number): string {
  const { line, column } = pointAt(text, offset);
  return `line ${line}, column ${column}`;
}

/** A place in a text, as editors count: both from 1. */
export interface Point {
  readonly line: number;
  readonly column: number;
}

export function pointAt(text: string, offset: number): Point {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

/** The error's `cause` is its {@link Point}. */
export function unreadable(text: string, offset: number, what: string): AppError {
  return new AppError(
    "settings_unreadable",
    `The agent's settings cannot be read at ${placeOf(text, offset)}: ${what}.`,
    "Correct the file by hand and try again; leftoff did not touch it.",
    { cause: pointAt(text, offset) },
  );
}

/** A file nested a hundred thousand deep ends the parser's recursion: as unreadable as any other. */
function parsed(text: string, errors: ParseError[]): Node | undefined {
  try {
    return parseTree(text, errors, { allowTrailingComma: true });
  } catch (cause) {
    if (cause instanceof RangeError) throw unreadable(text, 0, "it is nested too deep");
    throw cause;
  }
}

function expectType(text: string, node: Node, type: "array" | "object"): void {
  if (node.type !== type) throw unreadable(text, node.offset, `an ${type} is expected here`);
}

/** A property node's children are its key and its value. */
function childOf(node: Node, step: string | number): Node | undefined {
  const item = node.children?.[indexOf(node, step)];
  return typeof step === "string" ? item?.children?.[1] : item;
}

function indexOf(node: Node, step: string | number): number {
  const items = node.children ?? [];
  if (typeof step === "number") return node.type === "array" && step < items.length ? step : -1;
  if (node.type !== "object") return -1;
  return items.findLastIndex((item) => item.children?.[0]?.value === step);
}

interface Style {
  readonly eol: string;
  /** One level. */
  readonly indent: string;
}

/** JSON.stringify indents by at most ten characters. */
const INDENT_PATTERN = /^[ \t]{1,10}$/;

function styleOf(text: string): Style {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const indented = text.split("\n").find((line) => /^[ \t]+["{[]/.test(line)) ?? "";
  const indent = indented.slice(0, indented.length - indented.trimStart().length);
  return { eol, indent: INDENT_PATTERN.test(indent) ? indent : "  " };
}

function rendered(value: unknown, depth: number, { eol, indent }: Style): string {
  return JSON.stringify(value, undefined, indent).replaceAll("\n", `${eol}${indent.repeat(depth)}`);
}

function nested(keys: readonly string[], value: unknown): unknown {
  return keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}

interface Insertion {
  readonly container: Node;
  readonly item: string;
  readonly depth: number;
  readonly style: Style;
}

function insertLast(text: string, { container, item, depth, style }: Insertion): string {
  const last = container.children?.at(-1);
  if (last === undefined) return spliced(text, [{ at: container.offset + 1, text: item }]);
  const gap = gapAfter(text, endOf(last));
  const isOneLine = !text.slice(container.offset, endOf(last)).includes("\n") && gap.commentEnd === undefined;
  const lead = isOneLine ? " " : `${style.eol}${style.indent.repeat(depth)}`;
  const at = Math.max(endOf(last), gap.commentEnd ?? 0, gap.commaAt === undefined ? 0 : gap.commaAt + 1);
  // A comma after the last item (as some editors write it) stays after the last item.
  if (gap.commaAt !== undefined) return spliced(text, [{ at, text: `${lead}${item},` }]);
  return spliced(text, [
    { at: endOf(last), text: "," },
    { at, text: `${lead}${item}` },
  ]);
}

function removeItem(text: string, container: Node, index: number): string {
  const items = container.children ?? [];
  const item = items[index];
  if (item === undefined) return text;
  const previous = items[index - 1];
  const previousEnd = previous === undefined ? container.offset + 1 : endOf(previous);
  const from = previousEnd + text.slice(previousEnd, item.offset).trimEnd().length;
  const end = endOf(item);
  const commaAt = gapAfter(text, end).commaAt;
  const isRightAfterBracket = previous === undefined && item.offset === previousEnd;
  if (commaAt !== undefined) {
    // The next item moves up to the bracket: the container was empty before us, whatever is taken out of it first.
    const next = isRightAfterBracket ? items[index + 1] : undefined;
    const space = next === undefined ? "" : text.slice(commaAt + 1, next.offset);
    const spaceLength = space.trim() === "" ? space.length : 0;
    return cut(text, [
      { from, to: end },
      { from: commaAt, to: commaAt + 1 + spaceLength },
    ]);
  }
  const previousCommaAt = previous === undefined ? undefined : gapAfter(text, previousEnd).commaAt;
  if (previousCommaAt === undefined) return cut(text, [{ from, to: end }]);
  return cut(text, [
    { from: previousCommaAt, to: previousCommaAt + 1 },
    { from: Math.max(from, previousCommaAt + 1), to: end },
  ]);
}

/** One item, on a new line, and nothing else: as we make a container. */
function isMadeForOne(text: string, container: Node): boolean {
  const [item, another] = container.children ?? [];
  if (item === undefined || another !== undefined) return false;
  const before = text.slice(container.offset + 1, item.offset);
  const after = text.slice(endOf(item), endOf(container) - 1);
  return before.includes("\n") && before.trim() === "" && after.trim() === "";
}

function withoutDocument(text: string, root: Node): string {
  const after = text.slice(endOf(root));
  const eolLength = after.startsWith("\r\n") ? 2 : after.startsWith("\n") ? 1 : 0;
  return text.slice(0, root.offset) + after.slice(eolLength);
}

interface Gap {
  /** The first comma. */
  readonly commaAt: number | undefined;
  /** End of the last comment; that of a line comment is before its line end. */
  readonly commentEnd: number | undefined;
}

/** What lies between an item and the next, or the closing bracket: white space, comments and at most one comma. */
function gapAfter(text: string, offset: number): Gap {
  let commaAt: number | undefined;
  let commentEnd: number | undefined;
  let at = offset;
  for (; at < text.length; at += 1) {
    const char = text[at];
    if (char === "," && commaAt === undefined) commaAt = at;
    else if (char === "/") {
      commentEnd = endOfComment(text, at);
      at = commentEnd - 1;
    } else if (char === undefined || !" \t\r\n".includes(char)) break;
  }
  return { commaAt, commentEnd };
}

function endOfComment(text: string, at: number): number {
  if (text[at + 1] === "*") {
    const close = text.indexOf("*/", at + 2);
    return close < 0 ? text.length : close + 2;
  }
  const lineEnd = text.slice(at).search(/[\r\n]/);
  return lineEnd < 0 ? text.length : at + lineEnd;
}

function endOf(node: Node): number {
  return node.offset + node.length;
}

function spliced(
  text: string,
  insertions: readonly { readonly at: number; readonly text: string }[],
): string {
  return insertions.reduceRight(
    (result, { at, text: piece }) => result.slice(0, at) + piece + result.slice(at),
    text,
  );
}

function cut(text: string, ranges: readonly { readonly from: number; readonly to: number }[]): string {
  return ranges.reduceRight((result, { from, to }) => result.slice(0, from) + result.slice(to), text);
}
