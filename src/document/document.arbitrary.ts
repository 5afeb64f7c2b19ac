import fc from "fast-check";
import {
  HORIZONS,
  NOTE_KINDS,
  type Note,
  type NoteFields,
  type NoteKind,
  type NoteState,
} from "../session/note.ts";
import { note } from "./document.model.ts";
import type { DocumentView } from "./document.ts";

/** What property tests of this folder throw at it: everything markdown, templates and we give a meaning to. */
const PIECES = [
  "\n",
  "\r\n",
  "\r",
  "\t",
  "  ",
  " ",
  "# ",
  "## Next Steps",
  "### ",
  "- ",
  "* ",
  "+ ",
  "1. ",
  "12) ",
  "• ",
  "[ ] ",
  "[x] ",
  "[-] ",
  "```",
  "~~~",
  "```bash",
  "(unconfirmed)",
  " (unconfirmed)",
  "✓",
  " ✓",
  "**Approach**:",
  "**Why it failed**: ",
  "Problem: ",
  "**",
  "__",
  "|",
  "<!--",
  "-->",
  "<<<<<<< HEAD",
  "=======",
  ">>>>>>> main",
  "---",
  "===",
  "\\",
  "[a]",
  "{X}",
  "$(date)",
  "$X",
  "None",
  "...",
  "…",
  "**Immediate** (next session):",
  "Later:",
  ":",
  "→",
  "->",
  "`",
  "\ud800",
  "#",
  "$ ",
  "<<EOF",
  "done",
  "}",
  "\u2028",
  "\u0000",
  "\ufeff",
  "한글",
  "😀",
  "> ",
  "a",
  "word",
  "two words",
  "-",
  "*",
  "_",
  "1.",
  "1\\.",
  "&",
  "(",
  ")",
  "]",
];

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join("")),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 40 }) },
);

export const plainText: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      "tokens",
      "rotate",
      "cache",
      "login",
      "tests",
      "retry",
      "queue",
      "schema",
      "index",
      "limits",
    ),
    {
      minLength: 3,
      maxLength: 7,
    },
  )
  .map((words) => words.join(" "));

const fieldsOf = (text: fc.Arbitrary<string>): fc.Arbitrary<NoteFields> =>
  fc.record(
    {
      why: text,
      result: text,
      lesson: text,
      time: text,
      file: text,
      priority: text,
      impact: text,
      tradeoff: text,
      approved: text,
      status: text,
      cause: text,
      mitigation: text,
      expected: text,
      superseded: text,
      before: text,
      horizon: fc.oneof(fc.constantFrom(...HORIZONS), text),
    },
    { requiredKeys: [] },
  );

export const noteContent = (
  text: fc.Arbitrary<string>,
): fc.Arbitrary<{ kind: NoteKind; text: string; fields: NoteFields; state: NoteState }> =>
  fc.record({
    kind: fc.constantFrom(...NOTE_KINDS),
    text,
    fields: fieldsOf(text),
    state: fc.constantFrom<NoteState>("open", "done", "proposed", "dropped"),
  });

export const notes = (text: fc.Arbitrary<string>): fc.Arbitrary<readonly Note[]> =>
  fc
    .array(noteContent(text), { maxLength: 14 })
    .map((contents) => contents.map((content, at) => note({ ...content, id: at })));

export const view = (text: fc.Arbitrary<string>): fc.Arbitrary<DocumentView> => {
  const lines = fc.array(text, { maxLength: 4 });
  const entry = fc.option(fc.record({ when: fc.oneof(fc.constant("2026-01-25"), text), lines }), {
    nil: undefined,
  });
  return fc.record({
    title: text,
    createdDate: fc.constant("2026-01-25"),
    updatedDate: fc.constant("2026-01-26"),
    status: fc.constantFrom("in_progress" as const, "completed" as const, "blocked" as const),
    statusReason: fc.option(text, { nil: undefined }),
    thread: fc.option(text, { nil: undefined }),
    notes: notes(text),
    files: fc.array(fc.record({ path: text, what: text }), { maxLength: 4 }),
    commands: fc.array(fc.record({ command: text, what: text }), { maxLength: 4 }),
    continuity: fc.record({ previous: entry, current: entry, next: lines }),
    metrics: fc.array(fc.record({ name: text, value: text }), { maxLength: 4 }),
  });
};
