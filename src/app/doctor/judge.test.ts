import { expect, test } from "vitest";
import type { Check } from "./check.ts";
import { judge } from "./doctor.ts";
import type {
  CaptureFacts,
  Facts,
  HomeFacts,
  InstallFacts,
  PluginFacts,
  ProgramFacts,
  SettingsFacts,
  StoreFacts,
} from "./facts.ts";
import { isBelow } from "./version.ts";

// What facts mean. Each finding has its place, and a sentence that says what to do about it.

const NOW_MS = Date.parse("2026-01-25T10:00:00Z");
const LOCAL: SettingsFacts = {
  path: "/p/.claude/settings.local.json",
  scope: "local",
  isOurs: true,
  isHere: true,
  findings: { kind: "readable", hooks: 7, isComplete: true, hooksOff: false, misnamed: [] },
};
const USER: SettingsFacts = { ...LOCAL, path: "/home/dev/.claude/settings.json", scope: "user" };
const PROJECT: SettingsFacts = {
  ...LOCAL,
  path: "/p/.claude/settings.json",
  scope: "project",
  isOurs: false,
};
const INSTALLED = { version: "1.2.3", node: "/usr/bin/node", runtime: "/d/runtime/1.2.3-abc" };
const HOME: HomeFacts = {
  path: "/d",
  kind: "folder",
  freeBytes: 5e9,
  freeFiles: 1e6,
  extraCertificates: undefined,
  open: [],
  foreign: [],
  leftovers: [],
};
const PLUGIN: PluginFacts = {
  name: "leftoff@leftoff",
  marketplace: "leftoff",
  scope: "user",
  project: undefined,
  isHere: true,
  isEnabled: true,
  folder: "/home/dev/leftoff-plugin/package/plugin",
  version: "1.2.3",
  hasPrograms: true,
};
const PROGRAM: ProgramFacts = {
  version: "1.2.3",
  nodeVersion: "20.19.1",
  isSetUp: true,
  installed: INSTALLED,
  installedNodeVersion: "20.19.1",
  isSame: true,
  isWhole: true,
  wrongScripts: [],
};
const INSTALL: InstallFacts = {
  path: "/d/installed.json",
  ledger: "whole",
  beside: [
    { path: "/p/.gitignore", kind: "gitignore", state: "whole" },
    { path: "/p/CLAUDE.md", kind: "protocol", state: "whole" },
  ],
  gitHooks: [],
};
const beside = (kind: "gitignore" | "protocol", state: InstallFacts["beside"][number]["state"]) => ({
  install: { beside: [{ path: `/p/of-${kind}`, kind, state }] },
});
const STORE: StoreFacts = {
  machine: "whole",
  damage: [],
  transcriptDamage: [],
  unchecked: 0,
  damagedState: [],
  workspaceWarnings: [],
  documents: [],
};
const CAPTURE: CaptureFacts = {
  pending: [],
  leftLocks: [],
  failures: { path: "/d/state/hook-failures.jsonl", count: 0, last: undefined },
  off: [],
  lastNudge: undefined,
};

interface Over {
  readonly home?: Partial<HomeFacts>;
  readonly program?: Partial<ProgramFacts>;
  readonly git?: string | undefined;
  readonly settings?: readonly SettingsFacts[];
  readonly plugins?: readonly PluginFacts[];
  readonly install?: Partial<InstallFacts>;
  readonly store?: Partial<StoreFacts>;
  readonly capture?: Partial<CaptureFacts>;
}

function facts(over: Over = {}): Facts {
  return {
    nowMs: NOW_MS,
    home: { ...HOME, ...over.home },
    program: { ...PROGRAM, ...over.program },
    git: "git" in over ? over.git : "2.39.5",
    settings: over.settings ?? [LOCAL],
    plugins: over.plugins ?? [],
    install: { ...INSTALL, ...over.install },
    store: { ...STORE, ...over.store },
    capture: { ...CAPTURE, ...over.capture },
  };
}

/** What there is of `leftoff init` where it never ran. */
const NO_INIT: Over = { settings: [], program: { isSetUp: false, installed: undefined } };

const wrong = (over: Over): readonly Check[] => judge(facts(over)).filter(({ ok }) => !ok);
const readable = (over: object): SettingsFacts["findings"] => ({ ...LOCAL.findings, ...over }) as never;
const damage = {
  path: "/d/journal/x.jsonl",
  line: 7,
  fromByte: 100,
  toByte: 140,
  reason: "the checksum does not fit",
};

