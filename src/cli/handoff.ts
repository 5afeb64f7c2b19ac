import { type HandedOff, handOff } from "../app/hand-off.ts";
import { counted } from "../base/count.ts";
import { AppError } from "../base/error.ts";
import { type Door, type Run, show, showExact, textOption } from "./door.ts";
import { sessionJson } from "./session-json.ts";

export const run: Run = async (door, given) => {
  const [to, ...rest] = given.args;
  if (rest.length > 0)
    throw new AppError(
      "input_invalid",
      "A handoff goes to one person.",
      "For example: leftoff handoff @bob --session feature-auth",
    );
  const dryRun = given.options.dryRun === true;
  const handed = await handOff(door.app, { to, session: textOption(given, "session"), dryRun });
  const { session, path, from, redacted, text } = handed;
  const document = {
    schema: "leftoff.handoff/1",
    dryRun,
    session: sessionJson(session),
    path,
    from,
    to: handed.to ?? null,
    redacted,
    text,
  };
  if (dryRun) showExact(door, document, () => text.trimEnd());
  else show(door, document, () => textOf(door, handed));
};

function textOf(door: Door, handed: HandedOff): string {
  const { session, to, path, shownPath, redacted } = handed;
  // Where documents lie below LEFTOFF_HOME, nobody gets it by git.
  const isOutside = path.startsWith(`${door.app.home}/`);
  return [
    `${session.slug} is ready to be handed ${to === undefined ? "over" : `to ${to}`}: ${shownPath}`,
    ...(redacted === 0 ? [] : [door.style.yellow(`${counted(redacted, "secret")} left out.`)]),
    `${isOutside ? "Send it" : "Commit it"}; ${to ?? "your colleague"} goes on with: leftoff resume ${isOutside ? "FILE" : shownPath}`,
  ].join("\n");
}
