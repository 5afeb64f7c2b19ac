import { expect, test } from "vitest";
import { type Box, blockNames, isBuilt, makeBox } from "./box.ts";

// The code blocks that users of the idea were shown, run verbatim in a real shell beside the built program: what they do to
// files is what leftoff reads. Each block is a file in blocks/, whose first line says where it stood. What a block itself gets
// wrong is said at its test; what cannot run is in not-run.ts.

const run = new Set<string>();
let box: Box;

/** A test of a block, in a box of its own; once more where a day ended in the middle of it, since blocks ask for the date. */
function block(name: string, what: string, check: (name: string) => void): void {
  run.add(name);
  test.skipIf(!isBuilt)(`${name}: ${what}`, () => {
    const began = new Date().toDateString();
    try {
      inBox(name, check);
    } catch (error) {
      if (new Date().toDateString() === began) throw error;
      inBox(name, check);
    }
  });
}

function inBox(name: string, check: (name: string) => void): void {
  box = makeBox();
  try {
    check(name);
  } finally {
    box.dispose();
  }
}

/** The only document there is, by its path in the project. */
function onlyDocument(): string {
  const names = box.names(".claude/sessions");
  expect(names).toHaveLength(1);
  return `.claude/sessions/${names[0]}`;
}

block(
  "echo-new.sh",
  "a document of one line is a session; written over another, it deletes no note",
  (name) => {
    expect(box.block(name)).toEqual({ exit: 0, out: "", err: "" });
    box.leftoff("ingest");
    // The brackets are in the block: they stand for a description.
    expect(box.json("list")).toMatchObject({
      sessions: [{ slug: expect.stringMatching(/^\d{4}-\d\d-\d\d-description$/) }],
    });
    box.leftoff("note", "next", "Rotate refresh tokens");

    expect(box.block(name).exit).toBe(0);

    expect(box.read(onlyDocument())).toBe("# Session State: [Feature Name]\n");
    expect(box.leftoff("status")).toMatch(/^next +Rotate refresh tokens$/m);
    expect(box.leftoff("notes")).toContain("Rotate refresh tokens");
  },
);

// It looks for `view` without the day that `new` puts before the name, and leaves `{DESCRIPTION}` and `$(date …)` as they are.
block(
  "session-state.sh",
  "new makes a session named by its file, list lists it, and leftoff views what view does not find",
  (name) => {
    expect(box.block(name, "list").out).toBe("Session files:\nNo session files found\n");
    const made = box.block(name, "new", "feature-auth");
    const path = onlyDocument();
    expect(made).toEqual({ exit: 0, out: `Created session file: ${path}\n`, err: "" });
    expect(box.block(name, "list").out).toContain(path);
    expect(box.block(name, "view", "feature-auth").out).toContain("Session file not found");

    box.leftoff("ingest");
    expect(box.leftoff("view", "feature-auth")).toMatch(/^feature auth\nnew · since \d{4}-\d\d-\d\d/);
    box.leftoff("note", "failed", "Tokens in localStorage", "--why", "any script can read them");

    const day = /(\d{4}-\d\d-\d\d)-feature-auth/.exec(path)?.[1];
    const text = box.block(name, "view", `${day}-feature-auth`).out;
    expect(text).toContain(`# Session State: feature auth\n**Created**: ${day}\n`);
    expect(text).toContain(
      "1. **Approach**: Tokens in localStorage\n   - **Why it failed**: any script can read them\n",
    );
    expect(box.block(name).out).toBe("Usage: session-state.sh [new|list|view] [description]\n");
  },
);

// The quoted EOF leaves `$date` in the document.
block("session-start-step.sh", "the document is a session of the day in its name", (name) => {
  expect(box.block(name)).toEqual({ exit: 0, out: "", err: "" });
  box.leftoff("ingest");
  box.leftoff("note", "finding", "The queue is shared");

  const path = onlyDocument();
  const day = /(\d{4}-\d\d-\d\d)-feature-name\.tmp$/.exec(path)?.[1];
  expect(box.read(path)).toContain(`# Session State: Feature Name\n**Created**: ${day}\n`);
  expect(box.read(path)).toContain("## What We Know\n- The queue is shared\n");
});

block(
  "session-end-step.sh",
  "a document that was moved by hand is archived, and its notes are found",
  (name) => {
    const words =
      "# Session State: Login\n**Created**: 2026-01-25\n**Status**: in_progress\n\n## Next Steps\n1. Rotate tokens\n";
    box.write(".claude/sessions/2026-01-25-feature-auth.tmp", words);
    box.leftoff("ingest");
    // The block moves into a folder that is there already.
    box.sh("mkdir -p .claude/context/2026-01");

    expect(box.block(name)).toEqual({ exit: 0, out: "", err: "" });

    box.leftoff("status");
    expect(box.json("list", "--all")).toMatchObject({
      sessions: [{ slug: "2026-01-25-feature-auth", phase: "archived" }],
    });
    expect(box.leftoff("notes", "--search", "rotate tokens")).toContain("Rotate tokens");
    expect(box.read(".claude/context/2026-01/2026-01-25-feature-auth.md")).toContain("1. Rotate tokens");
  },
);

