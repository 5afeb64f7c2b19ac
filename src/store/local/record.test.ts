import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { findRecords, openRecord, sealRecord } from "./record.ts";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("\ufffd", "\ud800", "\ufeff", '","sum":"'),
);
const object = fc.dictionary(
  fc.string().filter((name) => name !== "sum"),
  fc.jsonValue(),
  { minKeys: 1 },
);

/** As JSON gives it back. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as object;

test("a record opens to what was sealed, whatever characters are in it", () => {
  fc.assert(
    fc.property(object, text, (members, said) => {
      const sealed = { ...members, said };
      expect(openRecord(Buffer.from(sealRecord(sealed)))).toEqual(plain(sealed));
    }),
  );
});

test("its checksum is that of its bytes without `sum`", () => {
  const body = '{"id":"a","said":"\u00fc \ufffd \ud83d\ude80"}';
  const sum = createHash("sha256").update(Buffer.from(body)).digest("hex").slice(0, 16);
  expect(sealRecord({ id: "a", said: "\u00fc \ufffd \ud83d\ude80" })).toBe(
    `${body.slice(0, -1)},"sum":"${sum}"}`,
  );
});

test("a record of which any byte is another one does not open", () => {
  const bytes = Buffer.from(sealRecord({ id: "a", said: "x \ufffd \u00fc \ud83d\ude80" }));
  for (let at = 0; at < bytes.length; at += 1) {
    for (const byte of [0x00, 0x22, 0x7d, 0xff, (bytes[at] ?? 0) ^ 1]) {
      if (byte === bytes[at]) continue;
      const damaged = Buffer.from(bytes);
      damaged[at] = byte;
      expect(openRecord(damaged)).toBeUndefined();
    }
  }
  for (let end = 0; end < bytes.length; end += 1) expect(openRecord(bytes.subarray(0, end))).toBeUndefined();
});

test("bytes that are no UTF-8 count as their checksum says, not as what they are shown as", () => {
  const shown = Buffer.from(sealRecord({ id: "a", said: "\ufffd" }));
  const at = shown.indexOf(Buffer.from("\ufffd"));
  // The same text once it is decoded: one byte that is none in the place of the character's three.
  const other = Buffer.concat([shown.subarray(0, at), Buffer.from([0xff]), shown.subarray(at + 3)]);
  expect(other.toString("utf8")).toBe(shown.toString("utf8"));
  expect(openRecord(shown)).toEqual({ id: "a", said: "\ufffd" });
  expect(openRecord(other)).toBeUndefined();
  expect(findRecords(other)).toEqual([]);
});
