import { basename, dirname, join } from "node:path";
import { isWorkTreeId } from "../base/id.ts";
import type { Session } from "../session/session.ts";
import { locateWorkTree } from "../workspace/locate.ts";
import { treeAtPath } from "../workspace/workspaces.ts";
import type { App } from "./app.ts";

/** What a session is called whose name is lost: its last digits tell it from others. */
const ID_CHARS = 8;

/**
 * A session whose `session.started` could not be read: the rest of its journal is whole, so it gets back what can be
 * found elsewhere. Its document was named after it, in the work tree or below the work tree's id.
 */
export function recoveredSession(app: App, session: Session): Session {
  const slug = session.document === undefined ? undefined : basename(session.document.path, ".tmp");
  return {
    ...session,
    slug: slug ?? `recovered-${session.id.slice(-ID_CHARS)}`,
    title: session.title === "" ? (slug ?? "Recovered session") : session.title,
    workTree: session.workTree === "" ? workTreeOf(app, session) : session.workTree,
  };
}

function workTreeOf(app: App, { document }: Session): string {
  if (document === undefined) return "";
  const folder = dirname(document.path);
  const below = basename(folder);
  if (dirname(folder) === join(app.home, "documents") && isWorkTreeId(below)) return below;
  return treeAtPath(app.workspaces.read().trees, locateWorkTree(folder).root)?.id ?? "";
}
