import { type LintFinding, type LintMaterial, lintSession } from "../document/lint.ts";
import { readDocument } from "../document/read.ts";
import type { EventBody } from "../session/event.ts";
import type { Session } from "../session/session.ts";
import type { App } from "./app.ts";
import { refresh } from "./refresh.ts";
import { callingAuthor, callingPlace, resolveSession } from "./resolve-session.ts";
import { record } from "./session-log.ts";
import { showDocument } from "./show-document.ts";
import { conversationsIn } from "./summary.ts";
import { readEdits } from "./sync-files.ts";

export interface Linted {
  readonly session: Session;
  readonly findings: readonly LintFinding[];
  /** What `fix` did, in words. */
  readonly fixed: readonly string[];
}

/**
 * Looks a session over for what would leave the next one guessing; with `fix`, does what is safe about it.
 *
 * @throws AppError as {@link resolveSession}.
 */
export async function lintHere(
  app: App,
  input: { readonly session?: string | undefined; readonly fix: boolean },
): Promise<Linted> {
  const here = await callingPlace(app);
  const { session } = readEdits(app, here, resolveSession(app, here, input.session).id);
  const findings = lintSession(await materialOf(app, session));
  const safe = input.fix ? findings.filter(({ repair }) => repair !== undefined) : [];
  if (safe.length === 0) return { session, findings, fixed: [] };
  const by = callingAuthor(app);
  const after = record(
    app,
    session,
    safe.flatMap((finding) => repairs(finding).map((body) => ({ body, by }))),
  );
  const left = findings.filter((finding) => !safe.includes(finding));
  return { session: await refresh(app, here, after), findings: left, fixed: safe.map(wordsFor) };
}

function repairs({ note, repair }: LintFinding): readonly EventBody[] {
  if (note === undefined || repair === undefined) return [];
  return [{ type: "note.edited", data: { note, fields: { [repair.field]: repair.value } } }];
}

function wordsFor({ message, repair }: LintFinding): string {
  return `${message} It is ${repair?.value ?? "settled"} now.`;
}

async function materialOf(app: App, session: Session): Promise<LintMaterial> {
  const own = conversationsIn(app, session);
  // What stands in an older part is over: nobody shall mend it.
  const notes = [...session.notes.values()].filter(({ id }) => !session.putAway.has(id));
  const noted = notes.filter(({ by }) => by.kind !== "leftoff").map(({ changedAtMs }) => changedAtMs);
  const changed = own.flatMap(({ facts }) =>
    facts.files.filter(({ ops }) => ops.some((op) => op !== "read")).map(({ path }) => path),
  );
  return {
    notes,
    document: await documentOf(app, session),
    phase: session.phase,
    nowMs: app.clock.nowMs(),
    lastTurnAtMs: Math.max(0, ...own.map(({ facts }) => facts.lastAtMs ?? 0)),
    lastNotedAtMs: Math.max(0, ...noted),
    completedAtMs: session.phase === "complete" ? session.updatedAtMs : undefined,
    filesChanged: new Set(changed).size,
  };
}

/** A session that was never written, or whose document was put away, has none to look at. */
async function documentOf(app: App, session: Session): Promise<LintMaterial["document"]> {
  if (session.document === undefined || session.phase === "archived") return undefined;
  const { text } = await showDocument(app, { session: session.id });
  return text === "" ? undefined : { ...readDocument(text), lines: text.split("\n").length };
}
