import { PROPOSAL_CHARS_MAX } from "../base/limits.ts";
import type { Step } from "./carry.ts";
import { type Draft, lastTurn } from "./draft.ts";
import type { Proposal, TodoFact, Turn } from "./facts.ts";
import { withoutOurWords } from "./own-words.ts";
import { proposalOf } from "./proposal.ts";
import { brief, sentencesOf } from "./prose.ts";
import { isPartOf, shareOf } from "./same.ts";
import { nextStepsOf } from "./step.ts";

/** Unfinished todos that become next steps: the agent's list may be long, and the first of it are due. */
const TODOS_PROPOSED_MAX = 3;
/** Steps remembered over turns that named no list of their own. */
const STEPS_KEPT_MAX = 8;
/** A step that a prompt or a commit shares this part of its words with was what it was about. */
const DONE_SHARE_MIN = 0.6;

/** Keep the keys of todos and of unfinished turns apart from those of words in the same record; no part of the evidence. */
const MARK = / (?:todo|go on)$/;

/**
 * What is next, as it stands: a turn that was cut short, the steps that the last answer named, and what the agent's own
 * list holds unfinished now that its turn is over. Made anew each time, because what is done stops being next.
 */
export function nextProposals(draft: Draft): readonly Proposal[] {
  const turn = lastTurn(draft);
  const todos = turn === undefined || turn.outcome === "open" ? [] : draft.todos.filter(isOpen);
  const inWork = todos.filter(({ status }) => status === "in_progress").slice(0, TODOS_PROPOSED_MAX);
  const waiting = todos.filter(({ status }) => status !== "in_progress");
  const steps = merged([
    ...unfinished(draft, turn),
    ...inWork.map(stepOfTodo),
    ...stepsNow(draft),
    ...waiting.slice(0, TODOS_PROPOSED_MAX - inWork.length).map(stepOfTodo),
  ]);
  return steps.map(({ text, record, ordinal }) => {
    const proposal = proposalOf(draft, { kind: "next", text, fields: {}, record, ordinal });
    return { ...proposal, evidence: { ...proposal.evidence, record: record.replace(MARK, "") } };
  });
}

function isOpen({ status, record }: TodoFact): boolean {
  return status !== "completed" && record !== undefined;
}

function stepOfTodo({ text, record = "", ordinal }: TodoFact): Step {
  return { text, record: `${record} todo`, ordinal };
}

/** Two wordings of one step are one: where the first stood, in the fuller words, with a todo's key if one of them is a todo. */
function merged(steps: readonly Step[]): readonly Step[] {
  const kept: Step[] = [];
  for (const step of steps) {
    const at = kept.findIndex((other) => isPartOf(other.text, step.text));
    const other = kept[at];
    if (other === undefined) kept.push(step);
    else {
      const text = step.text.length > other.text.length ? step.text : other.text;
      kept[at] = { ...(MARK.test(step.record) && !MARK.test(other.record) ? step : other), text };
    }
  }
  return kept;
}

/** The steps that stand after the last turn, todos apart. A later list takes the place of an earlier one. */
export function stepsNow(draft: Draft): readonly Step[] {
  const turn = lastTurn(draft);
  const { steps, answerRecord, cutAnswer } = draft.carry;
  if (turn === undefined || turn.outcome === "open" || turn.outcome === "failed") return steps;
  if (answerRecord === undefined) return steps;
  if (turn.outcome === "interrupted") {
    // The line being said when it was cut off is no step.
    const said = (cutAnswer ?? "").split("\n").slice(0, -1).join("\n");
    return withNamed(nextStepsOf(withoutOurWords(said)), answerRecord, steps);
  }
  const named = nextStepsOf(withoutOurWords(turn.answer ?? ""));
  if (named.length > 0) return withNamed(named, answerRecord, steps).slice(0, named.length);
  return steps.filter((step) => !isDone(draft, turn, step));
}

/** What was named just now, then what stood before; a step named again keeps its key. */
function withNamed(named: readonly string[], record: string, before: readonly Step[]): readonly Step[] {
  const now = named.map((text, ordinal): Step => {
    const known = before.find((step) => isPartOf(step.text, text));
    return known === undefined ? { text, record, ordinal } : { ...known, text };
  });
  const isNamed = (step: Step) =>
    now.some((other) => other.record === step.record && other.ordinal === step.ordinal);
  return [...now, ...before.filter((step) => !isNamed(step))].slice(0, STEPS_KEPT_MAX);
}

/** Whether a turn that named no steps has done an earlier one: the person asked for it, it was committed or ticked off. */
function isDone(draft: Draft, turn: Turn, { text }: Step): boolean {
  const ticked = draft.todos.filter(({ status }) => status === "completed").map((todo) => todo.text);
  const done = [...draft.carry.subjects, ...ticked];
  if (done.some((words) => shareOf(text, words) >= DONE_SHARE_MIN)) return true;
  // A turn that changed nothing (a question, say) leaves the steps as they are, whatever it was about.
  if (turn.files.length === 0) return false;
  return GOES_AHEAD.test(turn.prompt) || shareOf(text, turn.prompt) >= DONE_SHARE_MIN;
}

/** "Go on", "yes", "do both": what is meant are the steps just named. */
const GOES_AHEAD =
  /^(?:(?:ok|okay|yes|yeah|yep|sure|great|good|perfect|please|ja|oui|sí|sim)[,.! ]*)*(?:go(?: on| ahead| for it)?|continue|proceed|carry on|next(?: step)?|do (?:it|that|this|both|all|them|so|\d.*)|all of (?:it|them)|both|mach weiter|weiter|continue|vas-y|sigue|adelante|继续|好的?|続けて|\d[\d ,and]*)?[.! ]*$/i;

/** "Go on with: …" for a last turn that was cut short by the person or by an error. */
function unfinished(draft: Draft, turn: Turn | undefined): readonly Step[] {
  if (turn === undefined || turn.rewound || (turn.outcome !== "interrupted" && turn.outcome !== "failed"))
    return [];
  const { promptRecord } = turn;
  const asked = askedFor(draft.turns);
  if (promptRecord === undefined || asked === undefined) return [];
  return [{ text: `${GO_ON}${asked}`, record: `${promptRecord} go on`, ordinal: 0 }];
}

const GO_ON = "Go on with: ";

/** What the person wanted: a mere "go on" means what an unfinished turn before it was about; else nothing is known. */
function askedFor(turns: readonly Turn[]): string | undefined {
  for (const { prompt, outcome } of turns.toReversed()) {
    if (outcome === "answered") return undefined;
    if (!GOES_AHEAD.test(prompt) && !prompt.startsWith("/")) return inShort(prompt);
  }
  return undefined;
}

/** The first sentences of a prompt, whole ones as long as there is room. */
function inShort(prompt: string): string {
  const room = PROPOSAL_CHARS_MAX - GO_ON.length;
  const [first = prompt, ...others] = sentencesOf(prompt);
  let text = first;
  for (const sentence of others) {
    if (text.length + 1 + sentence.length > room) break;
    text = `${text} ${sentence}`;
  }
  return brief(text, room);
}