test("a healthy installation has no finding, and every check says what it saw", () => {
  const checks = judge(facts());

  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(checks.filter(({ fix }) => fix !== undefined)).toEqual([]);
  expect(checks.every(({ detail }) => detail !== "")).toBe(true);
});

const FINDINGS: readonly (readonly [
  what: string,
  over: Over,
  name: string,
  detail: string,
  remedy?: string,
])[] = [
  ["no folder at all", { home: { kind: "none" } }, "home", "was never set up"],
  ["a folder that can't be written into", { home: { kind: "unusable" } }, "home", "/d is no folder"],
  ["a disk without room", { home: { freeBytes: 5e6 } }, "disk", "5 MB"],
  ["a disk without inodes", { home: { freeFiles: 3 } }, "disk", "3 files"],
  [
    "a folder that others may read",
    { home: { open: [{ path: "/d/state", mode: 0o755, wanted: 0o700 }] } },
    "permissions",
    "/d/state has mode 0755; 0700",
    "permissions",
  ],
  ["files of another user", { home: { foreign: ["/d/a", "/d/b"] } }, "permissions", "/d/a (and 1 more)"],
  [
    "unfinished files",
    { home: { leftovers: ["/p/.leftoff-1-a.tmp"] } },
    "leftovers",
    "/p/.leftoff-1-a.tmp",
    "leftovers",
  ],
  ["a node that is too old", { program: { nodeVersion: "18.20.1" } }, "node", "node 18.20.1"],
  [
    "hooks that call a node which is gone",
    { program: { installedNodeVersion: undefined } },
    "node",
    "/usr/bin/node, which is gone",
    "program",
  ],
  [
    "hooks that call an old node",
    { program: { installedNodeVersion: "16.1.0" } },
    "node",
    "node 16.1.0",
    "program",
  ],
  ["no git", { git: undefined }, "git", "can't be run"],
  ["a git that is too old", { git: "2.17.1" }, "git", "git 2.17.1"],
  [
    "no program",
    { program: { installed: undefined, isWhole: false } },
    "program",
    "not installed",
    "program",
  ],
  [
    "a program of which files are missing",
    { program: { isWhole: false } },
    "program",
    "not whole",
    "program",
  ],
  [
    "an older version",
    { program: { isSame: false, installed: { ...INSTALLED, version: "1.0.0" } } },
    "program",
    "Hooks call leftoff 1.0.0",
    "program",
  ],
  [
    "another build of the same version",
    { program: { isSame: false } },
    "program",
    "another build",
    "program",
  ],
  [
    "a script that somebody changed",
    { program: { wrongScripts: ["/d/bin/nudge"] } },
    "scripts",
    "/d/bin/nudge",
    "program",
  ],
  [
    "settings that are gone",
    { settings: [{ ...LOCAL, findings: undefined }] },
    "hooks",
    "is gone",
    "settings",
  ],
  [
    "hooks that somebody took out",
    { settings: [{ ...LOCAL, findings: readable({ hooks: 0, isComplete: false }) }] },
    "hooks",
    "none of our hooks any more",
    "settings",
  ],
  [
    "doubled or older hooks",
    { settings: [{ ...LOCAL, findings: readable({ hooks: 9, isComplete: false }) }] },
    "hooks",
    "as they should be",
    "settings",
  ],
  [
    "hooks that nobody wrote down",
    { settings: [{ ...LOCAL, isOurs: false }] },
    "hooks",
    "nobody wrote down",
    "settings",
  ],
  [
    "hooks in two scopes of one's own",
    { settings: [LOCAL, USER] },
    "hooks",
    "one file is enough",
    "settings",
  ],
  ["hooks nowhere", { program: { isSetUp: false }, settings: [] }, "hooks", "set up nowhere"],
  [
    "settings that can't be read",
    { settings: [{ ...LOCAL, findings: { kind: "unreadable", line: 3, column: 9, what: "CommaExpected" } }] },
    "settings",
    "/p/.claude/settings.local.json:3:9: CommaExpected",
  ],
  [
    "disableAllHooks",
    { settings: [{ ...LOCAL, findings: readable({ hooksOff: true }) }] },
    "settings",
    "disableAllHooks",
  ],
  [
    "an event that is none",
    {
      settings: [
        {
          ...LOCAL,
          findings: readable({
            misnamed: [{ name: "sessionStart", meant: "SessionStart", line: 2, column: 3 }],
          }),
        },
      ],
    },
    "settings",
    'settings.local.json:2:3: "sessionStart" is no event of Claude Code',
  ],
  [
    "a ledger that is damaged",
    { install: { ledger: "damaged" }, settings: [{ ...LOCAL, isOurs: false }] },
    "installed",
    "/d/installed.json",
    "ledger",
  ],
  [
    "a .gitignore without our line",
    beside("gitignore", "missing"),
    "gitignore",
    "/p/of-gitignore",
    "gitignore",
  ],
  ["half a part of CLAUDE.md", beside("protocol", "half"), "protocol", "/p/of-protocol has only one"],
  ["a machine without a name", { store: { machine: "damaged" } }, "machine", "machine.json", "machine"],
  [
    "damaged records",
    { store: { damage: [damage] } },
    "records",
    "/d/journal/x.jsonl:7: 40 bytes from byte 100: the checksum",
    "records",
  ],
  [
    "damaged state",
    { store: { damagedState: ["/d/state/summaries.json"] } },
    "state",
    "/d/state/summaries.json",
    "state",
  ],
  [
    "a damaged line of work trees",
    { store: { workspaceWarnings: ["line 3 is damaged"] } },
    "workspaces",
    "line 3",
    "records",
  ],
  [
    "a document that was left alone",
    { store: { documents: ["/p/x.tmp has conflict markers"] } },
    "documents",
    "conflict",
    "documents",
  ],
  [
    "calls that nobody works on",
    { capture: { pending: [{ conversation: "c1", calls: 2, oldestAtMs: NOW_MS - 61_000, isHeld: false }] } },
    "pending",
    "2 calls of conversation c1",
    "ingest",
  ],
  [
    "locks of dead processes",
    { capture: { leftLocks: ["/d/state/locks/ingest-c1"] } },
    "locks",
    "ingest-c1",
    "locks",
  ],
  [
    "a hook that failed today",
    { capture: { failures: { path: "/f", count: 3, last: { atMs: NOW_MS - 1_000, what: "ENOSPC" } } } },
    "failures",
    "3 hook runs failed, the last one 2026-01-25T09:59:59.000Z: ENOSPC",
    "failures",
  ],
  [
    "hooks that are heard and not read",
    { capture: { lastNudge: { conversation: "c1", atMs: NOW_MS - 120_000, isRead: false } } },
    "capture",
    "nothing came of it",
    "ingest",
  ],
];

