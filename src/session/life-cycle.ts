/**
 * The life of a session, as one table. docs/reference/life-cycle.md and ARCHITECTURE.md draw their pictures from it.
 *
 * `working` is never stored: it is `active` while a conversation of the session is in the middle of a turn.
 */
export const PHASES = ["new", "active", "working", "paused", "complete", "archived", "cancelled"] as const;
export type Phase = (typeof PHASES)[number];

export const TRIGGERS = [
  "prompt",
  "turn_ended",
  "pause",
  "block",
  "resume",
  "complete",
  "archive",
  "unarchive",
  "cancel",
  "reopen",
] as const;
export type Trigger = (typeof TRIGGERS)[number];

/**
 * What may follow what. A prompt in a finished session changes nothing: people say "thanks" after `complete`, and that
 * is no new work. Reopening is always said in words.
 */
export const TRANSITIONS: { readonly [From in Phase]: { readonly [On in Trigger]?: Phase } } = {
  new: { prompt: "working", pause: "paused", block: "paused", complete: "complete", cancel: "cancelled" },
  active: { prompt: "working", pause: "paused", block: "paused", complete: "complete", cancel: "cancelled" },
  working: {
    prompt: "working",
    turn_ended: "active",
    pause: "paused",
    block: "paused",
    complete: "complete",
    cancel: "cancelled",
  },
  paused: {
    prompt: "working",
    resume: "active",
    reopen: "active",
    block: "paused",
    complete: "complete",
    cancel: "cancelled",
  },
  complete: { archive: "archived", reopen: "active" },
  archived: { unarchive: "complete", reopen: "active" },
  cancelled: { archive: "archived", reopen: "active" },
};

/** The phase after `trigger`, or undefined where it does not apply: commands refuse then, the log passes over it. */
export function nextPhase(phase: Phase, trigger: Trigger): Phase | undefined {
  return TRANSITIONS[phase][trigger];
}

/** Open sessions are those that new work may continue. */
export function isOpen(phase: Phase): boolean {
  return phase === "new" || phase === "active" || phase === "working" || phase === "paused";
}

/** The transition table as a Mermaid state diagram, for the documents. */
export function lifeCycleDiagram(): string {
  const lines = ["stateDiagram-v2", "    [*] --> new"];
  for (const from of PHASES) {
    const byTarget = new Map<Phase, Trigger[]>();
    for (const trigger of TRIGGERS) {
      const to = nextPhase(from, trigger);
      if (to !== undefined && to !== from) byTarget.set(to, [...(byTarget.get(to) ?? []), trigger]);
    }
    for (const [to, triggers] of byTarget) lines.push(`    ${from} --> ${to}: ${triggers.join(", ")}`);
  }
  return lines.join("\n");
}
