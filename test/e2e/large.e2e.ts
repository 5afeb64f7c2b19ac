import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect } from "vitest";
import { filesBelow } from "../../src/disk/read.ts";
import { injectedText } from "./model-request.ts";
import { says, whenAsked } from "./model-server.ts";
import { scenario } from "./scenario.ts";
import { ask, layOut, settle } from "./story.ts";

// What people paste and models write at most: it passes, it is kept whole, and the next conversation is told a part.

const PROMPT_BYTES = 1_000_000;
const ANSWER_BYTES = 300_000;
const WORDS = "Rotate the tokens of this list";

scenario(
  "a prompt of 1 MB and an answer of 300 kB pass, and are kept to their last word",
  async ({ box, model }) => {
    await layOut(box);
    const pasted = numbered("pasted", PROMPT_BYTES);
    const said = numbered("said", ANSWER_BYTES);
    model.play(whenAsked(WORDS, says(said)));

    const run = await box.claude(WORDS, { stdin: pasted });
    await settle(box);

    expect(run.answer).toBe(said);
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(run.hooks.filter((hook) => hook.exit_code !== 0 || hook.stderr !== "")).toEqual([]);
    const archived = filesBelow(join(box.data, "archive"))
      .filter((path) => path.endsWith(".gz"))
      .map((path) => gunzipSync(readFileSync(path)).toString("utf8"))
      .join("");
    expect(archived).toContain(lastLine(pasted));
    expect(archived).toContain(lastLine(said));

    const { request } = await ask(box, model);
    expect(injectedText(request)).toContain(WORDS);
  },
);

function numbered(word: string, bytes: number): string {
  const line = `${word} line 000000 of what somebody has to read`;
  const count = Math.ceil(bytes / (line.length + 1));
  return Array.from({ length: count }, (_, n) => line.replace("000000", String(n).padStart(6, "0"))).join(
    "\n",
  );
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf("\n") + 1);
}
