import fc from "fast-check";
import { expect, test } from "vitest";
import { expectLinearIn } from "../../../test/linear.ts";
import { readLine } from "./line.ts";

/** Records as Claude Code writes them: compact JSON with a type and an id, nested objects, quotes and braces in strings. */
const record = fc
  .record({
    parentUuid: fc.option(fc.uuid()),
    type: fc.constantFrom("user", "assistant", "attachment"),
    message: fc.record({
      role: fc.constantFrom("user", "assistant"),
      content: fc.array(
        fc.record({
          type: fc.constant("text"),
          text: fc.oneof(fc.string({ unit: "binary" }), fc.json(), fc.constant('\\"{"')),
        }),
        { maxLength: 3 },
      ),
    }),
    uuid: fc.uuid(),
  })
  .map((value) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>);

const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));

test("a line with one record is that record", () => {
  fc.assert(
    fc.property(record, (value) => {
      expect(readLine(bytesOf(value))).toEqual({ records: [value], losses: [] });
    }),
  );
});

test("records without a line feed between them are all read, and nothing is lost", () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 2, maxLength: 4 }), (values) => {
      expect(readLine(Buffer.concat(values.map(bytesOf)))).toEqual({ records: values, losses: [] });
    }),
  );
});

test("a record written behind a cut one is read, wherever the cut is, and only the cut one is lost", () => {
  fc.assert(
    fc.property(record, record, fc.nat(), (cut, whole, at) => {
      const torn = bytesOf(cut).subarray(0, 1 + (at % (bytesOf(cut).length - 1)));
      const read = readLine(Buffer.concat([torn, bytesOf(whole)]));

      expect(read.records).toEqual([whole]);
      expect(read.losses).toEqual([{ fromByte: 0, toByte: torn.length, reason: "cut-off record" }]);
    }),
    { numRuns: 500 },
  );
});

test("a whole record, a cut one and a whole one on one line give the two whole ones", () => {
  fc.assert(
    fc.property(record, record, record, fc.nat(), (first, cut, last, at) => {
      const torn = bytesOf(cut).subarray(0, 1 + (at % (bytesOf(cut).length - 1)));
      const read = readLine(Buffer.concat([bytesOf(first), torn, bytesOf(last)]));

      expect(read.records).toEqual([first, last]);
    }),
  );
});

test("a run of NUL bytes is told as lost, and records around it are read", () => {
  fc.assert(
    fc.property(record, record, fc.integer({ min: 1, max: 5000 }), (before, after, holes) => {
      const first = bytesOf(before);
      const read = readLine(Buffer.concat([first, Buffer.alloc(holes), bytesOf(after)]));

      expect(read.records).toEqual([before, after]);
      expect(read.losses).toEqual([
        { fromByte: first.length, toByte: first.length + holes, reason: "NUL bytes" },
      ]);
    }),
  );
});

test("a record cut at any byte gives nothing invented", () => {
  fc.assert(
    fc.property(record, fc.nat(), (value, at) => {
      const bytes = bytesOf(value);
      const torn = bytes.subarray(0, 1 + (at % (bytes.length - 1)));
      expect(readLine(torn)).toEqual({
        records: [],
        losses: [{ fromByte: 0, toByte: torn.length, reason: "cut-off record" }],
      });
    }),
    { numRuns: 500 },
  );
});

test("a byte order mark, a carriage return and blanks are no damage", () => {
  const value = { type: "user", uuid: "a" };
  expect(readLine(Buffer.from(`\uFEFF${JSON.stringify(value)}\r`))).toEqual({ records: [value], losses: [] });
  expect(readLine(Buffer.from(`\uFEFF${JSON.stringify(value)}${JSON.stringify(value)} \r`)).records).toEqual([
    value,
    value,
  ]);
  expect(readLine(Buffer.from(" \t\r"))).toEqual({ records: [], losses: [] });
});

test("a lone surrogate and a doubled key are JSON like any other", () => {
  expect(readLine(Buffer.from('{"type":"user","text":"\\ud800","type":"system"}'))).toEqual({
    records: [{ type: "system", text: "\ud800" }],
    losses: [],
  });
});

test("a record with bytes that are no UTF-8 is kept, and told", () => {
  const line = Buffer.concat([
    Buffer.from('{"type":"user","text":"caf'),
    Buffer.from([0xe9]),
    Buffer.from('"}'),
  ]);
  const read = readLine(line);

  expect(read.records).toEqual([{ type: "user", text: "caf\uFFFD" }]);
  expect(read.losses).toMatchObject([{ fromByte: 0, toByte: line.length }]);
  expect(readLine(Buffer.from('{"text":"\uFFFD"}')).losses).toEqual([]);
});

test("a record nested a hundred thousand deep is told as lost instead of overflowing a stack", () => {
  const line = Buffer.from(`{"type":"user","x":${"[".repeat(100_000)}${"]".repeat(100_000)}}`);

  expect(readLine(line)).toEqual({
    records: [],
    losses: [{ fromByte: 0, toByte: line.length, reason: "nested deeper than 256" }],
  });
});

test("any bytes are read without throwing, and every lost range lies in the line, in order", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(record, { maxLength: 2 }), (noise, values) => {
      const line = Buffer.concat([...values.map(bytesOf), noise.filter((byte) => byte !== 0x0a)]);
      let at = 0;
      for (const { fromByte, toByte } of readLine(line).losses) {
        expect(fromByte).toBeGreaterThanOrEqual(at);
        expect(toByte).toBeGreaterThan(fromByte);
        at = toByte;
      }
      expect(at).toBeLessThanOrEqual(line.length);
    }),
  );
});

test("hostile lines of a megabyte take time linear in their length", () => {
  const hostile = ['{"', "}", '"', "\\", '{"a":', "[{", '{"type":"user","uuid":"a"', '{"a":"b"}{', '"}'];
  for (const part of hostile) {
    expectLinearIn(part, Math.ceil(1_000_000 / part.length), (text) => readLine(Buffer.from(text)));
  }
});
