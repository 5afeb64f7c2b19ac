import { join, relative } from "node:path";
import { isMachineId } from "../../base/id.ts";
import { DOCTOR_ARCHIVE_MS } from "../../base/limits.ts";
import { asObject, parseJson, stringField } from "../../base/parse.ts";
import { readIfThere } from "../../disk/read.ts";
import type { Damage } from "../../store/store.ts";
import type { App } from "../app.ts";
import { loadConversation } from "../conversation.ts";
import { documentTrouble } from "../document-trouble.ts";
import type { StoreFacts } from "./facts.ts";
import type { Entry } from "./walk.ts";

/** The folders of `state/` whose values are records (docs/formats/state.md); the others have files of their own form. */
const RECORDS =
  /^(?:sessions\.json|(?:conversations|positions|worktrees|marks|trouble|documents)\/.+\.json)$/;

export const NOTHING_STORED: StoreFacts = {
  machine: "none",
  damage: [],
  transcriptDamage: [],
  unchecked: 0,
  damagedState: [],
  workspaceWarnings: [],
  documents: [],
};

export function gatherStore(app: App, entries: readonly Entry[]): StoreFacts {
  const { journal } = app.store;
  const sessions = journal.sessions();
  const archives = archiveDamage(app);
  return {
    machine: machineState(app),
    damage: [...sessions.flatMap((id) => journal.damage(id)), ...archives.damage],
    transcriptDamage: app.store.archive
      .conversations(app.agent.name)
      .flatMap((id) => loadConversation(app, id)?.damage ?? []),
    unchecked: archives.unchecked,
    damagedState: damagedState(app, entries),
    workspaceWarnings: app.workspaces.read().warnings,
    documents: sessions.flatMap((id) => documentTrouble(app, id) ?? []),
  };
}

function machineState({ home }: App): StoreFacts["machine"] {
  const bytes = readIfThere(join(home, "machine.json"));
  if (bytes === undefined) return "none";
  const id = stringField(asObject(parseJson(bytes.toString("utf8"))), "id");
  return id !== undefined && isMachineId(id) ? "whole" : "damaged";
}

/** Reading them means unpacking them, so it ends after its time. */
function archiveDamage(app: App): { readonly damage: readonly Damage[]; readonly unchecked: number } {
  const { archive } = app.store;
  const agent = app.agent.name;
  const endMs = app.clock.monotonicMs() + DOCTOR_ARCHIVE_MS;
  const damage: Damage[] = [];
  let unchecked = 0;
  for (const conversation of archive.conversations(agent)) {
    if (app.clock.monotonicMs() > endMs) {
      unchecked += 1;
      continue;
    }
    for (const file of archive.files(agent, conversation)) {
      damage.push(...archive.forEach({ agent, conversation, file }, () => undefined));
    }
  }
  return { damage, unchecked };
}

/** Paths of values that do not verify: to those who use them, they are not there. */
function damagedState(app: App, entries: readonly Entry[]): readonly string[] {
  const state = join(app.home, "state");
  return entries
    .filter(({ isFolder, path }) => !isFolder && RECORDS.test(relative(state, path)))
    .filter(({ path }) => {
      const key = relative(state, path).slice(0, -".json".length);
      return isKey(key) && app.store.state.get(key) === undefined;
    })
    .map(({ path }) => path);
}

/** What the store takes for one; anything else there is not the store's (docs/formats/state.md). */
function isKey(key: string): boolean {
  return key.split("/").every((name) => /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(name));
}
