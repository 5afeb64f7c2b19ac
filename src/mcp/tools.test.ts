import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, makeAppBox } from "../../test/app-box.ts";
import { getPrompt } from "./prompts.ts";
import { TOOLS } from "./tools.ts";

// What tools do, called without a server around them; src/mcp/mcp.test.ts speaks to the server.

let box: AppBox;
beforeEach(() => {
  box = makeAppBox();
});
afterEach(() => box.dispose());

/** @throws AppError as the tool does. */
async function call(name: string, args: object): Promise<string> {
  const found = TOOLS.find((tool) => tool.name === name);
  if (found === undefined) throw new Error(`no tool ${name}`);
  return (await found.call(box.app, args)).text;
}

test("a wrap-up of solved work fills the Solution of its document, which began with the template that was asked for", async () => {
  await call("session", { action: "new", title: "Orders lost at midnight", template: "bug" });
  const began = await call("show", { part: "document" });
  expect(JSON.stringify(await getPrompt(box.app, "wrap-up", undefined))).toContain("kind solution");

  const solution = "The export locks the day it reads";
  await call("note", { kind: "solution", text: solution, fields: { cause: "two jobs ran at once" } });
  await call("session", { action: "complete", reason: "No order was lost for a week" });

  const text = await call("show", { session: "orders", part: "document" });
  expect(text).toMatch(
    /^## Solution\n+- The export locks the day it reads\n {2}- \*\*Root cause\*\*: two jobs/m,
  );
  // Steps of the template, phase by phase.
  expect(began.match(/^\s*- \[ \] /gm)?.length).toBeGreaterThan(5);
  await expect(call("session", { action: "new", title: "X", template: "none" })).rejects.toMatchObject({
    code: "input_invalid",
  });
});

test.each(["summary", "summary 2h", "summary last 90 min"])("%s is a part of a session", async (part) => {
  await call("session", { action: "new", title: "Rotation" });
  await call("note", { kind: "decision", text: "Rotate in one UPDATE" });
  const text = await call("show", { part });
  expect(text).toContain("# Session Summary: Rotation");
  expect(text).toContain("### Key decisions\n\n- Rotate in one UPDATE");
});

test.each(["summary soon", "sums", ""])("%j is no part, and those that are there are named", async (part) => {
  await expect(call("show", { part })).rejects.toMatchObject({
    code: "input_invalid",
    message: expect.stringContaining("one of: notes, files, commands, conversations, document, summary;"),
  });
});
