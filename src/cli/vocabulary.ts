import type { Command } from "./door.ts";

const SESSION: readonly [string, string] = ["--session <id|slug>", "another session than the current one"];
const DRY_RUN: readonly [string, string] = ["--dry-run", "say what would be done, and do nothing"];

/** The commands that are built, in the order --help lists them. */
export const COMMANDS: readonly Command[] = [
  {
    name: "init",
    summary: "set leftoff up in this project (or with --scope user, everywhere)",
    examples: ["leftoff init", "leftoff init --scope user", "leftoff init --dry-run"],
    options: [
      ["--agent <name>", "the agent to set up: claude; with --mcp-only codex, gemini or opencode"],
      ["--mcp-only", "register the MCP server and say how to use it, without hooks"],
      [
        "--scope <scope>",
        "whose settings: local (you, here), project (everybody, here) or user (you, everywhere)",
      ],
      ["--protocol", "also put a block about leftoff into CLAUDE.md"],
      ["--statusline", "also show session, next step and context below your status line, everywhere"],
      ["-y, --yes", "accepted for scripts; init asks nothing"],
      DRY_RUN,
    ],
    load: () => import("./init.ts"),
  },
  {
    name: "uninstall",
    summary: "take leftoff out of this project's files, byte for byte",
    examples: ["leftoff uninstall", "leftoff uninstall --all --purge"],
    options: [
      ["--all", "everywhere on this machine"],
      ["--purge", "delete what leftoff remembers, too"],
      DRY_RUN,
    ],
    load: () => import("./uninstall.ts"),
  },
  {
    name: "doctor",
    summary: "check the installation: program, hooks, records, capture",
    examples: ["leftoff doctor", "leftoff doctor --fix", "leftoff doctor --json"],
    options: [["--fix", "do what is safe about what is found, and say what was done"]],
    load: () => import("./doctor.ts"),
  },
  {
    name: "config",
    summary: "settings, with their origin",
    examples: ["leftoff config get", "leftoff config set context.warnAtPercent 70"],
    args: "<action...>",
    load: () => import("./config.ts"),
  },
  {
    name: "repair",
    summary: "take damaged bytes out of the records, into files beside",
    examples: ["leftoff repair --dry-run", "leftoff repair"],
    options: [DRY_RUN],
    load: () => import("./repair.ts"),
  },
  {
    name: "try",
    summary: "see it work on bundled conversations, in a temporary home",
    examples: ["leftoff try"],
    options: [["--keep", "keep the temporary folder, and say where it is"]],
    load: () => import("./try.ts"),
  },
  {
    name: "status",
    summary: "where you are, what is next, what was interrupted",
    examples: ["leftoff status", "leftoff status --json"],
    options: [SESSION],
    load: () => import("./status.ts"),
  },
  {
    name: "new",
    summary: "start a session and make it current",
    examples: ['leftoff new "Refresh token rotation"'],
    args: "<title...>",
    load: () => import("./new.ts"),
  },
  {
    name: "list",
    summary: "open sessions of this work tree",
    examples: ["leftoff list", "leftoff list --all --json"],
    options: [["--all", "every workspace and every status"]],
    load: () => import("./list.ts"),
  },
  {
    name: "show",
    aliases: ["view"],
    summary: "read a session: notes, files, commands, conversations, cost",
    examples: ["leftoff show", "leftoff show feature-auth", "leftoff show --json"],
    args: "[id|slug]",
    load: () => import("./show.ts"),
  },
  {
    name: "note",
    summary: "record anything: a decision, a failed attempt, a next step",
    examples: [
      'leftoff note failed "Tokens in localStorage" --why "any script can read them" --lesson "use httpOnly cookies"',
      'leftoff note decision "15 minute tokens" --why "balances security and comfort" --approved yes',
      'leftoff note next "Rotate refresh tokens" --priority high',
    ],
    args: "<kind> <text...>",
    options: [
      SESSION,
      ["--why <text>", "why it failed, works, or was decided"],
      ["--lesson <text>", "what was learned from it"],
      ["--result <text>", "what came out"],
      ["--time <text>", "time spent, such as 2h"],
      ["--file <path>", "where in the code"],
      ["--priority <text>", "high, medium or low"],
      ["--impact <text>", "what it can do if nothing is done"],
      ["--tradeoff <text>", "what was given up for it"],
      ["--approved <text>", "yes, no, or by whom"],
      ["--horizon <when>", "for next: immediate, short-term or future"],
    ],
    load: () => import("./note.ts"),
  },
  {
    name: "notes",
    summary: "list or search notes; confirm, drop, tick off, reopen or edit them",
    examples: [
      "leftoff notes",
      'leftoff notes --search "refresh token"',
      "leftoff notes confirm 3f9a21 8bc0de",
      "leftoff notes drop 3f9a21",
      'leftoff notes edit 3f9a21 "the new text"',
    ],
    args: "[change] [ids...]",
    options: [
      SESSION,
      ["--search <text>", "those with these words, of every session of this work tree"],
      ["--kind <kind>", "with --search: only this kind"],
      ["--all", "dropped ones too; with --search, of every work tree"],
    ],
    load: () => import("./notes.ts"),
  },
  {
    name: "brief",
    summary: "what the agent gets when a conversation starts",
    examples: ["leftoff brief", "leftoff brief --explain"],
    options: [SESSION, ["--explain", "why each item is in, and what it costs"]],
    load: () => import("./brief.ts"),
  },
  {
    name: "switch",
    summary: "make another session current; opens nothing",
    examples: ["leftoff switch feature-auth"],
    args: "<id|slug>",
    load: () => import("./switch.ts"),
  },
  {
    name: "pause",
    summary: "set a session aside; its next prompt takes it up again",
    examples: ["leftoff pause"],
    options: [SESSION],
    load: () => import("./change-phase.ts").then(({ pause }) => ({ run: pause })),
  },
  {
    name: "block",
    summary: "say what a session waits for, and pause it",
    examples: ['leftoff block "waiting for the security review"'],
    args: "<reason...>",
    options: [SESSION],
    load: () => import("./change-phase.ts").then(({ block }) => ({ run: block })),
  },
  {
    name: "complete",
    summary: "finish a session: its outcome, and what it leaves open, become part of its document",
    examples: ["leftoff complete", 'leftoff complete "Logins survive a restart; tokens rotate"'],
    args: "[outcome...]",
    options: [SESSION],
    load: () => import("./change-phase.ts").then(({ complete }) => ({ run: complete })),
  },
  {
    name: "cancel",
    summary: "give a session up; it shows as completed, with the reason",
    examples: ['leftoff cancel "the library does it already"'],
    args: "[reason...]",
    options: [SESSION],
    load: () => import("./change-phase.ts").then(({ cancel }) => ({ run: cancel })),
  },
  {
    name: "reopen",
    summary: "take up a paused or finished session again",
    examples: ["leftoff reopen feature-auth"],
    args: "[id|slug]",
    options: [SESSION],
    load: () => import("./change-phase.ts").then(({ reopen }) => ({ run: reopen })),
  },
  {
    name: "archive",
    summary: "shelve a finished session: a summary to .claude/context/, the document away",
    examples: ["leftoff archive", "leftoff archive feature-auth --dry-run"],
    args: "[id|slug]",
    options: [SESSION, DRY_RUN],
    load: () => import("./archive.ts").then(({ archive }) => ({ run: archive })),
  },
  {
    name: "unarchive",
    summary: "bring an archived session back, its document byte for byte",
    examples: ["leftoff unarchive feature-auth"],
    args: "[id|slug]",
    options: [SESSION, DRY_RUN],
    load: () => import("./archive.ts").then(({ unarchive }) => ({ run: unarchive })),
  },
  {
    name: "mcp",
    summary: "speak MCP on standard input and output: what agents start, not people",
    examples: ["leftoff mcp", "claude mcp add leftoff -- leftoff mcp"],
    load: () => import("./mcp.ts"),
  },
  {
    name: "ingest",
    summary: "read what is new in this work tree's conversations",
    examples: ["leftoff ingest", "leftoff ingest --newest 50"],
    options: [["--newest <n>", "at most so many conversations, newest first"]],
    load: () => import("./ingest.ts"),
  },
  {
    name: "log",
    summary: "audit trail: every event of a session",
    examples: ["leftoff log", "leftoff log --json"],
    options: [SESSION],
    load: () => import("./log.ts"),
  },
  {
    name: "on",
    summary: "start capture again",
    examples: ["leftoff on", "leftoff on --here"],
    options: [
      ["--here", "in this work tree only"],
      ["--session [id|slug]", "for one session only"],
    ],
    load: () => import("./capture.ts").then(({ on }) => ({ run: on })),
  },
  {
    name: "off",
    summary: "stop capture: everywhere, here, or for one session",
    examples: ["leftoff off", "leftoff off --here", "leftoff off --session"],
    options: [
      ["--here", "in this work tree only"],
      ["--session [id|slug]", "for one session only"],
    ],
    load: () => import("./capture.ts").then(({ off }) => ({ run: off })),
  },
];

/** Words that are taken, so that nobody builds on another meaning: they answer "not yet available". */
export const RESERVED: readonly string[] = (
  "edit continue resume start rotate memory context partition checkpoint undo branch " +
  "return tree compare combine search recall why history transcript import forget prune reindex replay stats board lint " +
  "run ps output kill restart task schedule flow handoff claim hook grant var bundle ui team"
).split(" ");
