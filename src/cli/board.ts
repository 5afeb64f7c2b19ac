import { type BoardKept, keepBoard } from "../app/keep-board.ts";
import { counted } from "../base/count.ts";
import { type Door, type Run, show, showExact, textOption } from "./door.ts";
import { shownPath } from "./shown-path.ts";

export const run: Run = async (door, given) => {
  const dryRun = given.options.dryRun === true;
  const kept = await keepBoard(door.app, { person: textOption(given, "as"), dryRun });
  const document = { schema: "leftoff.board/1", dryRun, ...kept } as { schema: string };
  if (dryRun) showExact(door, document, () => kept.text.trimEnd());
  else show(door, document, () => textOf(door, kept));
  if (dryRun) for (const line of warnings(kept)) door.say(line);
};

function textOf(door: Door, board: BoardKept): string {
  const { path, person, changed, kept } = board;
  const { dim, yellow } = door.style;
  const shown = shownPath(door.app, path);
  return [
    changed
      ? `Your lines in ${shown}, as ${person}, are up to date now:`
      : `${shown} is up to date for ${person}:`,
    ...ownLines(door, board),
    ...(kept.length === 0 ? [] : [dim(`In your own words, and left so: ${kept.join(", ")}.`)]),
    ...warnings(board).map(yellow),
  ].join("\n");
}

/** The lines of this person, below the headings that they stand under. */
function ownLines(door: Door, { text, person }: BoardKept): readonly string[] {
  const lines: string[] = [];
  let heading = "";
  for (const line of text.split("\n")) {
    if (/^ {0,3}#+ /.test(line)) heading = line.replace(/^[ #]+/, "");
    if (!line.trimStart().startsWith(`- ${person}:`)) continue;
    if (heading !== "") lines.push("", door.style.bold(heading));
    heading = "";
    lines.push(`  ${line.trimStart().slice(`- ${person}: `.length)}`);
  }
  return lines.length === 0 ? [door.style.dim("  no line: nothing of yours was touched of late")] : lines;
}

function warnings({ redacted, suspicious }: BoardKept): readonly string[] {
  return [
    ...(redacted === 0 ? [] : [`${counted(redacted, "secret")} left out of your lines.`]),
    ...(suspicious.length === 0
      ? []
      : [`Before you commit it: line ${suspicious.join(", ")} looks as if it held a secret.`]),
  ];
}
