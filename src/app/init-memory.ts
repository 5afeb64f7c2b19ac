import { AppError } from "../base/error.ts";
import { makeFolder } from "../disk/folder.ts";
import type { App } from "./app.ts";
import { displayPath } from "./here.ts";
import { callingAuthor, callingPlace } from "./resolve-session.ts";
import { record } from "./session-log.ts";
import {
  leadsOut,
  memoryFolder,
  memoryPath,
  readMemoryFiles,
  taskOf,
  writeMemoryFile,
} from "./session-memory.ts";
import { sessionToWrite } from "./session-to-write.ts";
import { saveSummary } from "./summary.ts";

export interface InitMemoryInput {
  readonly session?: string | undefined;
  /** The name of the folder below `working/`; without one the session's slug, which the agent's shell has as TASK_ID. */
  readonly task?: string | undefined;
  readonly dated: boolean;
  readonly dryRun: boolean;
}

export interface MemoryMade {
  readonly slug: string;
  readonly task: string;
  /** Relative to the work tree. */
  readonly path: string;
}

/** One folder's name on any file system, and one that a shell can say in quotes. */
const TASK_CHARS_MAX = 128;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused.
const NO_TASK = /^\.|[/\\"`$\u0000-\u001f\u007f]/;

/**
 * Makes `working/<task>/` with the session's memory in it, and keeps that up to date from now on. What lies there already
 * is read and kept. Doing it twice changes nothing.
 *
 * @throws AppError `input_invalid`, `refused` where the folder leads out of the work tree, and those of the session and the disk.
 */
export async function initMemory(app: App, input: InitMemoryInput): Promise<MemoryMade> {
  const here = await callingPlace(app);
  const session = await sessionToWrite(app, here, input.session);
  const task = input.task ?? taskOf(session);
  refuseUnlessName(task);
  const memory = { task, dated: input.dated };
  const planned = { ...session, memory };
  const path = memoryPath(app, here, planned);
  if (leadsOut(here, path)) {
    throw new AppError(
      "refused",
      `${displayPath(here, path)} leads out of the work tree.`,
      "A link stands in its way: remove it, or choose another task name.",
    );
  }
  const made = { slug: session.slug, task, path: displayPath(here, path) };
  if (input.dryRun) return made;
  const isNew = session.memory?.task !== task || session.memory.dated !== input.dated;
  const initialised = isNew
    ? record(app, session, [{ body: { type: "memory.initialised", data: memory }, by: callingAuthor(app) }])
    : session;
  makeFolder(memoryFolder(here, task));
  const read = readMemoryFiles(app, here, initialised);
  const written = writeMemoryFile(app, here, read.session);
  saveSummary(app, written.session);
  const trouble = read.trouble ?? written.trouble;
  if (trouble === undefined) return made;
  throw new AppError("refused", trouble, "Put the file right, and run the command again.");
}

function refuseUnlessName(task: string): void {
  if (task !== "" && task.length <= TASK_CHARS_MAX && !NO_TASK.test(task)) return;
  throw new AppError(
    "input_invalid",
    `"${task}" can't be the name of a task.`,
    `It is the name of a folder: 1 to ${TASK_CHARS_MAX} characters, not beginning with a dot, without slashes, quotes and $.`,
  );
}
