import { type BoardKept, keepBoard } from "../app/keep-board.ts";
import { type Door, type Run, show, textOption } from "./door.ts";

export const run: Run = async (door, given) => {
  const dryRun = given.options.dryRun === true;
  const kept = await keepBoard(door.app, { person: textOption(given, "as"), dryRun });
  show(door, { schema: "leftoff.board/1", dryRun, ...kept } as { schema: string }, () =>
    dryRun ? kept.text.trimEnd() : textOf(door, kept),
  );
  if (dryRun) for (const line of warnings(kept)) door.say(line);
};

function textOf({ style }: Door, board: BoardKept): string {
  const { path, person, changed, kept } = board;
  return [
    changed ? `${path} has the lines of ${person} as they are now.` : `${path} is up to date for ${person}.`,
    ...(kept.length === 0 ? [] : [style.dim(`In your own words, and left so: ${kept.join(", ")}.`)]),
    ...warnings(board).map(style.yellow),
  ].join("\n");
}

function warnings({ redacted, suspicious }: BoardKept): readonly string[] {
  return [
    ...(redacted === 0 ? [] : [`${redacted} secrets were left out of your lines.`]),
    ...(suspicious.length === 0
      ? []
      : [`Before you commit it: line ${suspicious.join(", ")} looks as if it held a secret.`]),
  ];
}
