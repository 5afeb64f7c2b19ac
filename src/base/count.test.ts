import { expect, test } from "vitest";
import { counted } from "./count.ts";

test("one is one, none and several are several", () => {
  expect([0, 1, 2].map((count) => counted(count, "prompt"))).toEqual(["0 prompts", "1 prompt", "2 prompts"]);
});
