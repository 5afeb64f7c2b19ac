import type { BriefMaterial, BriefTurn } from "./brief.ts";
import { type Candidate, keyOf } from "./candidate.ts";
import { cutToTokens } from "./cut.ts";
import { plainLine } from "./plain.ts";
import { dayOf, momentOf } from "./when.ts";

const HOUR_MS = 60 * 60 * 1000;

/** Layers by age: how much of a turn is told. What is older than all of them is one line for its whole conversation. */
interface Layer {
  readonly name: string;
  readonly ageMaxMs: number;
  readonly promptTokens: number;
  readonly answerTokens: number;
  readonly files: number;
}
const LAST: Layer = { name: "last turn", ageMaxMs: 0, promptTokens: 70, answerTokens: 110, files: 6 };
export const LAYERS: readonly Layer[] = [
  { name: "turn of the last hour", ageMaxMs: HOUR_MS, promptTokens: 60, answerTokens: 90, files: 6 },
  { name: "turn of the last 4 hours", ageMaxMs: 4 * HOUR_MS, promptTokens: 40, answerTokens: 40, files: 3 },
  { name: "turn of the last day", ageMaxMs: 24 * HOUR_MS, promptTokens: 30, answerTokens: 0, files: 0 },
];

/** The last turn, and the ones before it, newest first. */
export function turnLines({ turns, nowMs }: BriefMaterial): readonly Candidate[] {
  const newestFirst = [...turns].sort((a, b) => b.atMs - a.atMs);
  const [last, ...before] = newestFirst;
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

function layerOf({ atMs }: BriefTurn, nowMs: number): Layer | undefined {
  return LAYERS.find(({ ageMaxMs }) => nowMs - atMs < ageMaxMs);
}

function turnLine(turn: BriefTurn, layer: Layer, nowMs: number): Candidate {
  const source = `conversation ${turn.conversation}`;
  const prompt = cutToTokens(plainLine(turn.prompt), layer.promptTokens);
  const answer = cutToTokens(plainLine(turn.answer ?? ""), layer.answerTokens);
  const parts = [
    `${momentOf(turn.atMs, nowMs)}: the person said "${prompt}"`,
    outcomeOf(turn, answer),
    filesOf(turn, layer.files),
  ].filter((part) => part !== "");
  const text = parts.join("; ");
  return {
    section: "earlier",
    key: keyOf("turn", source, [String(turn.atMs), turn.prompt, turn.answer, turn.outcome]),
    kind: "turn",
    source,
    why: layer.name,
    proposal: false,
    text,
    line: `${text} [${citeOf(turn.conversation)}]`,
  };
}

function outcomeOf({ outcome }: BriefTurn, answer: string): string {
  const said = answer === "" ? "" : `the agent answered "${answer}"`;
  if (outcome === "interrupted") return "the person interrupted it";
  if (outcome === "failed")
    return answer === "" ? "it ended with an error" : `it ended with an error: "${answer}"`;
  if (outcome === "open") return "no answer was recorded: it was cut off or is still running";
  return said;
}

function filesOf({ files }: BriefTurn, max: number): string {
  if (files.length === 0 || max === 0) return "";
  const named = files.slice(0, max).map((path) => cutToTokens(plainLine(path), 20));
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
  return [...conversations.values()].map((own) => archivedLine(own, nowMs));
}

function archivedLine(own: readonly BriefTurn[], nowMs: number): Candidate {
  const conversation = own[0]?.conversation ?? "";
  const first = own.at(-1);
  const source = `conversation ${conversation}`;
  const prompt = cutToTokens(plainLine(first?.prompt ?? ""), 25);
  const text = `${dayOf(first?.atMs ?? nowMs, nowMs)}: ${own.length} ${own.length === 1 ? "turn" : "turns"}, from "${prompt}"`;
  return {
    section: "earlier",
    key: keyOf(
      "conversation",
      source,
      own.map(({ atMs, prompt }) => `${atMs} ${prompt}`),
    ),
    kind: "conversation",
    source,
    why: "older conversation of this work, in one line",
    proposal: false,
    text,
    line: `${text} [${citeOf(conversation)}]`,
  };
}

function citeOf(conversation: string): string {
  return `conversation ${plainLine(conversation).slice(0, 8)}`;
}
