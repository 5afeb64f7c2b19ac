import { checkpointMemory } from "../app/checkpoint-memory.ts";
import { CheckpointInput, MemoryInput } from "../app/memory.input.ts";
import { showMemory } from "../app/show-memory.ts";
import { parseInput } from "../base/parse.ts";
import { renderMemory } from "../memory/render.ts";
import { whereToStart } from "../session/progress.ts";
import { tool } from "./tool.ts";

/** Everything of a checkpoint in one call, in the words of session memory files; parts of their own are taken, too. */
export const memoryTool = tool({
  name: "memory",
  description:
    "Checkpoint work in many units, a line each: COMPLETED: files 1-150 of 500, IN_PROGRESS:, PENDING:, NEXT:. Without note: where to start.",
  input: MemoryInput,
  listedAs: {
    action: undefined,
    session: undefined,
    completed: undefined,
    in_progress: undefined,
    pending: undefined,
    decision: undefined,
    why: undefined,
    discovery: undefined,
    next: undefined,
  },
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  run: async (app, { action, ...input }) => {
    const { session: _session, ...parts } = input;
    const isEmpty = Object.values(parts).every((part) => part === undefined);
    if (action === "show" || (action === undefined && isEmpty)) {
      const { memory } = await showMemory(app, { session: input.session });
      return { text: renderMemory(memory).trimEnd(), rest: "`search_notes` finds notes by words" };
    }
    const { slug, notes, counted } = await checkpointMemory(app, parseInput(CheckpointInput, input));
    const noted = notes.map(({ note, kind }) => `${kind} ${note.slice(-6)}`).join(", ");
    const starts = counted.flatMap((work) => whereToStart(work) ?? []);
    return { text: [`Noted in ${slug}: ${noted}.`, ...starts].join("\n") };
  },
});
