import type { ItemHead, TranscriptItem } from "../agent/agent.ts";
import { TURN_TEXT_CHARS_MAX, TURNS_KEPT_MAX } from "../base/limits.ts";
import { addCommand, addTurn, changeLastTurn, type Draft, did, lastTurn, withNewest } from "./draft.ts";
import type { Turn } from "./facts.ts";
import { stepsNow } from "./next.ts";
import { withoutOurWords } from "./own-words.ts";
import { ends } from "./prose.ts";
import { hear, takeStatements } from "./words.ts";

type Item<Type extends TranscriptItem["type"]> = Extract<TranscriptItem, { readonly type: Type }>;

/** The person spoke: a turn ends, the next begins. What was still running is cut short. */
export function takePrompt(draft: Draft, item: Item<"prompt">): void {
  const before = lastTurn(draft);
  if (item.duringTurn && before?.outcome === "open") {
    changeLastTurn(draft, { prompt: ends(`${before.prompt}\n${item.text}`, TURN_TEXT_CHARS_MAX) });
    hear(draft, item, before);
    return;
  }
  if (before?.outcome === "open") cutShort(draft, before.endedAtMs ?? draft.lastAtMs);
  draft.carry.steps = stepsNow(draft);
  noteRewind(draft, item);
  draft.carry.failed = [];
  draft.carry.intent = "";
  const corrects = hear(draft, item, lastTurn(draft));
  addTurn(draft, {
    promptRecord: item.record,
    promptId: item.promptId,
    prompt: ends(item.text, TURN_TEXT_CHARS_MAX),
    answer: undefined,
    startedAtMs: item.atMs,
    endedAtMs: undefined,
    outcome: "open",
    files: [],
    commandsFailed: [],
    ...(corrects ? { corrects: true } : {}),
  });
  did(draft, item.atMs, { prompts: 1 });
  draft.carry.answerBefore = undefined;
  draft.carry.answerRecord = undefined;
  draft.carry.cutAnswer = undefined;
  draft.carry.subjects = [];
}

/**
 * A prompt that follows the same record as an earlier one was typed after going back to it: that turn and those after it
 * are no longer part of the conversation. Source: Claude Code's /rewind, which deletes nothing and tells nobody.
 */
function noteRewind(draft: Draft, { record, parentRecord }: ItemHead): void {
  const { prompts } = draft.carry;
  if (record === undefined || parentRecord === undefined) return;
  const sibling = prompts.find(({ parent }) => parent === parentRecord);
  if (sibling !== undefined) {
    const at = draft.turns.findIndex(({ promptRecord }) => promptRecord === sibling.record);
    if (at !== -1)
      draft.turns = draft.turns.map((turn, index) => (index < at ? turn : { ...turn, rewound: true }));
  }
  draft.carry.prompts = withNewest(prompts, { record, parent: parentRecord }, TURNS_KEPT_MAX);
}

/** The agent spoke. Its last words before the next prompt or the next call are the turn's answer. */
export function takeAnswer(draft: Draft, item: Item<"answer">): void {
  const turn = lastTurn(draft);
  if (item.failed) {
    if (turn !== undefined)
      endTurn(draft, { outcome: "failed", answer: ends(item.text, TURN_TEXT_CHARS_MAX), atMs: item.atMs });
    return;
  }
  takeStatements(draft, { ...item, text: withoutOurWords(item.text) });
  if (turn === undefined) return;
  const said = turn.outcome === "answered" ? joined(turn.answer ?? "", item.text) : item.text;
  endTurn(draft, { outcome: "answered", answer: ends(said, TURN_TEXT_CHARS_MAX), atMs: item.atMs });
  draft.carry.answerRecord = item.record;
}

/** Words said again (after a hook asked for more, say) are not told twice. */
function joined(before: string, text: string): string {
  return before === "" || before === text || before.endsWith(`\n\n${text}`)
    ? before || text
    : `${before}\n\n${text}`;
}

function endTurn(
  draft: Draft,
  {
    outcome,
    answer,
    atMs,
  }: {
    readonly outcome: Turn["outcome"];
    readonly answer: string | undefined;
    readonly atMs: number | undefined;
  },
): void {
  changeLastTurn(draft, { outcome, answer, endedAtMs: atMs ?? draft.lastAtMs });
}

/** The agent called a tool: what it said before was not its last word, but for what it had answered before it went on by itself. */
export function reopenTurn(draft: Draft): void {
  const turn = lastTurn(draft);
  if (turn === undefined || turn.outcome === "open") return;
  changeLastTurn(draft, { outcome: "open", answer: draft.carry.answerBefore, endedAtMs: undefined });
}

/** A turn that nobody typed begins: what was answered stands, what comes is added. */
export function takeWake(draft: Draft): void {
  const turn = lastTurn(draft);
  if (turn?.outcome === "answered") draft.carry.answerBefore = turn.answer;
}

export function takeInterruption(draft: Draft, item: Item<"interruption">): void {
  if (lastTurn(draft) !== undefined) cutShort(draft, item.atMs);
}

/** The turn ends without an answer; calls that wait for a result will not get one. */
function cutShort(draft: Draft, atMs: number | undefined): void {
  const turn = lastTurn(draft);
  draft.carry.cutAnswer = turn?.outcome === "answered" ? turn.answer : undefined;
  for (const { call, atMs: calledAtMs, subagent } of draft.carry.calls) {
    if (subagent !== undefined || call.kind !== "shell") continue;
    addCommand(draft, { command: call.command, exitCode: undefined, atMs: calledAtMs, tests: undefined });
  }
  draft.carry.calls = draft.carry.calls.filter(({ subagent }) => subagent !== undefined);
  changeLastTurn(draft, { outcome: "interrupted", answer: undefined, endedAtMs: atMs });
}
