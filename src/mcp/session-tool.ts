import type { App } from "../app/app.ts";
import { changePhase, type PhaseChanged } from "../app/change-phase.ts";
import { leftOpenWords } from "../app/final-update.ts";
import { listSessions } from "../app/list-sessions.ts";
import { newSession } from "../app/new-session.ts";
import { SESSION_ACTIONS, SessionInput } from "../app/session.input.ts";
import { statusHere } from "../app/status.ts";
import { switchSession } from "../app/switch-session.ts";
import { AppError } from "../base/error.ts";
import type { Said } from "./answer.ts";
import { sessionLine, statusText } from "./text.ts";
import { tool } from "./tool.ts";

/** Everything about a session as a whole in one tool: each further tool costs every conversation its name and schema. */
export const sessionTool = tool({
  name: "session",
  description:
    "A piece of work across conversations. new takes title, switch session (id or slug), block reason.",
  input: SessionInput,
  // Words in a line cost half of what an enumeration does.
  listedAs: {
    action: { type: "string", description: SESSION_ACTIONS.join(" ") },
    // The skill names it where somebody asks for one.
    template: undefined,
  },
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  run,
});

async function run(app: App, { action, session, title, template, reason }: SessionInput): Promise<Said> {
  switch (action) {
    case "status":
      return {
        text: statusText(await statusHere(app, { session }), app.clock.nowMs()),
        rest: "`notes` lists them",
      };
    case "list":
      return list(app);
    case "new":
      return { text: sessionLine(await newSession(app, { title: needed("title", title), template })) };
    case "switch":
      return { text: sessionLine(await switchSession(app, { session: needed("session", session) })) };
    default:
      return { text: phaseText(await changePhase(app, { change: action, session, reason })) };
  }
}

function phaseText(session: PhaseChanged): string {
  const left = leftOpenWords(session.leftOpen);
  return left === "" ? sessionLine(session) : `${sessionLine(session)}; still open: ${left}`;
}

async function list(app: App): Promise<Said> {
  const { sessions, finishedOmitted } = await listSessions(app, { all: false });
  const lines = sessions.map((session) => `- ${sessionLine(session)}`);
  const finished = finishedOmitted > 0 ? [`${finishedOmitted} finished ones are not listed.`] : [];
  return {
    text: [...(lines.length === 0 ? ["No open session here."] : lines), ...finished].join("\n"),
    rest: "name the session that you mean",
  };
}

function needed(name: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new AppError(
    "input_invalid",
    `This action needs \`${name}\`.`,
    "The description of `session` says what each action takes.",
  );
}
