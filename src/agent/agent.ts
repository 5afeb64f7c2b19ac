import type { ConversationId } from "../base/id.ts";
import type { JsonObject } from "../base/parse.ts";
import type { Damage, SourcePosition } from "../store/store.ts";

/** One coding agent, as leftoff sees it. Each adapter runs agent.contract.ts. All but `source` functions are pure. */
export interface Agent {
  readonly name: AgentName;
  /**
   * Transcript files of conversations held in a work tree, newest first; [] where the agent was never used. Only `wanted`
   * ones are opened (to see that they belong here: several folders can share one name), the others cost a `stat`.
   */
  transcripts(
    place: AgentPlace,
    wanted?: (file: TranscriptFile) => boolean,
  ): Promise<readonly TranscriptFile[]>;
  /** Subagents' files of a conversation. */
  subagentTranscripts(main: TranscriptFile): Promise<readonly TranscriptFile[]>;
  /**
   * Reads complete lines after `position` and hands them over in batches, oldest first, in bounded memory. Stops at the
   * last line feed: a torn tail is read next time. A file that is not there yet is empty. Another inode, or a size below
   * the offset, starts again at 0.
   */
  read(file: TranscriptFile, position: SourcePosition | undefined, onBatch: OnBatch): Promise<SourceRead>;
  /**
   * The whole records in the last `bytesMax` bytes of a transcript, oldest first; nothing before them is read. [] where it
   * cannot be read. Never throws.
   */
  readEnd(file: TranscriptFile, bytesMax: number): readonly JsonObject[];
  /** What a record says, in our words; [] for records that say nothing to us. Never throws. */
  itemsOf(record: JsonObject): readonly TranscriptItem[];
  /** The conversation that a record was copied from, where the agent says so; undefined for a record of a conversation's own. Never throws. */
  originOf(record: JsonObject): ConversationId | undefined;
  /**
   * A hook's payload in our words; undefined where it is none of ours (no conversation, another event). A payload whose
   * end is missing gives what it still holds.
   */
  hookOf(payload: string): HookCall | undefined;
  /** The id of the tool call behind an MCP request, from what the agent says in its `_meta`; undefined where that names none. */
  callIdOf(meta: JsonObject | undefined): string | undefined;
  /**
   * The conversation that made a tool call: the one whose transcript, or a subagent's, holds it near its end. Undefined where
   * none does (the agent writes it down a moment after it calls). Looks at the few that moved last; never throws.
   */
  conversationOfCall(place: AgentPlace, callId: string): Promise<ConversationId | undefined>;
  /**
   * Tokens that fit into a model's context, as the agent reckons in this environment; what it is not known of has the
   * smallest one that the agent works with.
   */
  contextWindowTokens(model: string, env: AgentPlace["env"]): number;
}

/** Takes a batch. If it returns `"stop"`, reading ends after it, and the position says how far it came. */
export type OnBatch = (batch: RecordBatch) => unknown;

export type AgentName = "claude";

export interface AgentPlace {
  /** Real path of the work tree (or folder) the agent ran in. */
  readonly workTreePath: string;
  /**
   * Whether a folder below is part of the same place, and not a work tree or a place of its own. Without it only
   * conversations that were begun at the top are found.
   */
  readonly owns?: (folder: string) => boolean;
  readonly env: { readonly [name: string]: string | undefined };
}

export interface TranscriptFile {
  readonly path: string;
  readonly conversation: ConversationId;
  /** `main`, or `agent-<id>` for a subagent's. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
}

export interface RecordBatch {
  readonly records: readonly JsonObject[];
  /** For each record the byte just after its line feed, so that a batch can be cut at any record; as long as `records`, ascending. */
  readonly ends: readonly number[];
  /** Bytes of this batch that gave nothing. */
  readonly losses: readonly Damage[];
  /** Instead of records: a piece of one that is longer than RECORD_BYTES_MAX. */
  readonly window?: RecordWindow;
  /** The file is another one than `position` was saved of, or was written anew: what it holds may be known already. */
  readonly restarts: boolean;
  readonly fromByte: number;
  readonly position: SourcePosition;
}

/**
 * A piece of a record too long to be read as JSON, as text. What stands around it is given for judging what stands on
 * its borders: a secret that is cut in two there looks like none.
 */
export interface RecordWindow {
  /** The record's own short fields, with its first window. */
  readonly header: JsonObject | undefined;
  /** At most RECORD_WINDOW_OVERLAP_BYTES. */
  readonly before: string;
  readonly text: string;
  /** At most RECORD_WINDOW_OVERLAP_BYTES. */
  readonly after: string;
}

export interface SourceRead {
  readonly position: SourcePosition | undefined;
  /** Why the file as a whole cannot be read now; losses inside of it are told with their batch. */
  readonly damage: readonly Damage[];
}

