import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import {
  bytesOf,
  type Fire,
  isConflicted,
  isReadOnly,
  itemLines,
  notesWith,
  sentence,
  textOf,
  wordIn,
} from "./fire.ts";

/** The file as a step of ours finds it. */
export interface Before {
  readonly text: string | undefined;
  readonly bytes: Buffer | undefined;
  readonly mayWrite: boolean;
}

export function beforeStep(fire: Fire): Before {
  const text = textOf(fire);
  const bytes = bytesOf(fire);
  return {
    text,
    bytes,
    mayWrite: bytes === undefined || (text !== undefined && !isConflicted(text) && !isReadOnly(fire)),
  };
}

/** What the step that comes now sees in the file is ours to keep from then on; what is gone by then, nobody saw. */
export function seen({ model }: Fire, { text }: Before): void {
  if (text === undefined || isConflicted(text)) return;
  for (const line of itemLines(text)) if (model.typed.has(wordIn(line))) model.notes.add(wordIn(line));
}

/** After each step of ours: the person's bytes are as they were, and every note is known once. */
export function checkStep(fire: Fire, before: Before): void {
  const after = bytesOf(fire);
  if (!before.mayWrite)
    said("bytes of a file that is not to be written", after?.equals(before.bytes ?? Buffer.of()));
  if (before.text !== undefined) checkText(fire, before.text, after?.toString() ?? "");
  checkNotes(fire);
  checkFolder(fire);
}

function checkText({ model }: Fire, before: string, after: string): void {
  for (const own of model.prose)
    said(`prose ${own}`, after.includes(sentence(own)) || !before.includes(sentence(own)));
  const there = new Set(itemLines(after));
  for (const line of itemLines(before)) {
    const isChanged = model.touched.has(wordIn(line)) || model.removed.has(wordIn(line));
    said(`line ${line}`, isChanged || there.has(line) || isConflicted(after));
  }
  // A file of nothing but the mark is an empty one, which gets the template.
  const isMarked = before.startsWith("\ufeff") && before.trim() !== "";
  said("byte order mark", !isMarked || after.startsWith("\ufeff"));
  said("line endings", !isCrlf(before) || isCrlf(after));
}

function isCrlf(text: string): boolean {
  return text.includes("\r\n") && !/(?<!\r)\n/.test(text);
}

function checkNotes(fire: Fire): void {
  const { model } = fire;
  for (const own of model.notes) {
    const found = notesWith(fire, own);
    const standing = found.filter(({ state }) => state !== "dropped");
    // Taken out, and another like it typed before we looked: that is what a rewording looks like, too.
    if (model.removed.has(own)) said(`note ${own} twice`, standing.length < 2);
    else
      said(
        `note ${own}: ${found.map(({ state }) => state).join(" ")}`,
        standing.length === 1 && found.length === 1,
      );
  }
}

/** At the end, in a file that can be written: every note stands in it once, whoever wrote it. */
export function checkFile(fire: Fire): void {
  const lines = itemLines(textOf(fire) ?? "").map(wordIn);
  for (const own of fire.model.notes) {
    const [note] = notesWith(fire, own).filter(({ state }) => state !== "dropped");
    const times = lines.filter((one) => one === own).length;
    said(`${own} stands ${times} times`, times === (note === undefined ? 0 : 1));
  }
}

/** A folder in the document's place keeps what is in it, and gets nothing of ours. */
function checkFolder({ path }: Fire): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) assert.deepEqual(readdirSync(path), ["keep"]);
}

function said(what: string, isTrue: boolean | undefined): void {
  assert.ok(isTrue === true, what);
}
