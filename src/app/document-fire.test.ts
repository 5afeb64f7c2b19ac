import fc from "fast-check";
import { expect, test } from "vitest";
import { type Deed, deeds } from "../../test/document-fire/deed.ts";
import { type Harm, live } from "../../test/document-fire/live.ts";

/** `LEFTOFF_FIRE_RUNS=1000 LEFTOFF_FIRE_SEED=random` searches further; any number repeats a search. */
const { LEFTOFF_FIRE_SEED, LEFTOFF_FIRE_RUNS } = process.env;
const SEED = LEFTOFF_FIRE_SEED === "random" ? Date.now() : Number(LEFTOFF_FIRE_SEED ?? 20_260_125);
const RUNS = Number(LEFTOFF_FIRE_RUNS ?? 12);
const RUN_MS_MAX = 2_000;

/** What searches found. In these an old copy holds nothing that tells how old it is. */
const FOUND: [readonly Deed[]][] = [
  [
    [
      { does: "twice" },
      { does: "edits", nth: 2 },
      { does: "adds" },
      { does: "adds" },
      { does: "looks" },
      { does: "old-copy" },
    ],
  ],
  [[{ does: "adds" }, { does: "adds" }, { does: "turn" }, { does: "old-copy" }, { does: "adds" }]],
  [[{ does: "editor-opens" }, { does: "adds" }, { does: "looks" }, { does: "editor-saves" }]],
  [
    [
      { does: "adds" },
      { does: "git-keeps" },
      { does: "turn" },
      { does: "git-checkout" },
      { does: "edits", nth: 0 },
      { does: "turn" },
    ],
  ],
  [[{ does: "adds" }, { does: "edits", nth: 0 }, { does: "turn" }, { does: "old-copy" }]],
  // A short document of the person's own, whose text was lost with state/.
  [
    [
      { does: "deletes" },
      { does: "adds" },
      { does: "looks" },
      { does: "edits", nth: 0 },
      { does: "state" },
      { does: "adds" },
      { does: "turn" },
    ],
  ],
];

test(
  "whatever person, editor, git and agents do to a document in any order, nothing is lost and nothing doubled",
  async () => {
    // A failure that was found is told at once: making it smaller takes a hundred times as long as finding it.
    await fc.assert(
      fc.asyncProperty(deeds, (all) => live(all)),
      {
        numRuns: RUNS + FOUND.length,
        examples: FOUND,
        seed: SEED,
        interruptAfterTimeLimit: RUNS * RUN_MS_MAX,
      },
    );
  },
  RUNS * RUN_MS_MAX + 10_000,
);

/** Each with what is told of it. */
const HARMS: readonly (readonly [what: string, told: RegExp, harm: Harm])[] = [
  ["takes out an item", /^line - /, (text) => text.replace(/^- \[[ x]\] person step[^\n]*\n/m, "")],
  ["changes an item", /^line - /, (text) => text.replace(/^- \[ \] person step/m, "- [x] person step")],
  ["takes out a person's sentence", /^prose w\d+x/, (text) => text.replace(/^I think w\d+x is so\.$/m, "")],
  ["loses the byte order mark", /^byte order mark/, (text) => text.replace(/^\ufeff/, "")],
  ["loses the line endings", /^line endings/, (text) => text.replaceAll("\r\n", "\n")],
];

test.each(HARMS)("control: a step that %s is found", async (_, told, harm) => {
  const all = (["adds", "prose", "crlf", "bom", "turn"] as const).map((does) => ({ does }));

  await expect(live(all, harm)).rejects.toThrow(told);
});

test("control: a step that writes an item twice is found", async () => {
  const twice: Harm = (text) => text.replace(/^(- \[ \] person step.*\r?\n)/m, "$1$1");

  await expect(live([{ does: "adds" }, { does: "turn" }], twice)).rejects.toThrow();
});
