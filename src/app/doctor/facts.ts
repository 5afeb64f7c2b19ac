import type { PluginRecord, SettingsFindings, SettingsScope } from "../../agent/agent.ts";
import type { Damage } from "../../store/store.ts";
import type { ProtocolState } from "../init/protocol.ts";
import type { Scripts } from "../init/scripts.ts";

/** What was found out about an installation, without a word on what is good or bad: that is for the checks, which are pure. */
export interface Facts {
  readonly nowMs: number;
  readonly home: HomeFacts;
  readonly program: ProgramFacts;
  /** Version of git, as it says; undefined where it can't be run. */
  readonly git: string | undefined;
  readonly settings: readonly SettingsFacts[];
  readonly plugins: readonly PluginFacts[];
  readonly install: InstallFacts;
  readonly store: StoreFacts;
  readonly capture: CaptureFacts;
}

export interface HomeFacts {
  readonly path: string;
  readonly kind: "none" | "folder" | "unusable";
  /** Undefined where the file system does not say. */
  readonly freeBytes: number | undefined;
  readonly freeFiles: number | undefined;
  /** NODE_EXTRA_CA_CERTS, which node reads at every start. */
  readonly extraCertificates: string | undefined;
  /** Files and folders that others than their owner may read; `mode` as it is. */
  readonly open: readonly OpenPath[];
  /** Things in it that belong to another user. */
  readonly foreign: readonly string[];
  /** Unfinished files that killed processes left here and beside the user's files. */
  readonly leftovers: readonly string[];
}

export interface OpenPath {
  readonly path: string;
  readonly mode: number;
  readonly wanted: number;
}

export interface ProgramFacts {
  /** Version and node of the program that asks. */
  readonly version: string;
  readonly nodeVersion: string;
  /** Something of ours is in some file of the user's, or the scripts are there. */
  readonly isSetUp: boolean;
  /** What the scripts say; undefined where they are missing or not ours. */
  readonly installed: Scripts | undefined;
  /** Version of the node that the scripts call; undefined where it can't be run. */
  readonly installedNodeVersion: string | undefined;
  /** The installed program is this very one. */
  readonly isSame: boolean;
  readonly isWhole: boolean;
  /** Scripts that are missing, changed, or not executable. */
  readonly wrongScripts: readonly string[];
}

export interface SettingsFacts {
  readonly path: string;
  readonly scope: SettingsScope;
  /** `init` wrote into it. */
  readonly isOurs: boolean;
  /** It counts for the work tree that doctor runs in. */
  readonly isHere: boolean;
  /** Undefined where there is no such file, or no UTF-8 text in it. */
  readonly findings: SettingsFindings | undefined;
}

export interface PluginFacts extends PluginRecord {
  /** What its hooks start lies in it; an install straight from a git URL has none of that. */
  readonly hasPrograms: boolean;
}

export interface InstallFacts {
  /** Path of installed.json, in which `init` writes down what it touches. */
  readonly path: string;
  readonly ledger: "none" | "whole" | "damaged";
  /** What else than settings `init` wrote into work trees that are still there. */
  readonly beside: readonly BesideFacts[];
  readonly gitHooks: readonly GitHooksFacts[];
}

/** The hooks of one repository in which somebody wanted them. */
export interface GitHooksFacts {
  readonly root: string;
  /** Where git looks for hooks now. */
  readonly folder: string;
  /** Our lines were written into another folder than that. */
  readonly isMoved: boolean;
  /** Each hook that has our lines, or should have, where git looks for it. */
  readonly hooks: readonly GitHookFacts[];
  /** Files that do not say any more how the context page is merged. */
  readonly attributes: readonly string[];
}

export interface GitHookFacts {
  readonly path: string;
  readonly state: "whole" | "missing" | "different" | "not executable";
}

export interface BesideFacts {
  readonly path: string;
  readonly kind: "gitignore" | "protocol";
  /** As it was written, or not; `half` and `different` are only told of a part in CLAUDE.md and the like. */
  readonly state: ProtocolState;
}

export interface StoreFacts {
  readonly machine: "none" | "whole" | "damaged";
  readonly damage: readonly Damage[];
  /** What the agent's own transcripts had lost when they were read. */
  readonly transcriptDamage: readonly Damage[];
  /** Conversations whose archive was not looked at, because it would have taken too long. */
  readonly unchecked: number;
  readonly damagedState: readonly string[];
  readonly workspaceWarnings: readonly string[];
  /** What stands in the way of session documents, in words. */
  readonly documents: readonly string[];
}

export interface CaptureFacts {
  /** Calls that wait to be worked on, by conversation. */
  readonly pending: readonly PendingFacts[];
  /** Lock files of processes that are dead. */
  readonly leftLocks: readonly string[];
  readonly failures: {
    readonly path: string;
    readonly count: number;
    readonly last: FailureFacts | undefined;
  };
  /** Where capture is switched off, in words. */
  readonly off: readonly string[];
  /** The last hook that said something, and whether anything came of it. */
  readonly lastNudge:
    | { readonly conversation: string; readonly atMs: number; readonly isRead: boolean }
    | undefined;
}

export interface PendingFacts {
  readonly conversation: string;
  readonly calls: number;
  readonly oldestAtMs: number;
  /** An ingest is at work on it. */
  readonly isHeld: boolean;
}

export interface FailureFacts {
  readonly atMs: number;
  readonly what: string;
}
