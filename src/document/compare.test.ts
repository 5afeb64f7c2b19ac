import { expect, test } from "vitest";
import { chooseBase, compareDocument } from "./compare.ts";
import { EMPTY_VIEW, note } from "./document.model.ts";
import type { DocumentChange, DocumentView, WrittenDocument } from "./document.ts";
import { knownDocument } from "./known.ts";
import { putByWrite } from "./origin.ts";
import { parseDocument } from "./read.ts";
import { writeDocument } from "./write.ts";
import { derivedId, isDerivedId } from "./written.ts";

const view: DocumentView = {
  ...EMPTY_VIEW,
  notes: [
    note({ id: 1, kind: "finding", text: "Tokens live in one table" }),
    note({ id: 2, kind: "finding", text: "Clocks of the two hosts differ by 40 s" }),
    note({ id: 3, kind: "next", text: "Rotate refresh tokens" }),
    note({ id: 4, kind: "next", text: "Limit the login endpoint" }),
    note({
      id: 5,
      kind: "failed",
      text: "Sticky sessions",
      fields: { why: "one host dies, all log in again" },
    }),
    note({ id: 6, kind: "decision", text: "Keep tokens in cookies", state: "proposed" }),
    note({ id: 7, kind: "untried", text: "Passkeys", state: "done" }),
  ],
  files: [{ path: "src/token.ts", what: "modified" }],
};
const base = writeDocument(undefined, view);
const idOf = (id: number): string => note({ id, kind: "next", text: "" }).id;

function changes(edit: (text: string) => string, from: WrittenDocument = base): readonly unknown[] {
  const text = edit(from.text);
  expect(text).not.toBe(from.text);
  return compareDocument(from, text).changes.map(inShort);
}

function inShort(change: DocumentChange): unknown {
  switch (change.type) {
    case "added":
      return ["added", change.item.kind, change.item.text];
    case "edited":
      return ["edited", change.note, change.item.text];
    case "renamed":
      return ["renamed", change.title];
    case "status":
      return ["status", change.status, change.reason];
    default:
      return [change.type, change.note];
  }
}

test("a box that a person ticks is a step done, one they clear is open again", () => {
  expect(changes((text) => text.replace("- [ ] Rotate", "- [x] Rotate"))).toEqual([["done", idOf(3)]]);
  expect(changes((text) => text.replace("- [x] Passkeys", "- [ ] Passkeys"))).toEqual([
    ["reopened", idOf(7)],
  ]);
});

test("an item that is reworded stays the same note", () => {
  expect(
    changes((text) => text.replace("[ ] Rotate refresh tokens", "[ ] Rotate the refresh tokens every night")),
  ).toEqual([["edited", idOf(3), "Rotate the refresh tokens every night"]]);
  expect(
    changes((text) => text.replace("one host dies, all log in again", "needs one host for ever")),
  ).toEqual([["edited", idOf(5), "Sticky sessions"]]);
});

test("a new item is added with its fields, wherever it stands", () => {
  const [change] = compareDocument(
    base,
    base.text.replace(
      "## Technical Decisions",
      "## Technical Decisions\n- **Decision**: one queue\n  - **Reasoning**: order\n",
    ),
  ).changes;
  expect(change).toMatchObject({
    type: "added",
    item: { kind: "decision", text: "one queue", fields: { why: "order" } },
  });
});

test("a line that is gone is a note dropped, also the last one of its kind", () => {
  expect(changes((text) => text.replace("- Tokens live in one table\n", ""))).toEqual([["dropped", idOf(1)]]);
  const alone = writeDocument(undefined, { ...EMPTY_VIEW, notes: view.notes.slice(0, 1) });
  expect(changes((text) => text.replace("- Tokens live in one table\n", ""), alone)).toEqual([
    ["dropped", idOf(1)],
  ]);
});

test("a proposal is confirmed by taking its mark away", () => {
  expect(changes((text) => text.replace(" (unconfirmed)", ""))).toEqual([["confirmed", idOf(6)]]);
});

test("an item moved to another section is the same note of another kind", () => {
  const moved = compareDocument(
    base,
    base.text
      .replace("- Tokens live in one table\n", "")
      .replace("## Dependencies & Blockers\n-", "## Dependencies & Blockers\n- Tokens live in one table"),
  );
  expect(moved.changes).toMatchObject([{ type: "edited", note: idOf(1), item: { kind: "blocker" } }]);
});

test("moving items about within a section changes nothing", () => {
  const swap = (text: string): string =>
    text.replace(
      "- Tokens live in one table\n- Clocks of the two hosts differ by 40 s\n",
      "* Clocks of the two hosts differ by 40 s\n* Tokens live in one table\n",
    );
  expect(changes(swap)).toEqual([]);
});

test("title and status are the session's, with what it is blocked on", () => {
  expect(
    changes((text) => text.replace("Rotate refresh tokens\n**Created", "Token rotation\n**Created")),
  ).toEqual([["renamed", "Token rotation"]]);
  expect(changes((text) => text.replace("in_progress", "Blocked on a key from ops"))).toEqual([
    ["status", "blocked", "a key from ops"],
  ]);
});

