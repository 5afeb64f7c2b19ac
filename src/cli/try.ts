import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { layOutExamples } from "../app/example-box.ts";
import { type TryResult, tryExamples } from "../app/try-examples.ts";
import { counted } from "../base/count.ts";
import { AppError } from "../base/error.ts";
import { removeTree } from "../disk/folder.ts";
import { bytes, seconds } from "./amount.ts";
import { type Door, type Run, show } from "./door.ts";

export const run: Run = async (door, { options }) => {
  const box = realpathSync(mkdtempSync(join(tmpdir(), "leftoff-try-")));
  const keep = options.keep === true;
  try {
    const examples = layOutExamples(join(door.program.folder, "..", "examples"), box, door.app.clock.nowMs());
    const result = await tryExamples(door.openApp({ cwd: examples.project, env: examples.env }));
    if (result === undefined)
      throw new AppError(
        "try_failed",
        "The example conversations held no session.",
        "Please report this: it is a bug of ours.",
      );
    const { document, prepared, history } = result;
    const { text, tokens } = prepared.brief;
    const made = {
      schema: "leftoff.try/1",
      document,
      brief: text,
      briefTokens: tokens,
      tokensSpent: 0,
      readBytes: history.readBytes,
    };
    show(door, made, () => textOf(door, result));
    if (keep)
      door.say(
        `Kept in ${box}: LEFTOFF_HOME=${examples.env.LEFTOFF_HOME} leftoff show, from ${examples.project}`,
      );
  } finally {
    if (!keep) removeTree(box);
  }
};

function textOf({ style }: Door, { history, documentPath, document, prepared }: TryResult): string {
  const { bold, dim, cyan } = style;
  const title = (text: string) =>
    `\n${cyan("──")} ${bold(text)} ${cyan("─".repeat(Math.max(2, 76 - text.length)))}\n`;
  return [
    `Two days of somebody's work with Claude Code: ${counted(history.found, "conversation")} (${bytes(history.foundBytes)}), read in ${seconds(history.tookMs)}.`,
    title("What leftoff wrote down by itself"),
    dim(documentPath),
    "",
    document.trimEnd(),
    title("What the next conversation is told when it starts"),
    prepared.brief.text,
    ...(prepared.headline === undefined ? [] : ["", dim("and the person sees: ") + prepared.headline]),
    title("What it cost"),
    `0 tokens spent, no key, no network. The next conversation reads ${prepared.brief.tokens} tokens (estimated) instead of starting blank.`,
    `Your turn: ${bold("leftoff init")} in a project of yours.`,
  ].join("\n");
}
