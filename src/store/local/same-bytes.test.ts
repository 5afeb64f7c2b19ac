import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { append, remove, replace } from "../../disk/disk.ts";
import { rememberingSame } from "./same-bytes.ts";

test("The same bytes of a file are made out once, others at once anew, and so are those of another file.", () => {
  const seen: string[] = [];
  const lengthOf = rememberingSame((bytes, path) => {
    seen.push(`${path} ${bytes}`);
    return { length: bytes.length };
  });
  const first = lengthOf(Buffer.from("one"), "a");
  expect(lengthOf(Buffer.from("one"), "a")).toBe(first);
  expect(lengthOf(Buffer.from("three"), "a")).toEqual({ length: 5 });
  expect(lengthOf(Buffer.from("one"), "a")).toEqual(first);
  expect(lengthOf(Buffer.from("one"), "b")).toEqual({ length: 3 });
  expect(seen).toEqual(["a one", "a three", "a one", "b one"]);
});

test("Of a file that only grew, what it held before is told; of one that changed or shrank, nothing.", () => {
  const grownFrom: (number | undefined)[] = [];
  const lengthOf = rememberingSame<number>((bytes, _path, before) => {
    grownFrom.push(before?.meaning);
    return bytes.length;
  });
  for (const text of ["one", "one two", "one 2 three", "one 2"]) lengthOf(Buffer.from(text), "a");
  lengthOf(Buffer.from("one 2 three"), "b");
  expect(grownFrom).toEqual([undefined, 3, undefined, undefined, undefined]);
});

test("What was written is known without being made out, for as long as the file holds those bytes.", () => {
  const length = rememberingSame((bytes) => bytes.length);
  length.know("a", { bytes: Buffer.from("one"), meaning: 1 });
  expect([length(Buffer.from("one"), "a"), length(Buffer.from("two!"), "a")]).toEqual([1, 4]);
});

test("A file is read and made out once, and again where it was replaced, written to, removed or made anew.", () => {
  const folder = mkdtempSync(join(tmpdir(), "leftoff-same-"));
  const path = join(folder, "file");
  let made = 0;
  const text = rememberingSame((bytes) => {
    made += 1;
    return bytes.toString();
  });
  const seen = () => [text.at(path), text.at(path), made];
  expect(seen()).toEqual([undefined, undefined, 0]);
  replace(path, Buffer.from("one"));
  expect(seen()).toEqual(["one", "one", 1]);
  replace(path, Buffer.from("two"));
  expect(seen()).toEqual(["two", "two", 2]);
  append(path, Buffer.from("!"), "cached");
  expect(seen()).toEqual(["two!", "two!", 3]);
  text.know(path, { bytes: Buffer.from("two!"), meaning: "known" });
  expect(seen()).toEqual(["known", "known", 3]);
  remove(path);
  expect(seen()).toEqual([undefined, undefined, 3]);
  text.know(path, { bytes: Buffer.from("three"), meaning: "known" });
  expect(seen()).toEqual([undefined, undefined, 3]);
  replace(path, Buffer.from("four"));
  expect(seen()).toEqual(["four", "four", 4]);
  rmSync(folder, { recursive: true, force: true });
});

test("Only the files read last are remembered, and no more bytes of them than fit.", () => {
  let made = 0;
  const count = rememberingSame(() => {
    made += 1;
    return made;
  });
  for (let file = 0; file < 300; file += 1) count(Buffer.from("x"), `${file}`);
  for (let file = 100; file < 300; file += 1) count(Buffer.from("x"), `${file}`);
  expect(made).toBe(300);
  count(Buffer.from("x"), "0");
  expect(made).toBe(301);
  const large = Buffer.alloc(10 * 1024 * 1024);
  for (let time = 0; time < 2; time += 1) count(large, "large");
  expect(made).toBe(302);
  count(large, "another");
  count(large, "large");
  expect(made).toBe(304);
  for (let time = 0; time < 2; time += 1) count(Buffer.alloc(17 * 1024 * 1024), "too large");
  expect(made).toBe(306);
});