test("an item that is reworded stays the same note behind any number of new ones", () => {
  const one = writeDocument(undefined, { ...EMPTY_VIEW, notes: view.notes.slice(2, 3) });
  const added = ["Ask Ada", "Call the bank", "Tidy up"];
  const edit = (text: string) =>
    text
      .replace("[ ] Rotate refresh tokens", "[ ] Rotate the refresh tokens")
      .replace("## Next Steps\n", `## Next Steps\n\n${added.map((item) => `- [ ] ${item}\n`).join("")}`);
  expect(changes(edit, one)).toEqual([
    ...added.map((item) => ["added", "next", item]),
    ["edited", idOf(3), "Rotate the refresh tokens"],
  ]);
});

test("an empty file, or one that lost more than half of its items, deletes nothing and says so", () => {
  expect(compareDocument(base, " \n")).toMatchObject({
    changes: [],
    withheld: "The document is empty: nothing was deleted.",
  });
  const cut = compareDocument(base, base.text.slice(0, base.text.indexOf("## What We've Tried (Failed")));
  expect(cut.changes).toEqual([]);
  expect(cut.withheld).toBe("5 of 7 items are gone from the document at once: none was deleted.");
});

test("an old copy with words of a person's that a newer text of ours has too deletes nothing", () => {
  const at = (prompts: number, notes: number, own: string): WrittenDocument => {
    const metrics = [{ name: "Conversations", value: `1 with ${prompts} prompts` }];
    const bare = writeDocument(undefined, { ...view, notes: view.notes.slice(0, notes), metrics });
    return { ...bare, text: bare.text + own };
  };
  const own = "\n## Mine\n\nI think so.\n";
  const bases = [at(1, 6, ""), at(2, 7, own)];
  const copy = at(1, 6, own).text;
  expect(compareDocument(chooseBase(bases, copy), copy).changes).toEqual([]);
  const cut = at(2, 7, own).text.replace("- [x] Passkeys\n", "");
  expect(compareDocument(chooseBase(bases, cut), cut).changes).toEqual([{ type: "dropped", note: idOf(7) }]);
});

test("a file is newer than a text of ours only by what that text was the first to hold of ours", () => {
  const typed = base.text.replace("- [x] Passkeys", "- [x] Passkeys\n- [ ] Key cards");
  const at = parseDocument(typed).sections.flatMap(({ items }) => items);
  const card = at.find(({ text }) => text === "Key cards");
  const place = card ? [{ note: note({ id: 8, kind: "untried", text: "" }).id, range: card.range }] : [];
  const read: WrittenDocument = {
    ...knownDocument(parseDocument(typed), [...compareDocument(base, typed).aligned, ...place]),
    put: [],
  };
  expect(read.items).toHaveLength(base.items.length + 1);
  // Nothing of ours is newer: the file without it may be the text from before.
  const without = base.text.replace("- Tokens live in one table", "- Tokens live in two tables");
  const change = ["edited", idOf(1), "Tokens live in two tables"];
  const against = (bases: readonly WrittenDocument[], text: string) =>
    compareDocument(chooseBase(bases, text), text).changes.map(inShort);
  expect(against([base, read], without)).toEqual([change]);
  const file = parseDocument(read.text);
  const metrics = [{ name: "Conversations", value: "1 with 2 prompts" }];
  const later = writeDocument(
    { text: read.text, parsed: file, aligned: compareDocument(read, file).aligned },
    { ...view, metrics, notes: [...view.notes, note({ id: 8, kind: "untried", text: "Key cards" })] },
  );
  const put = putByWrite(later.items, read.items);
  expect(put).toHaveLength(1);
  const bases = [base, read, { ...later, put }];
  expect(against(bases, without)).toEqual([change]);
  const gone = later.text.replace("- [ ] Key cards\n", "");
  expect(against(bases, gone)).toEqual([["dropped", idOf(8)]]);
});

test("what a person typed, and typed on in an older copy that nothing tells from the text before, is that item", () => {
  const typed = base.text.replace("   - [ ] Rotate", "   - [ ] Rotate all tokens\n   - [ ] Rotate");
  const typedNote = note({ id: 8, kind: "next", text: "Rotate all tokens" });
  const file = parseDocument(typed);
  const [item] = file.sections.flatMap(({ items }) => items).filter(({ text }) => text === typedNote.text);
  const places = item ? [{ note: typedNote.id, range: item.range }] : [];
  const aligned = [...compareDocument(base, typed).aligned, ...places];
  const read: WrittenDocument = { ...knownDocument(file, aligned), put: [] };
  const metrics = [{ name: "Conversations", value: "1 with 2 prompts" }];
  const doneSince = { ...typedNote, state: "done" as const };
  const later = writeDocument(
    { text: typed, parsed: file, aligned },
    { ...view, metrics, notes: [...view.notes, doneSince] },
  );
  const bases = [base, read, { ...later, put: putByWrite(later.items, read.items) }];
  const against = (text: string) => compareDocument(chooseBase(bases, text), text).changes.map(inShort);

  const goesOn = typed.replace("Rotate all tokens", "Rotate all tokens at night");
  const edited = ["edited", typedNote.id, "Rotate all tokens at night"];
  expect(against(goesOn)).toEqual([edited]);
  expect(against(typed.replace("Rotate all tokens", "Rotate all"))).toEqual([
    ["edited", typedNote.id, "Rotate all"],
  ]);
  // Also where the one that it is like as well was taken out: that one may come back, but is not overwritten.
  expect(against(goesOn.replace("   - [ ] Rotate refresh tokens\n", ""))).toEqual([edited]);
});

