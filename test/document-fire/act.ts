import { chmodSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addNote } from "../../src/app/note.ts";
import { statusHere } from "../../src/app/status.ts";
import {
  type Deed,
  type EditorDeed,
  type ItemDeed,
  isEditors,
  isGits,
  isItems,
  isOurs,
  type OurDeed,
  type PersonDeed,
} from "./deed.ts";
import {
  CONVERSATION,
  type Fire,
  isConflicted,
  itemLines,
  mended,
  save,
  textOf,
  turn,
  word,
  wordIn,
} from "./fire.ts";
import { actInGit } from "./git-deeds.ts";
import { proseWord, typedItem, withItem, withProse } from "./typing.ts";

export async function act(fire: Fire, deed: Deed): Promise<void> {
  const { does } = deed;
  if (isOurs(does)) await actOurs(fire, does);
  else if (isGits(does)) actInGit(fire, does);
  else if ("nth" in deed && isItems(does)) changeItem(fire, does, deed.nth);
  else if (isEditors(does)) actInEditor(fire, does);
  else if (!isItems(does)) actAsPerson(fire, does);
  const text = textOf(fire);
  if (text !== undefined && text !== fire.model.copies.at(-1)) fire.model.copies.push(text);
}

async function actOurs(fire: Fire, does: OurDeed): Promise<void> {
  const { box, model } = fire;
  switch (does) {
    case "turn":
      return turn(fire);
    case "note":
    case "agent-note": {
      const own = word(model);
      const app = does === "note" ? box.app : box.inShell(CONVERSATION);
      await addNote(app, { kind: "next", text: `agent step ${own} for later` });
      model.notes.add(own);
      return;
    }
    case "twice": {
      const own = word(model);
      await Promise.all([turn(fire), addNote(box.app, { kind: "finding", text: `found ${own} out` })]);
      model.notes.add(own);
      return;
    }
    case "looks":
      await statusHere(box.app, {});
      return;
    case "state":
      rmSync(join(box.app.home, "state"), { recursive: true, force: true });
  }
}

function actAsPerson(fire: Fire, does: PersonDeed): void {
  const { path } = fire;
  const text = textOf(fire);
  switch (does) {
    case "deletes":
      if (statSync(path, { throwIfNoEntry: false })?.isFile()) rmSync(path);
      return;
    case "folder":
      rmSync(path, { recursive: true, force: true });
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, "keep"), "x");
      return;
    case "read-only":
    case "writable":
      if (text !== undefined) chmodSync(path, does === "read-only" ? 0o444 : 0o644);
      return;
    case "empties":
      save(fire, "");
      return;
    case "utf-16":
      if (text !== undefined) save(fire, Buffer.from(`\ufeff${text}`, "utf16le"));
      return;
    default:
      mended(fire);
      changeText(fire, does, textOf(fire) ?? "");
  }
}

/** As vim and others do it: the old file goes aside, the new one comes under its name. */
function saveByRename(fire: Fire, text: string): void {
  const { path } = fire;
  mended(fire);
  writeFileSync(`${path}.new`, text);
  if (statSync(path, { throwIfNoEntry: false })) renameSync(path, `${path}~`);
  renameSync(`${path}.new`, path);
}

/** What an editor has open goes its own way until it is saved. */
function actInEditor(fire: Fire, does: EditorDeed): void {
  const { model } = fire;
  const copy = model.copies.at(-3) ?? model.copies[0];
  if (does === "editor-opens") model.buffer = textOf(fire);
  if (does === "editor-saves" && model.buffer !== undefined)
    saveByRename(fire, withItem(model.buffer, typedItem(fire)));
  if (does === "old-copy" && copy !== undefined) save(fire, copy);
}

type TextDeed = "adds" | "prose" | "crlf" | "lf" | "bom" | "no-bom" | "conflict" | "settles";

function changeText(fire: Fire, does: TextDeed, text: string): void {
  const { model } = fire;
  switch (does) {
    case "adds":
      save(fire, withItem(text, typedItem(fire)));
      return;
    case "prose":
      save(fire, withProse(text, proseWord(fire)));
      return;
    case "crlf":
      save(fire, text.replaceAll(/\r?\n/g, "\r\n"));
      return;
    case "lf":
      save(fire, text.replaceAll("\r\n", "\n"));
      return;
    case "bom":
      save(fire, `\ufeff${text.replace(/^\ufeff/, "")}`);
      return;
    case "no-bom":
      save(fire, text.replace(/^\ufeff/, ""));
      return;
    case "conflict":
      if (!isConflicted(text)) save(fire, `<<<<<<< HEAD\n${text}=======\n- other\n>>>>>>> side\n`);
      return;
    case "settles":
      if (isConflicted(text)) save(fire, settled(text));
  }
  model.buffer = does === "settles" ? undefined : model.buffer;
}

/** Keeps both sides, and what both say once. */
export function settled(text: string): string {
  const seen = new Set<string>();
  return text
    .split(/(?<=\n)/)
    .filter((line) => !/^\ufeff?(?:<<<<<<<|=======\r?\n|>>>>>>>|- other\r?\n)/.test(line))
    .filter((line) => !/\bw\d+x\b/.test(line) || (!seen.has(wordIn(line)) && seen.add(wordIn(line))))
    .join("");
}

function changeItem(fire: Fire, does: ItemDeed, nth: number): void {
  const text = textOf(fire);
  if (text === undefined || isConflicted(text)) return;
  const { model } = fire;
  const lines = itemLines(text);
  const line = lines[nth % Math.max(1, lines.length)];
  if (line === undefined || text.split(line).length !== 2) return;
  const own = wordIn(line);
  (does === "removes" ? model.removed : model.touched).add(own);
  if (does === "ticks") save(fire, text.replace(line, line.replace("[ ]", "[x]")));
  if (does === "edits") save(fire, text.replace(line, line.replace(own, `${own} and more`)));
  if (does === "removes") save(fire, text.replace(new RegExp(`${escaped(line)}\\r?\\n?`), ""));
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
