import { closeSync, fstatSync, fsyncSync, openSync, writeSync } from "node:fs";
import { assert } from "../base/error.ts";
import { failpoint, isArmed } from "./failpoint.ts";
import { explained } from "./failure.ts";

/**
 * Puts bytes over those that stand in a file, durably. Its length and every other byte stay, also those that others append
 * meanwhile: so this is right where a file has appenders without a lock, which {@link replace} would cut off from it.
 * Cut short, it leaves a beginning of the new bytes and the rest of the old ones.
 *
 * @throws AppError `permission_denied`, …
 */
export function overwrite(path: string, fromByte: number, bytes: Uint8Array): void {
  explained(path, () => {
    const fd = openSync(path, "r+");
    try {
      assert(fromByte + bytes.length <= fstatSync(fd).size, `overwrite never lengthens ${path}`);
      failpoint("overwrite.before-write");
      if (isArmed("overwrite.half-written")) writeAt(fd, bytes.subarray(0, bytes.length >> 1), fromByte);
      failpoint("overwrite.half-written");
      writeAt(fd, bytes, fromByte);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  });
}

function writeAt(fd: number, bytes: Uint8Array, fromByte: number): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, fromByte + at);
}
