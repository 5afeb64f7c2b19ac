import { join } from "node:path";
import { getNodeValue } from "jsonc-parser";
import {
  arrayField,
  asObject,
  booleanField,
  type JsonObject,
  objectField,
  parseJson,
  stringField,
} from "../../base/parse.ts";
import type { PluginRecord, PluginScope } from "../agent.ts";
import { parseSettings } from "./settings-text.ts";

/** Of whatever marketplace: a person's own copy of it is ours, too. */
const OURS = /^leftoff@(.+)$/;

const SCOPES: readonly PluginScope[] = ["user", "project", "local", "managed"];

/** Where Claude Code keeps what {@link pluginRecords} reads. */
export interface PluginPlace {
  readonly configFolder: string;
  readonly workTreePath: string;
  /** A file's text; undefined where there is none. */
  readonly read: (path: string) => string | undefined;
}

/**
 * Where our plugin is installed, as Claude Code's own records say: `plugins/installed_plugins.json` of version 2,
 * `plugins/known_marketplaces.json` and `enabledPlugins` in settings, of which the narrowest file's word counts. A plugin from a
 * marketplace that is a folder runs in that folder, any other in the copy that `installPath` names. Never throws.
 * Source: Claude Code 2.1.197 and 2.1.329, observed.
 */
export function pluginRecords(place: PluginPlace): readonly PluginRecord[] {
  const installed = jsonOf(place.read(join(place.configFolder, "plugins", "installed_plugins.json")));
  const plugins = objectField(installed, "plugins") ?? {};
  return Object.keys(plugins).flatMap((name) => {
    const records = (arrayField(plugins, name) ?? []).map((value) => recordOf(place, name, asObject(value)));
    return records.filter((record) => record !== undefined);
  });
}

function recordOf(place: PluginPlace, name: string, value: JsonObject | undefined): PluginRecord | undefined {
  const marketplace = OURS.exec(name)?.[1];
  const scope = SCOPES.find((known) => known === stringField(value, "scope"));
  const installPath = stringField(value, "installPath");
  if (marketplace === undefined || scope === undefined || installPath === undefined) return undefined;
  const { workTreePath, read } = place;
  const project = scope === "user" ? undefined : stringField(value, "projectPath");
  const folder = folderInPlace(place, marketplace) ?? installPath;
  const manifest = jsonOf(read(join(folder, ".claude-plugin", "plugin.json")));
  return {
    name,
    marketplace,
    scope,
    project,
    isHere: project === undefined || `${project}/`.startsWith(`${workTreePath}/`),
    isEnabled: isEnabled(place, project ?? workTreePath, name),
    folder,
    version: manifest === undefined ? undefined : (stringField(manifest, "version") ?? "0"),
  };
}

/** The folder that the plugin runs in where its marketplace is a folder; undefined where it is copied. */
function folderInPlace({ configFolder, read }: PluginPlace, marketplace: string): string | undefined {
  const known = jsonOf(read(join(configFolder, "plugins", "known_marketplaces.json")));
  const market = objectField(known, marketplace);
  const location = stringField(market, "installLocation");
  if (stringField(objectField(market, "source"), "source") !== "directory" || location === undefined)
    return undefined;
  const offered = arrayField(
    jsonOf(read(join(location, ".claude-plugin", "marketplace.json"))),
    "plugins",
  )?.map(asObject);
  const source = stringField(
    offered?.find((plugin) => stringField(plugin, "name") === "leftoff"),
    "source",
  );
  return source === undefined ? undefined : join(location, source);
}

function isEnabled({ configFolder, read }: PluginPlace, project: string, name: string): boolean {
  const files = [
    join(project, ".claude", "settings.local.json"),
    join(project, ".claude", "settings.json"),
    join(configFolder, "settings.json"),
  ];
  const said = files.map((path) => booleanField(objectField(settingsOf(read(path)), "enabledPlugins"), name));
  return said.find((word) => word !== undefined) ?? false;
}

function jsonOf(text: string | undefined): JsonObject | undefined {
  return asObject(parseJson(text ?? ""));
}

/** Settings may hold comments. What can't be read says nothing, here as for the agent. */
function settingsOf(text: string | undefined): JsonObject | undefined {
  try {
    const { root } = parseSettings(text ?? "");
    return root === undefined ? undefined : asObject(getNodeValue(root));
  } catch {
    return undefined;
  }
}
