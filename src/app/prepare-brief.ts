import { dirname, join } from "node:path";
import type { WorkTreeId } from "../base/id.ts";
import { BRIEF_CHARS_MAX, BRIEF_TOKENS_MAX } from "../base/limits.ts";
import type { Brief } from "../recall/brief.ts";
import { headline } from "../recall/headline.ts";
import { packBrief } from "../recall/pack.ts";
import { validUntilMs } from "../recall/valid-until.ts";
import type { Session } from "../session/session.ts";
import { headPaths } from "../workspace/head.ts";
import type { App } from "./app.ts";
import { type BriefMoment, briefMaterial } from "./brief-material.ts";
import { refreshedSources, sourcePaths } from "./brief-sources.ts";
import { switchPaths } from "./capture-switch.ts";
import { agentPlace, type Here } from "./here.ts";
import { initScript } from "./note-tool.ts";
import { marksOf, savePrintedBrief } from "./printed-brief.ts";
import { workTreesOf } from "./project-notes.ts";
import { currentSession } from "./resolve-session.ts";
import { memorySources } from "./session-memory.ts";
import { markOf } from "./stale.ts";
import { conversationsIn, summariesPath } from "./summary.ts";
import { documentPath } from "./sync-document.ts";

const BRIEF_LIMITS = { tokensMax: BRIEF_TOKENS_MAX, charsMax: BRIEF_CHARS_MAX };

/** What a conversation that starts now would be told, and what its person would see. */
export interface MadeBrief {
  readonly brief: Brief;
  readonly headline: string | undefined;
  readonly validUntilMs: number;
}

/** The brief of a session as it is now. */
export async function makeBrief(
  app: App,
  here: Here,
  session: Session,
  moment: BriefMoment = {},
): Promise<MadeBrief> {
  const material = await briefMaterial(app, here, session, moment);
  return {
    brief: packBrief(material, BRIEF_LIMITS),
    headline: headline(material),
    validUntilMs: validUntilMs(material),
  };
}

/** What a conversation that got this brief knows of: what it only counted is no news later, either. */
export function toldKeys(brief: Brief): readonly string[] {
  return [...brief.items.map(({ key }) => key), ...brief.omittedKeys];
}

/** Makes the brief of this place and keeps it to be printed when the next conversation starts; nothing where no session is. */
export async function prepareBrief(app: App, here: Here): Promise<void> {
  const session = currentSession(app, here);
  if (session === undefined) return;
  const madeAtMs = app.clock.nowMs();
  const sources = await sourcesOf(app, here, session);
  // A printed brief names its sources; where one of their names holds a secret, the brief is made when it is asked for.
  if (sources.some((path) => app.redactor.text(path) !== path)) return;
  const marks = marksOf(sources);
  const moment = { sources: await refreshedSources(app, here, session) };
  const { brief, headline: line, validUntilMs: until } = await makeBrief(app, here, session, moment);
  savePrintedBrief(app.home, {
    version: 1,
    root: here.root,
    text: brief.text,
    line,
    keys: toldKeys(brief),
    marks,
    madeAtMs,
    validUntilMs: until,
  });
}

/**
 * Every file and folder whose change can change the brief: the session's journal and document, what is known of the work
 * tree and its sessions, where HEAD stands, the transcripts and the folder that a new one would appear in, the files that
 * drift is told from, the switches, and whether `init` was run.
 */
async function sourcesOf(app: App, here: Here, session: Session): Promise<readonly string[]> {
  const workTree = session.workTree as WorkTreeId;
  const transcripts = await transcriptsOf(app, here, session);
  const drifting = Object.keys(markOf(app, session)?.files ?? {}).map((path) => join(here.root, path));
  return [
    ...app.store.journal.paths(session.id),
    documentPath(app, here, session),
    ...memorySources(here, session),
    ...new Set([workTree, ...workTreesOf(app, here)].map((tree) => summariesPath(app, tree))),
    join(app.home, "workspaces.jsonl"),
    initScript(app),
    ...headPaths(here.location),
    ...sourcePaths(app, here, session),
    ...transcripts,
    ...new Set(transcripts.map((path) => dirname(path))),
    ...drifting,
    ...switchPaths(app, workTree, session.id),
  ];
}

/** Where the transcripts of a session lie. State that was made again from the archive does not know: then the agent is asked. */
async function transcriptsOf(app: App, here: Here, session: Session): Promise<readonly string[]> {
  const own = conversationsIn(app, session);
  const known = own.map(({ transcriptPath }) => transcriptPath).filter((path) => path !== undefined);
  if (known.length === own.length) return known;
  const lost = new Set(
    own.filter((state) => state.transcriptPath === undefined).map((state) => state.conversation),
  );
  const place = agentPlace(app, here);
  const found = await app.agent.transcripts(place, ({ conversation }) => lost.has(conversation));
  return [...known, ...found.map(({ path }) => path)];
}
