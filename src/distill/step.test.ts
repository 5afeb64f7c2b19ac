import fc from "fast-check";
import { expect, test } from "vitest";
import { expectLinearIn } from "../../test/linear.ts";
import { nextStepsOf } from "./step.ts";

test("next steps stand under a heading or behind its colon", () => {
  const said: readonly (readonly [string, readonly string[]])[] = [
    [
      "Done.\n\n## Next steps\n\n- [ ] rotate **tokens**\n- [x] login\n1. add `limits`\n\nBye.",
      ["Rotate tokens", "Add `limits`"],
    ],
    ["**Remaining:** wire up the UI", ["Wire up the UI"]],
    ["Next steps (optional):\n* deploy it\n\nText\n- no step", ["Deploy it"]],
    [
      "It builds. What is left of it:\n\n1. Give the store `isRetry`.\n   - with a clock\n2. A test",
      ["Give the store `isRetry`", "A test"],
    ],
    ["### Still open / deferred\n- retention job", ["Retention job"]],
    ["The next step is to wire up the UI.", ["Wire up the UI"]],
    ["All green. What remains is documenting the flags.", ["Documenting the flags"]],
    ["What's next?\n- clean up", ["Clean up"]],
    ["Next steps for auth\n- ~~done thing~~\n- ✅ other done\n- real thing", ["Real thing"]],
    ["下一步：\n1. 部署", ["部署"]],
    ["TODO:\n- Shall I deploy?\n- none", []],
    ["The next steps were hard.\n- one", []],
    ["```\nNext steps:\n- x\n```", []],
  ];
  for (const [text, steps] of said) expect(nextStepsOf(text), text).toEqual(steps);
});

test("any words are read without throwing and in linear time", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => void nextStepsOf(text)));
  for (const part of [
    "next steps:\n- ",
    "next: a\n",
    "- a\n",
    "*",
    "# ",
    "the next step is ",
    "what is left ",
    "(",
    "— ",
  ]) {
    expectLinearIn(part, 60_000, (text) => nextStepsOf(text));
  }
});
