import crypto from "node:crypto";

/**
 * The SHA-256 of bytes, or of a text as UTF-8: 64 hexadecimal digits, or 43 characters of base64url. In one call: the object that
 * `createHash` makes is a stream, and costs more than hashing what we hash.
 */
export function sha256(data: string | Uint8Array, encoding: "hex" | "base64url" = "hex"): string {
  // By its module: an ES module that names what an old Node lacks does not even load, and says nothing of the Node that it needs.
  return crypto.hash("sha256", data, encoding);
}
