import type { Block, Reply } from "../../test/e2e/model-server.ts";

/** One conversation as it shall be held: what the person types and what the model answers. Tools run for real. */
export interface Day {
  /** What a title call is answered. */
  readonly title: string;
  /** When it shall seem to have begun, and for how long. */
  readonly startsAt: string;
  readonly lastsMinutes: number;
  readonly turns: readonly ScriptedTurn[];
}

export interface ScriptedTurn {
  readonly prompt: string;
  readonly replies: readonly Reply[];
  /** The person presses Escape as soon as the screen shows these words; else the turn goes to its end. */
  readonly interruptAt?: string;
}

/**
 * A reply that takes as long as a quick model's. At once would be too soon: the client then writes the answer to its
 * transcript before the prompt, which no person's transcript shows.
 */
export function reply(...blocks: readonly Block[]): Reply {
  return { kind: "message", blocks, pace: { firstMs: 600, pieceMs: 0 } };
}

export function text(words: string): Block {
  return { type: "text", text: words };
}

export function thinking(words: string): Block {
  return { type: "thinking", thinking: words };
}

export function shell(command: string, description: string): Block {
  return { type: "tool_use", name: "Bash", input: { command, description } };
}

export function task(subject: string, description: string): Block {
  return { type: "tool_use", name: "TaskCreate", input: { subject, description } };
}

export function taskIs(taskId: string, status: "in_progress" | "completed"): Block {
  return { type: "tool_use", name: "TaskUpdate", input: { taskId, status } };
}

/** The tools that touch files; names are relative to the project. */
export interface Files {
  read(name: string): Block;
  write(name: string, content: string): Block;
  edit(name: string, before: string, after: string): Block;
}

export function filesOf(root: string): Files {
  const path = (name: string) => `${root}/${name}`;
  return {
    read: (name) => ({ type: "tool_use", name: "Read", input: { file_path: path(name) } }),
    write: (name, content) => ({
      type: "tool_use",
      name: "Write",
      input: { file_path: path(name), content },
    }),
    edit: (name, before, after) => ({
      type: "tool_use",
      name: "Edit",
      input: { file_path: path(name), old_string: before, new_string: after },
    }),
  };
}
