import { expect, test } from "vitest";
import { type PluginPlace, pluginRecords } from "./plugin.ts";

// Files as 2.1.197 and 2.1.329 write them, the same in both, after `claude plugin marketplace add` and `plugin install`.

const CONFIG = "/home/dev/.claude";
const PROJECT = "/home/dev/shop-api";
const COPY = `${CONFIG}/plugins/cache/leftoff/leftoff/0.1.0`;
const installed = (...records: readonly object[]) =>
  JSON.stringify({ version: 2, plugins: { "leftoff@leftoff": records } });
const FOR_USER = {
  scope: "user",
  installPath: COPY,
  version: "0.1.0",
  installedAt: "2026-11-21T13:29:41.813Z",
  lastUpdated: "2026-11-21T13:29:41.813Z",
  gitCommitSha: "1ad69a70144accfd0c715c2ae2faba67039a8a84",
};
const FOR_PROJECT = { ...FOR_USER, scope: "project", projectPath: PROJECT };
const enabled = (value: unknown) => JSON.stringify({ enabledPlugins: { "leftoff@leftoff": value } });
const known = (source: object) =>
  JSON.stringify({ leftoff: { source, installLocation: "/home/dev/package", lastUpdated: "2026-11-21" } });

const FILES = {
  [`${CONFIG}/plugins/installed_plugins.json`]: installed(FOR_USER),
  [`${CONFIG}/plugins/known_marketplaces.json`]: known({ source: "git", url: "https://example.com/leftoff" }),
  [`${CONFIG}/settings.json`]: enabled(true),
  [`${COPY}/.claude-plugin/plugin.json`]: '{"name": "leftoff", "version": "0.1.0"}',
};

function at(files: { readonly [path: string]: string }, workTreePath = PROJECT): PluginPlace {
  return { configFolder: CONFIG, workTreePath, read: (path) => files[path] };
}

test("a plugin that the agent copied runs in its copy, with the version that lies there", () => {
  expect(pluginRecords(at(FILES))).toEqual([
    {
      name: "leftoff@leftoff",
      marketplace: "leftoff",
      scope: "user",
      project: undefined,
      isHere: true,
      isEnabled: true,
      folder: COPY,
      version: "0.1.0",
    },
  ]);
});

test("a plugin from a folder runs there, and not in the copy", () => {
  const files = {
    ...FILES,
    [`${CONFIG}/plugins/known_marketplaces.json`]: known({ source: "directory", path: "/home/dev/package" }),
    "/home/dev/package/.claude-plugin/marketplace.json":
      '{"name": "leftoff", "plugins": [{"name": "leftoff", "source": "./plugin"}]}',
    "/home/dev/package/plugin/.claude-plugin/plugin.json": '{"name": "leftoff", "version": "0.2.0"}',
  };

  expect(pluginRecords(at(files))).toMatchObject([{ folder: "/home/dev/package/plugin", version: "0.2.0" }]);
});

test("a project's plugin counts there, and below", () => {
  const files = {
    ...FILES,
    [`${CONFIG}/plugins/installed_plugins.json`]: installed(FOR_PROJECT),
    [`${CONFIG}/settings.json`]: "{}",
    [`${PROJECT}/.claude/settings.json`]: enabled(true),
  };

  expect(pluginRecords(at(files))).toMatchObject([{ project: PROJECT, isHere: true, isEnabled: true }]);
  expect(pluginRecords(at(files, "/home/dev"))).toMatchObject([{ isHere: true }]);
  expect(pluginRecords(at(files, `${PROJECT}-2`))).toMatchObject([{ isHere: false, isEnabled: true }]);
});

test("the narrowest settings say whether it is switched on", () => {
  const files = {
    ...FILES,
    [`${PROJECT}/.claude/settings.json`]: enabled(true),
    [`${PROJECT}/.claude/settings.local.json`]: `{ // not here\n "enabledPlugins": {"leftoff@leftoff": false} }`,
  };

  expect(pluginRecords(at(files))).toMatchObject([{ isEnabled: false }]);
  expect(pluginRecords(at(files, "/home/dev/other"))).toMatchObject([{ isEnabled: true }]);
});

test("a folder that is gone has no version", () => {
  const { [`${COPY}/.claude-plugin/plugin.json`]: _, ...files } = FILES;

  expect(pluginRecords(at(files))).toMatchObject([{ folder: COPY, version: undefined }]);
});

test.each([
  undefined,
  "",
  "not json",
  "[]",
  '{"plugins": []}',
  '{"plugins": {"leftoff@leftoff": {}}}',
  '{"plugins": {"leftoff@leftoff": [null, 7, {"scope": "user"}, {"installPath": "/x", "scope": "else"}]}}',
  '{"plugins": {"other@leftoff": [{"scope": "user", "installPath": "/x"}]}}',
])("records that are none, or nobody's of ours, give none (%s)", (text) => {
  const files = text === undefined ? {} : { [`${CONFIG}/plugins/installed_plugins.json`]: text };

  expect(pluginRecords(at(files))).toEqual([]);
});