for (const [what, over, name, detail, remedy] of FINDINGS) {
  test(`${what}: found, with what to do about it`, () => {
    const found = wrong(over);

    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ name, remedy, detail: expect.stringContaining(detail) });
    expect(found[0]?.fix).toMatch(/\.$/);
  });
}

const NOTES: readonly (readonly [what: string, over: Over, name: string])[] = [
  ["a part of CLAUDE.md of another version", beside("protocol", "different"), "protocol"],
  ["a part of CLAUDE.md that somebody took out", beside("protocol", "missing"), "protocol"],
  ["NODE_EXTRA_CA_CERTS", { home: { extraCertificates: "/etc/ca.pem" } }, "certificates"],
  ["capture that is switched off", { capture: { off: ["everywhere (/d/off)"] } }, "capture"],
  [
    "a newer version that hooks call",
    { program: { isSame: false, installed: { ...INSTALLED, version: "1.10.0" } } },
    "program",
  ],
  [
    "a failure of last week",
    { capture: { failures: { path: "/f", count: 1, last: { atMs: NOW_MS - 7 * 86_400_000, what: "x" } } } },
    "failures",
  ],
  ["what the agent's transcripts lost", { store: { transcriptDamage: [damage] } }, "transcripts"],
  ["a place without hooks", { settings: [{ ...LOCAL, isHere: false }] }, "hooks"],
  ["the plugin in another project", { ...NO_INIT, plugins: [{ ...PLUGIN, isHere: false }] }, "hooks"],
  ["the plugin beside hooks of init", { plugins: [PLUGIN] }, "plugin"],
  ["a plugin that is switched off", { plugins: [{ ...PLUGIN, isEnabled: false }] }, "plugin"],
  ["a plugin older than the runtime", { ...NO_INIT, plugins: [{ ...PLUGIN, version: "1.2.2" }] }, "plugin"],
];

