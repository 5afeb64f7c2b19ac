import { test } from "vitest";
import { expectLinearIn } from "../../test/linear.ts";
import { createRedactor } from "./redact.ts";

const CHARS = 256 * 1024;

/** A value that begins as a provider's token does is asked for that provider's name: no answer may look at the rest of the text. */
test.each(["pwd='sk-='", "password='SG.='", "key-='passwd='", "pass='re_='"])(
  "two beginnings one in the other, %j over and over, cost no more than their length",
  (part) => {
    // A redactor each time, since one remembers what it has seen.
    expectLinearIn(part, CHARS / part.length, (text) => createRedactor({}).text(text));
  },
);
