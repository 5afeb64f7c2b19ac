import { counted } from "../base/count.ts";
import { LAYER_DETAILED_MS, LAYER_FULL_MS } from "../base/limits.ts";
import type { BriefMaterial, BriefTurn } from "./brief.ts";
import { type Candidate, keyOf } from "./candidate.ts";
import { cutToTokens } from "./cut.ts";
import { plainLine } from "./plain.ts";
import { dayOf, momentOf } from "./when.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** How much of a turn is told. */
interface Layer {
  readonly why: string;
  readonly promptTokens: number;
  readonly answerTokens: number;
  readonly files: number;
}
/** Turns younger than an age are told in its layer; what is older than all is one line for its whole conversation. */
export const LAYERS: readonly (Layer & { readonly ageMaxMs: number })[] = [
  {
    ageMaxMs: LAYER_FULL_MS,
    why: "turn of the last hour, in full",
    promptTokens: 60,
    answerTokens: 90,
    files: 6,
  },
  {
    ageMaxMs: LAYER_DETAILED_MS,
    why: "turn of the last 4 hours",
    promptTokens: 40,
    answerTokens: 40,
    files: 3,
  },
  {
    ageMaxMs: DAY_MS,
    why: "turn of the last day, in brief",
    promptTokens: 30,
    answerTokens: 0,
    files: 0,
  },
];
/** Where we left off is told in full, however long ago it was. */
const LAST: Layer = { why: "last turn of the work", promptTokens: 70, answerTokens: 110, files: 6 };
const ARCHIVED_PROMPT_TOKENS = 25;
const PATH_TOKENS_MAX = 25;

/** Turns whose key is not `known`: the last one, and those before it in layers by age, newest first. */
export function turnLines({ turns, nowMs }: BriefMaterial, known: ReadonlySet<string>): readonly Candidate[] {
  const [last, ...before] = unknownOf(newestFirst(turns), known);
  if (last === undefined) return [];
  const layered = before.map((turn) => ({ turn, layer: layerOf(turn, nowMs) }));
  const told = layered.flatMap(({ turn, layer }) =>
    layer === undefined ? [] : [turnLine(turn, layer, nowMs)],
  );
  const archived = layered.flatMap(({ turn, layer }) => (layer === undefined ? [turn] : []));
  return [
    { ...turnLine(last, LAST, nowMs), section: "left-off" },
    ...told,
    ...archivedLines(archived, nowMs),
  ];
}

export function newestFirst(turns: readonly BriefTurn[]): readonly BriefTurn[] {
  // Of turns of one time, the one given last is the latest.
  return turns.toReversed().sort((a, b) => b.atMs - a.atMs);
}

/** A turn is known by itself, or by a line that told of its conversation up to it or to a later turn. */
function unknownOf(turns: readonly BriefTurn[], known: ReadonlySet<string>): readonly BriefTurn[] {
  if (known.size === 0) return turns;
  const told = new Set<string>();
  return turns.filter((turn) => {
    if (known.has(keyOfArchived(turn))) told.add(turn.conversation);
    return !told.has(turn.conversation) && !known.has(keyOfTurn(turn));
  });
}

function layerOf({ atMs }: BriefTurn, nowMs: number): Layer | undefined {
  return LAYERS.find(({ ageMaxMs }) => nowMs - atMs < ageMaxMs);
}

/** Not of its layer: a turn says the same when it is older. */
function keyOfTurn({ conversation, atMs, prompt, answer, outcome }: BriefTurn): string {
  return keyOf("turn", `conversation ${conversation}`, [String(atMs), prompt, answer, outcome]);
}

/** Of the line for a conversation up to this turn. */
function keyOfArchived(newest: BriefTurn): string {
  return keyOf("conversation", `conversation ${newest.conversation}`, [keyOfTurn(newest)]);
}

function turnLine(turn: BriefTurn, layer: Layer, nowMs: number): Candidate {
  const prompt = cutToTokens(plainLine(turn.prompt), layer.promptTokens);
  const answer = cutToTokens(plainLine(turn.answer ?? ""), layer.answerTokens);
  const parts = [
    `${momentOf(turn.atMs, nowMs)}: the person said "${prompt}"`,
    outcomeOf(turn, answer),
    filesOf(turn, layer.files),
  ];
  const text = parts.filter((part) => part !== "").join("; ");
  return {
    section: "earlier",
    key: keyOfTurn(turn),
    kind: "turn",
    source: `conversation ${turn.conversation}`,
    why: layer.why,
    proposal: false,
    text,
    line: `${text} [${citeOf(turn.conversation)}]`,
  };
}

function outcomeOf({ outcome }: BriefTurn, answer: string): string {
  switch (outcome) {
    case "answered":
      return answer === "" ? "" : `the agent answered "${answer}"`;
    case "interrupted":
      return "it was interrupted before it was done";
    case "failed":
      return answer === "" ? "it ended with an error" : `it ended with an error: "${answer}"`;
    case "open":
      return "no answer was recorded (cut off, or still running)";
  }
}

function filesOf({ files }: BriefTurn, max: number): string {
  if (files.length === 0 || max === 0) return "";
  const named = files.slice(0, max).map((path) => cutToTokens(plainLine(path), PATH_TOKENS_MAX));
  const more = files.length - named.length;
  return `changed ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** A conversation of long ago in one line: when, how much, and what it set out to do. */
function archivedLines(turns: readonly BriefTurn[], nowMs: number): readonly Candidate[] {
  const conversations = new Map<string, BriefTurn[]>();
  for (const turn of turns) {
    const own = conversations.get(turn.conversation);
    if (own === undefined) conversations.set(turn.conversation, [turn]);
    else own.push(turn);
  }
  return [...conversations.values()].flatMap((own) => archivedLine(own, nowMs));
}

/** Of one conversation's turns, newest first. */
function archivedLine(own: readonly BriefTurn[], nowMs: number): readonly Candidate[] {
  const newest = own[0];
  const oldest = own.at(-1);
  if (newest === undefined || oldest === undefined) return [];
  const prompt = cutToTokens(plainLine(oldest.prompt), ARCHIVED_PROMPT_TOKENS);
  const count = counted(own.length, "turn");
  const text = `${dayOf(oldest.atMs, nowMs)}: ${count}, from "${prompt}" on`;
  return [
    {
      section: "earlier",
      key: keyOfArchived(newest),
      kind: "conversation",
      source: `conversation ${newest.conversation}`,
      why: "older turns of a conversation, in one line",
      proposal: false,
      text,
      line: `${text} [${citeOf(newest.conversation)}]`,
    },
  ];
}

function citeOf(conversation: string): string {
  return `conversation ${plainLine(conversation.slice(0, 8))}`;
}