/** One thing said or done in a conversation. A record may hold several (one block of an answer and its usage). */
export type TranscriptItem = ItemHead &
  (
    | {
        readonly type: "prompt";
        readonly text: string;
        readonly promptId: string | undefined;
        /** Said while the agent worked, and handed to it in the middle of its turn. */
        readonly duringTurn: boolean;
      }
    /** The agent goes on without the person: a background task ended, a hook asked for more, a session was resumed. */
    | { readonly type: "wake" }
    /** Text of the agent, or, where `failed`, of the error that ended its turn. */
    | { readonly type: "answer"; readonly text: string; readonly failed: boolean }
    | { readonly type: "tool_call"; readonly callId: string; readonly tool: ToolCall }
    | { readonly type: "tool_result"; readonly callId: string; readonly result: ToolResult }
    | { readonly type: "usage"; readonly messageId: string; readonly model: string; readonly usage: Usage }
    | { readonly type: "interruption"; readonly duringTool: boolean }
    | { readonly type: "compaction"; readonly trigger: string }
    | { readonly type: "title"; readonly text: string; readonly byPerson: boolean }
    | { readonly type: "injected"; readonly text: string; readonly hookEvent: string }
  );

export interface ItemHead {
  /** The agent's own id of the record; equal in forked copies. Undefined for records without one. */
  readonly record: string | undefined;
  readonly parentRecord: string | undefined;
  readonly atMs: number | undefined;
  /** Set inside a subagent: what it says is not the conversation's own answer. */
  readonly subagent: string | undefined;
  readonly cwd: string | undefined;
  readonly gitBranch: string | undefined;
}

/** A tool call by what it does; `name` is the agent's own name for the tool. */
export type ToolCall =
  | { readonly kind: "read"; readonly name: string; readonly path: string }
  | { readonly kind: "write"; readonly name: string; readonly path: string; readonly newText: string }
  | {
      readonly kind: "edit";
      readonly name: string;
      readonly path: string;
      readonly oldText: string;
      readonly newText: string;
    }
  | { readonly kind: "shell"; readonly name: string; readonly command: string; readonly background: boolean }
  | {
      readonly kind: "todos";
      readonly name: string;
      readonly todos: readonly Todo[];
      /** These are all there are (TodoWrite), not changes to some of them (TaskCreate, TaskUpdate). */
      readonly whole: boolean;
    }
  | { readonly kind: "plan"; readonly name: string; readonly plan: string }
  | { readonly kind: "question"; readonly name: string; readonly questions: readonly string[] }
  | { readonly kind: "subagent"; readonly name: string; readonly task: string }
  | { readonly kind: "other"; readonly name: string };

export interface Todo {
  /** The agent's id of it, where it has one; a TaskUpdate names only this. */
  readonly id: string | undefined;
  readonly text: string | undefined;
  /** Undefined where the change leaves it as it was. */
  readonly status: "pending" | "in_progress" | "completed" | "deleted" | undefined;
}

export interface ToolResult {
  readonly ok: boolean;
  /** What the model was told: its beginning and its end, TOOL_RESULT_CHARS_MAX characters in all. */
  readonly text: string;
  readonly exitCode: number | undefined;
  /** The person said no. `reason` is what they typed, if anything. */
  readonly rejected: { readonly reason: string | undefined } | undefined;
  /** A write that made a new file (true) or replaced one (false). */
  readonly created: boolean | undefined;
  /** The person's answers, one for each question of the call; "" where there is none. */
  readonly answers: readonly string[];
  /** Id of a todo that the call made. */
  readonly todoId: string | undefined;
  /** The lines that an edit put in and took out, where the agent says so. */
  readonly patch?: Patch;
}

