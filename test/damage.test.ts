import { appendFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect } from "vitest";
import { filesBelow } from "../src/disk/read.ts";
import { built, makeProgramBox, type ProgramBox } from "./program-box.ts";

// Damage of every kind to what agents wrote, as a person meets it: the built program reads it twice, and says what was lost.

let box: ProgramBox;
let path = "";
beforeEach(() => {
  box = makeProgramBox();
  path = box.transcript;
});
afterEach(() => box.dispose());

type Line = string | Buffer;
const turn = (n: number) => box.turn(n);
const write = (...lines: readonly Line[]) => box.write(...lines);

interface Loss {
  readonly line: number;
  readonly bytes: number;
}

interface Seen {
  /** By their commands, in the order they were run. */
  readonly turns: readonly string[];
  readonly prompts: number;
  readonly trouble: readonly string[];
  readonly statusText: string;
  readonly doctorText: string;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

async function look(): Promise<Seen> {
  const [status, statusText, doctorJson, doctorText, shown] = await Promise.all([
    box.looking("status", "--json"),
    box.looking("status"),
    box.looking("doctor", "--json"),
    box.looking("doctor"),
    box.looking("show", "--json"),
  ]);
  const { commands, conversations } = JSON.parse(shown) as {
    readonly commands: readonly { readonly command: string }[];
    readonly conversations: readonly { readonly turns: number }[];
  };
  const { trouble } = JSON.parse(status) as Pick<Seen, "trouble">;
  const { checks } = JSON.parse(doctorJson) as Pick<Seen, "checks">;
  const turns = commands.map(({ command }) => command.replace("npm run ", ""));
  const prompts = conversations.reduce((sum, one) => sum + one.turns, 0);
  return { turns, prompts, trouble, statusText, doctorText, checks };
}

/** Everything that must not change when nothing new is there. */
const kept = () =>
  filesBelow(box.home)
    .filter((file) => /\/(journal|archive|conversations|documents)\//.test(file))
    .map((file) => [file, readFileSync(file, "latin1")]);

/** Reads what is there, and again: the second time nothing changes. */
function ingestTwice(): void {
  expect(box.run("ingest").exit).toBe(0);
  const before = kept();
  expect(box.run("ingest").exit).toBe(0);
  expect(kept()).toEqual(before);
}

/** Also where a line is wrapped at a space of a path. */
const times = (text: string, part: string) => onOneLine(text).split(onOneLine(part)).length - 1;
const onOneLine = (text: string) => text.replaceAll(/\s+/g, " ");

/** Each loss stands once in what either command says, with file, line and bytes. */
function expectTold(seen: Seen, losses: readonly Loss[]): void {
  expect(seen.trouble).toHaveLength(losses.length);
  const transcripts = seen.checks.filter(
    ({ name, detail }) => name === "transcripts" && detail !== "read whole",
  );
  expect(transcripts.map(({ ok }) => ok)).toEqual(losses.map(() => true));
  for (const { line: number, bytes } of losses) {
    const place = `${path}:${number}: ${bytes} bytes`;
    expect(seen.trouble.filter((said) => said.startsWith(`${place} lost (`))).toHaveLength(1);
    expect(transcripts.filter(({ detail }) => detail.includes(place))).toHaveLength(1);
    expect([times(seen.statusText, place), times(seen.doctorText, box.shown(place))]).toEqual([1, 1]);
  }
}

interface Case {
  readonly what: string;
  readonly damage: () => readonly Line[];
  readonly turns: readonly string[];
  readonly losses: readonly Loss[];
}

const DEEP = `{"type":"user","uuid":"deep","message":${"[".repeat(100_000)}${"]".repeat(100_000)}}\n`;

const CASES: readonly Case[] = [
  {
    what: "a record that was cut and spliced with the next one",
    damage: () => {
      const [a, b] = [turn(0), turn(1)];
      return [...a, ...b.slice(0, 3), b[3].slice(0, 60), ...turn(2)];
    },
    turns: ["part-0", "part-1", "part-2"],
    losses: [{ line: 8, bytes: 60 }],
  },
  {
    what: "two records without a line feed between them",
    damage: () => {
      const [a, b] = [turn(0), turn(1)];
      return [a[0].trimEnd(), a[1], a[2].trimEnd(), a[3].trimEnd(), b[0], ...b.slice(1)];
    },
    turns: ["part-0", "part-1"],
    losses: [],
  },
  {
    what: "a run of NUL bytes between records, and one inside of a record",
    damage: () => {
      const [a, b] = [turn(0), turn(1)];
      return [...a, Buffer.alloc(5_000), ...b.slice(0, 3), b[3].slice(0, 50), Buffer.alloc(300), "\n"];
    },
    turns: ["part-0", "part-1"],
    losses: [
      { line: 5, bytes: 5_000 },
      { line: 8, bytes: 50 },
      { line: 8, bytes: 300 },
    ],
  },
  {
    what: "a byte order mark, CRLF and blank lines",
    damage: () => [
      "\ufeff",
      ...turn(0).map((text) => text.replace("\n", "\r\n")),
      "\r\n \n\n",
      ...turn(1).map((text) => text.replace("\n", "\r\n")),
    ],
    turns: ["part-0", "part-1"],
    losses: [],
  },
  {
    what: "lone surrogates and keys that stand there twice",
    damage: () => {
      const [a, b] = [turn(0), turn(1)];
      return [
        a[0].replace("Prompt", "Pro\\ud800mpt"),
        ...a.slice(1),
        b[0].replace('"type":"user"', '"type":"summary","type":"user"'),
        b[1],
        b[2],
        b[3].replace("Answer", "\\udc00Answer"),
      ];
    },
    turns: ["part-0", "part-1"],
    losses: [],
  },
  {
    what: "invalid UTF-8",
    damage: () => {
      const [a, b] = [turn(0), turn(1)];
      return [...a, Buffer.from(b[0].replace("Prompt", "Pr\u00ffmpt"), "latin1"), ...b.slice(1)];
    },
    turns: ["part-0", "part-1"],
    losses: [{ line: 5, bytes: 0 }],
  },
  {
    what: "nesting of 100,000 levels",
    damage: () => [...turn(0), DEEP, ...turn(1)],
    turns: ["part-0", "part-1"],
    losses: [{ line: 5, bytes: DEEP.length - 1 }],
  },
  {
    what: "records that were written twice",
    damage: () => {
      const [a, b] = [turn(0), turn(1)];
      return [...a, ...b, ...a, ...b];
    },
    turns: ["part-0", "part-1"],
    losses: [],
  },
  {
    what: "two writers whose lines alternate, one of them torn",
    damage: () => {
      const [a, b] = [turn(0), turn(1)];
      return [a[0], a[1], b[0].slice(0, 80), a[2], b[0], a[3], ...b.slice(1)];
    },
    turns: ["part-0", "part-1"],
    losses: [{ line: 3, bytes: 80 }],
  },
  {
    what: "lines of garbage, of JSON that is no object, and a cut last record behind which somebody went on",
    damage: () => {
      const [a, b] = [turn(0), turn(1)];
      return [
        a[0],
        "garbage\n",
        ...a.slice(1),
        "[1]\n",
        ...b.slice(0, 3),
        b[3].slice(0, 90),
        "\n",
        ...turn(2),
      ];
    },
    turns: ["part-0", "part-1", "part-2"],
    losses: [
      { line: 2, bytes: 7 },
      { line: 6, bytes: 3 },
      { line: 10, bytes: 90 },
    ],
  },
];

built.each(CASES)(
  "$what: the rest is recovered, each loss told once, and reading twice changes nothing",
  async ({ damage, turns, losses }) => {
    const lines = damage();
    write(...lines);
    ingestTwice();

    const seen = await look();
    expect(seen.turns).toEqual(turns);
    expect(seen.prompts).toBe(turns.length);
    // Of a byte that is no UTF-8 the whole line is named, whose length the case cannot know beforehand.
    expectTold(
      seen,
      losses.map(({ line: number, bytes }) => ({
        line: number,
        bytes: bytes === 0 ? Buffer.from(lines[number - 1] ?? "").length - 1 : bytes,
      })),
    );
  },
);

built("a last record cut at any byte is waited for, and read once it is whole", async () => {
  const [a, b] = [turn(0), turn(1)];
  const last = Buffer.from(b[3]);
  for (let cut = 1; cut < last.length; cut += 97) {
    write(...a, ...b.slice(0, 3), last.subarray(0, cut));
    expect(box.run("ingest").exit).toBe(0);
  }
  expect((await look()).trouble).toEqual([]);
  write(...a, ...b);
  ingestTwice();

  const seen = await look();
  expect(seen.turns).toEqual(["part-0", "part-1"]);
  expectTold(seen, []);
});

const inPlace = (bytes: Buffer) => {
  truncateSync(path, 0);
  appendFileSync(path, bytes);
};
const anew = (bytes: Buffer) => {
  writeFileSync(`${path}.new`, bytes);
  renameSync(`${path}.new`, path);
};

const CHANGES: readonly (readonly [what: string, change: (old: Buffer) => void, turns: readonly string[]])[] =
  [
    [
      "truncated and grown again",
      (old) => {
        truncateSync(path, Math.floor(old.length / 2));
        appendFileSync(path, `\n${turn(2).join("")}`);
      },
      ["part-0", "part-1", "part-2"],
    ],
    [
      "written again in place",
      (old) => inPlace(Buffer.concat([old, ...turn(2).map((text) => Buffer.from(text))])),
      ["part-0", "part-1", "part-2"],
    ],
    [
      "replaced by another file with other content",
      () => anew(Buffer.from(turn(2).join(""))),
      ["part-0", "part-1", "part-2"],
    ],
    [
      "rotated away and begun anew",
      () => {
        renameSync(path, `${path}.1`);
        write(...turn(2));
      },
      ["part-0", "part-1", "part-2"],
    ],
    ["deleted", () => rmSync(path), ["part-0", "part-1"]],
  ];

built.each(CHANGES)(
  "a transcript that was %s loses nothing that was read, and counts nothing twice",
  async (_, change, turns) => {
    write(...turn(0), ...turn(1));
    ingestTwice();
    change(readFileSync(path));
    ingestTwice();

    const seen = await look();
    expect([...seen.turns].sort()).toEqual(turns);
    expect(seen.prompts).toBe(turns.length);
  },
);
