import { readdirSync } from "node:fs";
import { expect } from "vitest";
import { requestText } from "./model-request.ts";
import { runs, says, whenAsked } from "./model-server.ts";
import { scenario } from "./scenario.ts";

// Without leftoff: where these fail, the stage is broken and not the play.

scenario(
  "the real client runs a tool, tells the model its result and leaves a transcript",
  async ({ box, model }) => {
    model.play(whenAsked("how many", runs("echo $((6 * 7))"), says("Forty-two.")));

    const run = await box.claude("how many?");

    expect(run).toMatchObject({ exitCode: 0, stderr: "", answer: "Forty-two." });
    const turns = model.requests.filter(({ kind }) => kind === "turn");
    expect(turns).toHaveLength(2);
    expect(requestText(turns[1]!)).toContain("42");
    expect(readdirSync(box.transcripts())).toContain(`${run.conversation}.jsonl`);
  },
);

scenario("the real client answers a person in a terminal", async ({ box, model }) => {
  model.play(whenAsked("good morning", says("And to you.")));

  const tui = await box.tui();
  await tui.enter("good morning");
  await tui.see("And to you.");
  await tui.enter("/exit");
  await tui.ended();

  expect(model.requests.map((request) => request.kind)).toContain("turn");
});
