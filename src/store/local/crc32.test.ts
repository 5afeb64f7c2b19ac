import { crc32 as ofZlib } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { crc32 } from "./crc32.ts";

test("the sum of any bytes is that of zlib, wherever in memory they lie", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(9), (bytes, at) => {
      const inside = Buffer.concat([Buffer.alloc(at, 7), bytes]).subarray(at);
      expect(crc32(inside)).toBe(ofZlib(bytes));
    }),
    { numRuns: 300 },
  );
});

test("the sum of long bytes is that of zlib", () => {
  for (const length of [0, 1, 65_535, 65_536, 300_001]) {
    const bytes = Buffer.alloc(length, "Grüße, 日本 ");
    expect(crc32(bytes)).toBe(ofZlib(bytes));
  }
});
