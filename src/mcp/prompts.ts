import type { GetPromptResult, Prompt } from "@modelcontextprotocol/server";
import type { App } from "../app/app.ts";
import { showBrief } from "../app/show-brief.ts";
import { AppError } from "../base/error.ts";
import { type JsonObject, stringField } from "../base/parse.ts";

/** What a person can start with one word, in agents that show prompts as commands. */
export const PROMPTS: readonly Prompt[] = [
  {
    name: "start-work",
    description: "Go on where the last conversation left off",
    arguments: [
      { name: "task", description: "what to work on, if not the first next step", required: false },
    ],
  },
  { name: "wrap-up", description: "Write down what the next conversation needs" },
];

const WRAP_UP = `Wrap this session up with leftoff's tools:
1. Call \`notes\` to list them. In one \`notes\` call settle every unconfirmed proposal (confirm what is true, drop what is not) and tick off the next steps that are done.
2. Call \`note\` for what is not written down yet: decisions with why, approaches that failed with why and lesson, what worked with result, what was learned (kind learning). If a problem is solved: what solved it (kind solution), with cause, its root cause.
3. Note the exact next action (kind next), or call \`session\` with action complete if the work is finished.
Then say in two sentences what was recorded.`;

/** @returns undefined where there is no such prompt. */
export async function getPrompt(
  app: App,
  name: string,
  args: JsonObject | undefined,
): Promise<GetPromptResult | undefined> {
  if (name === "wrap-up") return said(WRAP_UP);
  if (name !== "start-work") return undefined;
  const task = stringField(args, "task")?.trim() ?? "";
  const ask =
    task === ""
      ? "Go on from there: say in one or two sentences where the work stands, then begin with the first next step."
      : `Keep to what it says was decided and what failed, and work on this: ${task}`;
  return said(`${await briefText(app)}\n\n${ask}`);
}

async function briefText(app: App): Promise<string> {
  try {
    return (await showBrief(app, {})).brief.text;
  } catch (error) {
    if (error instanceof AppError && error.code === "no_current_session") return error.message;
    throw error;
  }
}

function said(text: string): GetPromptResult {
  return { messages: [{ role: "user", content: { type: "text", text } }] };
}
