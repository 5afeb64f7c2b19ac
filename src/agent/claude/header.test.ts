import fc from "fast-check";
import { expect, test } from "vitest";
import { headerOf } from "./header.ts";

test("a header holds the short values of the record itself, up to where its content begins", () => {
  const record = {
    parentUuid: null,
    isSidechain: false,
    message: { role: "user", uuid: "not this", content: [{ type: "text", text: 'a "quoted" {brace' }] },
    type: "user",
    long: "x".repeat(1_000),
    'odd "name': 7,
    uuid: "u1",
    toolUseResult: { stdout: "y".repeat(100_000) },
    timestamp: "after the end of what is searched",
  };
  expect(headerOf(Buffer.from(JSON.stringify(record)))).toEqual({
    parentUuid: null,
    isSidechain: false,
    type: "user",
    'odd "name': 7,
    uuid: "u1",
  });
});

test("whatever the bytes, a header is an object and nothing is thrown", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        expect(typeof headerOf(Buffer.from(bytes))).toBe("object");
      },
    ),
  );
});
