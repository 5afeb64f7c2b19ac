import { stringField } from "../../base/parse.ts";
import type { Agent } from "../agent.ts";
import { hookOf } from "./hook.ts";
import { findCall, findSubagentTranscripts, findTranscripts, readEnd, readTranscript } from "./source.ts";
import { itemsOf, originOf } from "./transcript.ts";
import { contextWindowTokens } from "./window.ts";

/** Claude Code, 2.1.197 and later (docs/formats/hooks.md). */
export const claude: Agent = {
  name: "claude",
  transcripts: async (place, wanted) => findTranscripts(place, wanted),
  subagentTranscripts: async (main) => findSubagentTranscripts(main),
  read: async (file, position, onBatch) => readTranscript(file, position, onBatch),
  readEnd,
  itemsOf,
  originOf,
  hookOf,
  // Claude Code 2.1.197 and 2.1.329 put it into every `tools/call`.
  callIdOf: (meta) => stringField(meta, "claudecode/toolUseId"),
  conversationOfCall: async (place, callId) => findCall(place, callId),
  contextWindowTokens,
};
