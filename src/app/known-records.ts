import { sha256 } from "../base/digest.ts";
import { RECENT_RECORDS_MAX } from "../base/limits.ts";
import { type JsonObject, stringField } from "../base/parse.ts";
import type { ArchiveFile } from "../store/store.ts";
import type { App } from "./app.ts";

/** Of the digest of an id, remembered for a thousand records: 60 bits. */
const RECENT_CHARS = 10;

/** Ids of all records that the archive keeps of a file: its agent's, or where it gave none, a digest of the record. */
export function archivedRecords(app: App, file: ArchiveFile): ReadonlySet<string> {
  const ids = new Set<string>();
  app.store.archive.forEach(file, (records) => {
    for (const record of records) ids.add(recordKey(record));
  });
  return ids;
}

/** What tells a record from all others of its file. */
export function recordKey(record: JsonObject): string {
  const id = stringField(record, "uuid");
  return id ?? sha256(JSON.stringify(record));
}

/** Records that are not among the last ones seen, and the last ones seen after them. Records without an id are never the same. */
export function withoutRepeated(
  records: readonly JsonObject[],
  recent: readonly string[],
): { readonly records: readonly JsonObject[]; readonly recent: readonly string[] } {
  const seen = new Set(recent);
  const fresh = records.filter((record) => {
    const id = stringField(record, "uuid");
    if (id === undefined) return true;
    const key = sha256(id, "base64url").slice(0, RECENT_CHARS);
    if (seen.has(key)) return false;
    seen.add(key);
    const [oldest] = seen;
    if (seen.size > RECENT_RECORDS_MAX && oldest !== undefined) seen.delete(oldest);
    return true;
  });
  return { records: fresh, recent: [...seen] };
}
