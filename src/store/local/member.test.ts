import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { lineText } from "./line-text.ts";
import { type MemberHead, openMember, packMember } from "./member.ts";

const records = [{ type: "user", text: "Grüße, 日本 👋 \u0000\u001f" }, { n: 2 }];
const head: MemberHead = { fromByte: 7, inode: 3, sizeBytes: 900, offset: 80, tail: "0a1b2c3d", records: 2 };
const lines = records.map((record) => lineText(record));
const stored = packMember(head, lines, "stored");
const compressed = packMember(head, lines);

test("a stored member is a gzip member of the same text as a compressed one, and says so of itself", () => {
  expect(gunzipSync(stored)).toEqual(gunzipSync(compressed));
  expect(gunzipSync(Buffer.concat([stored, compressed])).length).toBe(2 * gunzipSync(stored).length);
  expect([openMember(stored), openMember(compressed)]).toEqual([
    { head, records, isStored: true },
    { head, records, isStored: false },
  ]);
});

test("text that no stored block holds is compressed", () => {
  const long = [lineText({ text: "x".repeat(66_000) })];
  expect(openMember(packMember({ ...head, records: 1 }, long, "stored"))?.isStored).toBe(false);
});

test("a flipped bit of a stored member is found, but for those that no reader of gzip looks at", () => {
  for (let at = 0; at < stored.length; at += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const damaged = Buffer.from(stored);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
      const member = openMember(damaged);
      // What made it, and the bits between a stored block's kind and its length: then it is one that somebody else stored.
      const isIgnored = at === 9 || (at === 20 && bit >= 3);
      expect(member).toEqual(isIgnored ? { head, records, isStored: false } : undefined);
    }
  }
});

test("no bytes that look like a stored member make reading throw", () => {
  fc.assert(
    fc.property(fc.nat(stored.length), fc.uint8Array({ maxLength: 40 }), (to, more) => {
      const member = openMember(Buffer.concat([stored.subarray(0, to), more]));
      if (member !== undefined) expect(member.records).toEqual(records);
    }),
    { numRuns: 300 },
  );
});
