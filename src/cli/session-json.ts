import type { SessionSummary } from "../app/summary.ts";

/** A session as every JSON answer shows it. */
export function sessionJson(session: SessionSummary) {
  const { id, slug, title, status, phase, workspace, gitBranches, createdAtMs, updatedAtMs, document } =
    session;
  const gitBranch = gitBranches.at(-1) ?? null;
  return {
    id,
    slug,
    title,
    status,
    phase,
    workspace,
    gitBranch,
    createdAtMs,
    updatedAtMs,
    document: document ?? null,
  };
}