/** Lines of a file without their endings. */
export interface Patch {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Tokens of one model reply. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

/** A hook's call: who, where, and the one thing the event tells. */
export interface HookCall {
  readonly event: HookEvent;
  readonly conversation: ConversationId;
  readonly transcriptPath: string | undefined;
  readonly cwd: string | undefined;
  readonly promptId: string | undefined;
  /** The person's prompt (UserPromptSubmit); undefined if the agent made it up (`<task-notification>`). May be cut off. */
  readonly prompt: string | undefined;
  /** The agent's last text (Stop, StopFailure). */
  readonly answer: string | undefined;
  /** Why SessionStart fired, why SessionEnd fired, what triggered PreCompact. */
  readonly reason: string | undefined;
  readonly subagent: string | undefined;
  /** How long ago the conversation that is resumed or forked was last answered (SessionStart), to the second. */
  readonly sinceAnswerMs: number | undefined;
}

export type HookEvent =
  | "SessionStart"
  | "UserPromptSubmit"
  | "Stop"
  | "StopFailure"
  | "SubagentStop"
  | "SessionEnd"
  | "PreCompact";

/** How leftoff is put into an agent's settings and taken out again. Apart from {@link Agent}: hooks never need it. Text in, text out. */
export interface AgentSetup {
  /** Other agents, for which there is the MCP server only. */
  readonly mcpClients: readonly McpClient[];
  /** The settings file of a scope, in a work tree. */
  settingsPath(scope: SettingsScope, place: AgentPlace): string;
  /**
   * The settings with our hooks and permission rules; everything else keeps its bytes. Doing it twice changes nothing,
   * and older forms of ours are replaced.
   *
   * @throws AppError `settings_unreadable` with line and column; the file is not touched then.
   */
  install(
    text: string | undefined,
    input: { readonly scope: SettingsScope; readonly binFolder: string },
  ): SettingsEdit;
  /** The person's settings with our status line around theirs. @throws AppError `settings_unreadable` */
  addStatusline(text: string | undefined, binFolder: string): SettingsEdit;
  /** The settings without anything of ours: the bytes from before, where nobody else changed them. Blank where nothing is left. */
  uninstall(text: string): SettingsEdit;
  /** What the agent makes of our plugin when it asks its model the first time. */
  pluginText(listing: McpListing): PluginText;
  /** What of ours stands in a settings file, and what there keeps hooks from running. Never throws. */
  inspect(
    text: string,
    input: { readonly scope: SettingsScope; readonly binFolder: string },
  ): SettingsFindings;
  /** Where our plugin is installed, by the agent's own records, which `read` gives the text of (undefined: not there). Never throws. */
  plugins(place: AgentPlace, read: (path: string) => string | undefined): readonly PluginRecord[];
}

/** One installation of our plugin: an agent may have it for its person, and for a project besides. */
export interface PluginRecord {
  /** As the agent's own commands name it: `leftoff@leftoff`. */
  readonly name: string;
  readonly marketplace: string;
  readonly scope: PluginScope;
  /** The project that it is installed for; undefined where it is for all. */
  readonly project: string | undefined;
  /** It counts for the work tree that was asked about. */
  readonly isHere: boolean;
  /** The agent's settings there switch it on. */
  readonly isEnabled: boolean;
  /** Where it runs. */
  readonly folder: string;
  /** Of what lies there; undefined where no plugin does. */
  readonly version: string | undefined;
}

export type PluginScope = SettingsScope | "managed";

/** An agent that leftoff's MCP server can be registered with; nothing of its conversations is read. Text in, text out. */
export interface McpClient {
  readonly name: McpClientName;
  /** The file in a work tree that the agent reads its instructions from. */
  readonly instructionsFile: string;
  /** The person's own settings file. */
  configPath(place: Pick<AgentPlace, "env">): string;
  /**
   * The settings ("" for none) with our server, whose program is `command`; everything else keeps its bytes.
   *
   * @throws AppError `settings_unreadable`; the file is not touched then.
   */
  add(text: string, command: string): string;
  /** The settings without our server. @throws AppError `settings_unreadable` */
  remove(text: string): string;
}

/** What leftoff's MCP server says of itself to every client. */
export interface McpListing {
  readonly instructions: string;
  readonly tools: readonly {
    readonly name: string;
    readonly description: string;
    readonly inputSchema: object;
    /** Shown to the model from the start, also by a client that lets it look for tools. */
    readonly alwaysLoad: boolean;
  }[];
}

/** What the plugin puts into the first request of each conversation besides the brief, as text of that request. */
export interface PluginText {
  readonly instructions: string;
  readonly skill: string;
  /** Definitions of the tools that are always there, and of the others. */
  readonly tools: string;
  readonly otherTools: string;
  /** What stands for the others where the model looks for tools: their names. */
  readonly otherNames: string;
  /** What stands before a brief. */
  readonly briefHead: string;
}

export type McpClientName = "codex" | "gemini" | "opencode";

export type SettingsFindings =
  | {
      readonly kind: "unreadable";
      readonly line: number;
      readonly column: number;
      readonly what: string;
    }
  | {
      readonly kind: "readable";
      /** Hooks of ours, of this version or another. */
      readonly hooks: number;
      /** Just what `install` writes: each hook once, no other of ours, every permission rule. */
      readonly isComplete: boolean;
      /** The file switches every hook off. */
      readonly hooksOff: boolean;
      readonly misnamed: readonly MisnamedHook[];
    };

/** A key that looks like an event of the agent and is none. */
export interface MisnamedHook {
  readonly name: string;
  readonly meant: string;
  readonly line: number;
  readonly column: number;
}

export type SettingsScope = "local" | "project" | "user";

export interface SettingsEdit {
  readonly text: string;
  readonly changed: boolean;
  /** What a person should know: hooks that are switched off, a file that others share. */
  readonly warnings: readonly string[];
}
