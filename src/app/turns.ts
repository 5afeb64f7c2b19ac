import type { HookCall } from "../agent/agent.ts";
import type { Turn } from "../distill/facts.ts";
import type { Session } from "../session/session.ts";
import type { ConversationState } from "./conversation.ts";

/** Enough to tell two answers apart; what distilling keeps of a text is longer. */
const COMPARED_CHARS = 500;

type KeptMessage = Session["kept"][number];

/**
 * The turns of a conversation, oldest first: what its transcript says, and what hooks told us that the transcript never
 * got (or has not got yet: `waiting` are calls that nobody has worked through). Such a message steps back as soon as the
 * transcript has it.
 */
export function turnsOf(
  session: Session,
  { conversation, facts, phaseAtMs }: ConversationState,
  waiting: readonly HookCall[] = [],
): readonly Turn[] {
  const kept = session.kept.filter((message) => message.conversation === conversation);
  return [...kept, ...waiting.flatMap((call) => toldBy(call, phaseAtMs))].reduce(withMessage, facts.turns);
}

function withMessage(turns: readonly Turn[], kept: KeptMessage): readonly Turn[] {
  const at = turns.findIndex(({ promptId }) => promptId !== undefined && promptId === kept.promptId);
  if (kept.role === "agent")
    return withAnswer(turns, at >= 0 ? at : turns.length - 1, { kept, isNamed: at >= 0 });
  return at >= 0 || holds(turns, kept.text) ? turns : [...turns, keptTurn(kept)];
}

function toldBy(
  { event, conversation, prompt, answer, promptId }: HookCall,
  atMs: number,
): readonly KeptMessage[] {
  const isPrompt = event === "UserPromptSubmit";
  const text = isPrompt ? prompt : event === "Stop" || event === "StopFailure" ? answer : undefined;
  if (text === undefined) return [];
  const message = { conversation, role: isPrompt ? "person" : "agent", text, atMs } as const;
  return [promptId === undefined ? message : { ...message, promptId }];
}

/** True if a text is in another but for white space; a turn's answer may hold more than its last block, and either may be cut off. */
export function saysSame(whole: string, part: string): boolean {
  const [a, b] = [normalised(whole), normalised(part)];
  return (
    a.includes(b.slice(0, COMPARED_CHARS)) ||
    (a.length > COMPARED_CHARS / 2 && b.startsWith(a.replace(/…$/, "")))
  );
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

/** No hook tells an answer where a person broke off: a turn that looks so, and of which one was told by its name, lost it in the transcript. */
function withAnswer(
  turns: readonly Turn[],
  index: number,
  { kept, isNamed }: { readonly kept: KeptMessage; readonly isNamed: boolean },
): readonly Turn[] {
  const turn = turns[index];
  const lacksAnswer = turn?.outcome === "open" || (isNamed && turn?.outcome === "interrupted");
  if (turn === undefined || !lacksAnswer) return turns;
  return turns.with(index, { ...turn, answer: kept.text, outcome: "answered" });
}

function holds(turns: readonly Turn[], prompt: string): boolean {
  return turns.some((turn) => saysSame(turn.prompt, prompt));
}

function normalised(text: string): string {
  return text.slice(0, 4_000).replaceAll(/\s+/g, " ").trim();
}
