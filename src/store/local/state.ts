import { join, sep } from "node:path";
import { assert } from "../../base/error.ts";
import { remove, replace } from "../../disk/disk.ts";
import { namesIn } from "../../disk/read.ts";
import type { State } from "../store.ts";
import { isSafeName } from "./name.ts";
import { openRecord, sealRecord } from "./record.ts";
import { rememberingSame } from "./same-bytes.ts";

const ENDING = ".json";

/**
 * State as one file per key (docs/formats/state.md). Nothing is synced: a value that a power cut takes is made again, and
 * a sync would cost a hook more than making it.
 */
export function openState(folder: string): State {
  const openedValue = rememberingSame((bytes) => {
    const record = openRecord(withoutLineFeed(bytes));
    return record?.leftoff === "state/1" ? record.value : undefined;
  });
  return {
    get: (key) => openedValue.at(pathOf(folder, key)),
    put: (key, value) => {
      const path = pathOf(folder, key);
      const bytes = Buffer.from(`${sealRecord({ leftoff: "state/1", value })}\n`);
      replace(path, bytes, { durability: "cached" });
      openedValue.know(path, { bytes, meaning: value });
    },
    remove: (key) => {
      remove(pathOf(folder, key));
    },
    path: (key) => ({ file: pathOf(folder, key), folder: join(folder, ...namesOf(key)) }),
    list: (below) => {
      const names = namesIn(below === "" ? folder : join(folder, ...namesOf(below)));
      const values = names
        .filter((file) => file.endsWith(ENDING))
        .map((file) => file.slice(0, -ENDING.length));
      const prefix = below === "" ? "" : `${below}/`;
      return values
        .filter(isSafeName)
        .sort()
        .map((name) => `${prefix}${name}`);
    },
  };
}

/** Safe names need no joining, which would look at each character of a path: a command asks for a summary of every session. */
function pathOf(folder: string, key: string): string {
  return `${[folder, ...namesOf(key)].join(sep)}${ENDING}`;
}

function namesOf(key: string): readonly string[] {
  const names = key.split("/");
  assert(names.every(isSafeName), `${JSON.stringify(key)} is a path of safe names`);
  return names;
}

function withoutLineFeed(bytes: Buffer): Buffer {
  return bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes;
}