function taskOf(title: string): string {
  box.leftoff("new", title);
  return String(box.json("memory", "init").task);
}

block(
  "checkpoint.sh",
  "what a script appends is in the memory and in the brief, which says where to start",
  (name) => {
    const TASK_ID = taskOf("Migrate the pages");
    const call = `. "$BLOCKS/${name}"; checkpoint "COMPLETED: files 1-150 of 500"; checkpoint "DECISION: keep auth.yaml"`;

    expect(box.sh(call, { TASK_ID })).toEqual({ exit: 0, out: "", err: "" });

    const memory = box.leftoff("memory");
    expect(memory).toContain("- COMPLETED: files 1-150 of 500\n");
    expect(memory).toMatch(/## Decisions Made\n- \d{4}-\d\d-\d\dT\d\d:\d\dZ — keep auth\.yaml\n/);
    expect(box.leftoff("brief")).toContain(
      "Start at file 151 of 500: files 1-150 are completed, not to be done again",
    );
  },
);

// Claude Code has no command `code`: with the client itself the words that follow are the prompt. A function stands for it.
block(
  "start-prompt.sh",
  "the prompt names the memory that leftoff keeps, and none where there is none",
  (name) => {
    const TASK_ID = taskOf("Migrate the pages");
    const call = `claude() { printf '%s\\n' "$@"; }; . "$BLOCKS/${name}"`;

    const { out, exit } = box.sh(call, { TASK_ID });

    expect(exit).toBe(0);
    const path = /^Read (\S+) first\. Apply all decisions and progress markers/m.exec(out)?.[1] ?? "";
    expect(box.read(path)).toContain("# Session Memory — ");
    expect(box.sh(call, { TASK_ID: "another" }).out).toBe(
      "code\n Continue with the task: [your task description]\n",
    );
  },
);

block("dated-memory.sh", "a memory of a day is read beside the other", (name) => {
  const TASK_ID = taskOf("Migrate the pages");
  const call = `. "$BLOCKS/${name}"; echo "- $(date -u +%Y-%m-%dT%H:%MZ) — PENDING: files 151-500 of 500" >> "$SESSION_MEM"`;

  expect(box.sh(call, { TASK_ID })).toEqual({ exit: 0, out: "", err: "" });

  expect(box.leftoff("memory")).toContain("- PENDING: files 151-500 of 500\n");
});

// `/path/to` is for its reader to replace, and the only thing that is replaced here.
block(
  "copy-example.sh",
  "a copy of the example is a session of its own day, without the example's metrics",
  (name) => {
    expect(box.blockWith(name, ["/path/to", box.project])).toEqual({ exit: 0, out: "", err: "" });
    box.leftoff("ingest");

    const path = onlyDocument();
    const day = /(\d{4}-\d\d-\d\d)-your-feature\.tmp$/.exec(path)?.[1];
    const { notes } = box.json("show", "your-feature") as { notes: readonly { kind: string }[] };
    expect(notes.filter(({ kind }) => kind === "failed")).toHaveLength(4);
    box.leftoff("note", "next", "Write the copy job");
    expect(box.read(path)).toContain(`**Created**: ${day}\n`);
    for (const measured of ["~24 hours across", "**Tests added**: 61"]) {
      expect(box.read("example-session.tmp")).toContain(measured);
      expect(box.read(path)).not.toContain(measured);
    }
  },
);

// `sed -i ''` is that of macOS: another sed takes the expression for a file, says that it is not there, and the rest goes on.
block("update-context.sh", "its lines live beside those that leftoff keeps on the context page", (name) => {
  box.leftoff("new", "Payment processing");
  box.leftoff("context");
  box.sh("git switch -q -c feature/payments");

  expect(box.block(name).exit).toBe(0);
  box.leftoff("context");

  const page = box.read(".claude/context.md");
  expect(page).toMatch(/^Branch: feature\/payments$/m);
  expect(page).toMatch(/^Last updated: .+\n$/m);
});

block(
  "session-start.sh",
  "what it prints is in the brief, in excerpts that cost what settings allow",
  (name) => {
    box.leftoff("new", "Payment processing");
    box.leftoff("context");
    box.write("docs/ARCHITECTURE.md", "# Architecture\n\nOrders go through one queue.\n");

    const { exit, out, err } = box.block(name);

    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    const told = [
      "The shop's API answers orders.",
      "Payment processing",
      "Begin the shop",
      "Orders go through one queue.",
    ];
    for (const words of told) expect(out).toContain(words);
    for (const source of ["readme", "architecture", "commits", "status"])
      box.leftoff("config", "set", `brief.${source}Tokens`, "150");
    const brief = box.leftoff("brief");
    for (const words of [...told, "untracked"]) expect(brief).toContain(words);
  },
);

test("every block has its test", () => {
  expect([...run].sort()).toEqual(blockNames);
});
