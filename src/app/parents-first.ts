import { type JsonObject, stringField } from "../base/parse.ts";

/**
 * Records of a transcript with every parent (`parentUuid`) before its children, and otherwise in their order. Claude Code 2.1.197
 * makes the file of a new conversation late, and then what waited for it and what is new are not always written in their order: an
 * error of the API was seen before the prompt that it is the answer to. Parents that are not among the records, or that are
 * their own children's children, change nothing. Linear time.
 */
export function parentsFirst(records: readonly JsonObject[]): readonly JsonObject[] {
  const ahead = new Set(records.map(idOf).filter((id) => id !== undefined));
  const waiting = new Map<string, JsonObject[]>();
  const ordered = new Set<JsonObject>();
  for (const record of records) {
    const parent = stringField(record, "parentUuid");
    if (parent !== undefined && ahead.has(parent) && parent !== idOf(record)) {
      const siblings = waiting.get(parent);
      if (siblings === undefined) waiting.set(parent, [record]);
      else siblings.push(record);
      continue;
    }
    for (const family = [record]; family.length > 0; ) {
      const next = family.pop() as JsonObject;
      const id = idOf(next) ?? "";
      ordered.add(next);
      ahead.delete(id);
      family.push(...(waiting.get(id) ?? []).reverse());
      waiting.delete(id);
    }
  }
  return ordered.size === records.length ? [...ordered] : [...new Set([...ordered, ...records])];
}

function idOf(record: JsonObject): string | undefined {
  return stringField(record, "uuid");
}
