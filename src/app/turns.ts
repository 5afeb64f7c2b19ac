import type { Turn } from "../distill/facts.ts";
import type { Session } from "../session/session.ts";
import type { ConversationState } from "./conversation.ts";

/**
 * The turns of a conversation, oldest first: what its transcript says, and what hooks told us that the transcript never
 * got. A kept message steps back as soon as the transcript has it.
 */
export function turnsOf(session: Session, { conversation, facts }: ConversationState): readonly Turn[] {
  let turns = facts.turns;
  for (const kept of session.kept) {
    if (kept.conversation !== conversation) continue;
    const at = turns.findIndex(({ promptId }) => promptId !== undefined && promptId === kept.promptId);
    if (kept.role === "person") turns = at >= 0 || holds(turns, kept.text) ? turns : [...turns, keptTurn(kept)];
    else turns = withAnswer(turns, at >= 0 ? at : turns.length - 1, kept.text);
  }
  return turns;
}

/** True if two texts are the same but for white space; one of them may be cut off. */
export function sameText(a: string, b: string): boolean {
  const [short, long] = [normalised(a), normalised(b)].sort((x, y) => x.length - y.length) as [string, string];
  return short === "" ? long === "" : long.startsWith(short.replace(/…$/, ""));
}

function keptTurn(kept: Session["kept"][number]): Turn {
  return {
    promptRecord: undefined,
    promptId: kept.promptId,
    prompt: kept.text,
    answer: undefined,
    startedAtMs: kept.atMs,
    endedAtMs: undefined,
    outcome: "open",
    files: [],
    commandsFailed: [],
  };
}

function withAnswer(turns: readonly Turn[], index: number, answer: string): readonly Turn[] {
  const turn = turns[index];
  if (turn === undefined || turn.outcome !== "open") return turns;
  return turns.with(index, { ...turn, answer, outcome: "answered" });
}

function holds(turns: readonly Turn[], prompt: string): boolean {
  return turns.some((turn) => sameText(turn.prompt, prompt));
}

function normalised(text: string): string {
  return text.slice(0, 4_000).replaceAll(/\s+/g, " ").trim();
}
