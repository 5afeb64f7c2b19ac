import { dirname, join } from "node:path";
import type { App } from "./app.ts";
import type { Here } from "./here.ts";
import { contextFolderOf } from "./shelf.ts";

/** Where the context page of a work tree lies: `.claude/context.md`, or beside the documents below LEFTOFF_HOME. */
export function contextPagePath(app: App, here: Here): string {
  return join(dirname(contextFolderOf(app, here)), "context.md");
}