test.each(NOTES)("%s is said, and nothing is wrong with it", (_what, over, name) => {
  expect(wrong(over)).toEqual([]);
  expect(judge(facts(over)).find(({ fix }) => fix !== undefined)).toMatchObject({ name, ok: true });
});

test.each([
  [{ kind: "folder" }, PLUGIN],
  [{ kind: "none" }, { ...PLUGIN, scope: "project", project: "/p" }],
] as const)("the plugin alone is all that is needed (%o)", (home, plugin) => {
  const checks = judge(facts({ ...NO_INIT, home, plugins: [plugin] }));

  expect(checks.filter(({ ok, fix }) => !ok || fix !== undefined)).toEqual([]);
  expect(checks.find(({ name }) => name === "hooks")?.detail).toBe(`those of the plugin, ${PLUGIN.folder}`);
  expect(checks.find(({ name }) => name === "plugin")?.detail).toContain(
    `leftoff@leftoff 1.2.3 (${plugin.scope} scope`,
  );
});

test.each([
  ["has no programs", { hasPrograms: false }, "npm ci && npm run build"],
  ["is gone", { hasPrograms: false, version: undefined }, "claude plugin uninstall leftoff@leftoff"],
] as const)("a plugin whose folder %s is the one finding, with what to do", (_, over, fix) => {
  const found = wrong({ ...NO_INIT, plugins: [{ ...PLUGIN, ...over }] });

  expect(found.map(({ name }) => name)).toEqual(["plugin"]);
  expect(found[0]?.detail).toContain(PLUGIN.folder);
  expect(found[0]?.fix).toContain(fix);
});

test("who runs is said where the plugin stands beside hooks of init, and where their scripts are gone", () => {
  const said = (over: Over) =>
    judge(facts({ plugins: [PLUGIN], ...over })).find(({ name }) => name === "plugin")?.detail;

  expect(said({})).toContain(`beside the hooks in ${LOCAL.path}: those do the work`);
  expect(said({ program: { installed: undefined } })).toContain("the plugin's hooks do the work");
});

test("a plugin that is switched off does not stand for hooks", () => {
  expect(wrong({ ...NO_INIT, plugins: [{ ...PLUGIN, isEnabled: false }] }).map(({ name }) => name)).toEqual([
    "hooks",
  ]);
});

test.each<readonly [string, Over]>([
  [
    "a call that came just now",
    { capture: { pending: [{ conversation: "c", calls: 1, oldestAtMs: NOW_MS - 5_000, isHeld: false }] } },
  ],
  [
    "a call that an ingest is at work on",
    { capture: { pending: [{ conversation: "c", calls: 1, oldestAtMs: 0, isHeld: true }] } },
  ],
  [
    "a hook that was heard just now",
    { capture: { lastNudge: { conversation: "c", atMs: NOW_MS - 5_000, isRead: false } } },
  ],
  ["a colleague's hooks in the project's file", { settings: [PROJECT] }],
  ["a file system that does not count its files", { home: { freeBytes: undefined, freeFiles: undefined } }],
])("%s is no finding", (_what, over) => {
  expect(wrong(over)).toEqual([]);
});

test("hooks that are heard and not read are no finding where capture is off", () => {
  const lastNudge = { conversation: "c1", atMs: NOW_MS - 120_000, isRead: false };

  expect(wrong({ capture: { lastNudge, off: ["in /p"] } })).toEqual([]);
});

test("of many findings of one kind ten are listed, and the others counted", () => {
  const found = wrong({
    store: { damagedState: Array.from({ length: 25 }, (_, at) => `/d/state/${at}.json`) },
  });

  expect(found).toHaveLength(11);
  expect(found.at(-1)?.detail).toBe("and 15 more");
});

test("versions compare by their numbers, whatever stands around them", () => {
  expect(isBelow("2.9.0", "2.30")).toBe(true);
  expect(isBelow("git version 2.39.5 (Apple Git-154)", "2.30")).toBe(false);
  expect([isBelow("v20.19.0", "20.19"), isBelow("20.18.9", "20.19"), isBelow("", "1")]).toEqual([
    false,
    true,
    true,
  ]);
});