test("an old copy with an item as it stood before we ticked it adds nothing", () => {
  const older = writeDocument(undefined, { ...view, notes: view.notes.slice(0, 4) });
  const copy = older.text.replace("- [ ]\n\n## Next", "- [ ] Passkeys\n\n## Next");
  expect(copy).not.toBe(older.text);
  const { changes: all } = compareDocument(chooseBase([older, base], copy), copy);
  expect(all).toEqual([]);
});

test("in a document that was begun anew, what is like a note is an item of its own, and nothing is deleted", () => {
  const begun = "## Next Steps\n- [ ] Rotate refresh keys\n- [ ] Limit the sign-in endpoint\n";
  for (const from of [base, writeDocument(undefined, { ...EMPTY_VIEW, notes: view.notes.slice(2, 4) })]) {
    const { changes: all, withheld } = compareDocument(from, begun);
    expect(all.map(inShort)).toEqual([
      ["added", "next", "Rotate refresh keys"],
      ["added", "next", "Limit the sign-in endpoint"],
    ]);
    expect(withheld).toMatch(/none was deleted|nothing was deleted/);
  }
});

test("conflict marks, also behind a byte order mark, and an open code fence withhold everything", () => {
  const halfMerged = `\ufeff<<<<<<< HEAD\n${base.text}`;
  expect(compareDocument(base, halfMerged)).toMatchObject({ changes: [], conflicted: true });
  for (const mark of ["<<<<<<< HEAD\n", "```\n"]) {
    const text = base.text.replace("## Next Steps\n", `${mark}## Next Steps\n- [ ] theirs\n`);
    expect(compareDocument(base, text)).toMatchObject({ changes: [], conflicted: true });
    expect(compareDocument(base, text).withheld).toMatch(/line \d+/);
  }
});

test("a line that leftoff keeps is no note; taken out by a person, it is named once", () => {
  const line = "- `src/token.ts` - modified";
  expect(changes((text) => text.replace(line, ""))).toEqual([["dropped", derivedId("file", "src/token.ts")]]);
  expect(changes((text) => text.replace(line, "- `src/token.ts` - read this first"))).toEqual([
    ["added", "file", "`src/token.ts` - read this first"],
  ]);
  expect(base.items.filter(({ note: id }) => isDerivedId(id))).toHaveLength(1);
});

test("without a base everything is added, and the title and status count", () => {
  const { changes: all } = compareDocument(
    { text: "", items: [] },
    "# Session State: Mail\n**Status**: done\n## What We Know\n- a queue\n",
  );
  expect(all.map(inShort)).toEqual([
    ["renamed", "Mail"],
    ["status", "completed", undefined],
    ["added", "finding", "a queue"],
  ]);
});

test("a base whose text is lost still knows its items by their bytes", () => {
  const text = base.text.replace("- Tokens live in one table\n", "- Tokens live in two tables\n");
  const { changes: all } = compareDocument({ text: "", items: base.items }, text);
  expect(all.map(inShort)).toEqual([["added", "finding", "Tokens live in two tables"]]);
});

test("the base is the text that the file was made from", () => {
  const older = writeDocument(undefined, { ...view, notes: view.notes.slice(0, 4) });
  expect(chooseBase([older, base], base.text)).toMatchObject(base);
  expect(chooseBase([older, base], base.text.replace("Sticky", "Very sticky"))).toMatchObject(base);
  expect(chooseBase([older, base], older.text.replace("Rotate", "Roll"))).toMatchObject(older);
  expect(chooseBase([], "x")).toEqual({ text: "", items: [] });
});

test("an old copy saved over ours brings back nothing and takes nothing away", () => {
  const older = writeDocument(undefined, { ...view, notes: view.notes.slice(0, 4) });
  const edited = writeDocument(
    { text: older.text, aligned: compareDocument(older, older.text).aligned },
    {
      ...view,
      notes: view.notes.map((one) =>
        one.id === idOf(3) ? { ...one, text: "Rotate tokens every night", state: "done" as const } : one,
      ),
    },
  );
  const { changes: all, aligned } = compareDocument(chooseBase([older, edited], older.text), older.text);
  expect(all).toEqual([]);
  expect(aligned.map(({ note: id }) => id)).toContain(idOf(3));
});
