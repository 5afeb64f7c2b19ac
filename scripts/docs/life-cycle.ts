import { lifeCycleDiagram, nextPhase, PHASES, TRIGGERS } from "../../src/session/life-cycle.ts";
import { GENERATED, tableOf } from "./text.ts";

/** The picture of ARCHITECTURE.md. */
export function lifeCyclePicture(): string {
  return `\`\`\`mermaid\n${lifeCycleDiagram()}\n\`\`\``;
}

export function lifeCyclePage(): string {
  const rows = PHASES.map((phase) => [
    `**${phase}**`,
    ...TRIGGERS.map((trigger) => nextPhase(phase, trigger) ?? ""),
  ]);
  return `# The life of a session

${GENERATED}

${lifeCyclePicture()}

What follows what. An empty cell is a change that commands refuse (\`transition_refused\`) and that the log passes over.

${tableOf(["", ...TRIGGERS.map((trigger) => trigger.replaceAll("_", " "))], rows)}

*working* is never stored: it is *active* while a conversation of the session is in the middle of a turn. The document's **Status**
is the human word for the phase: *In Progress*, *Completed* (also when archived or cancelled) or *Blocked* (paused, with a reason).
Nothing archives a session yet: the command is reserved.
`;
}
