import { AppError } from "./error.ts";

/**
 * Checks of untrusted values without a schema library: what hooks load must start in milliseconds, and zod alone costs
 * 80 ms of CPU. Readers ask for what they need and get `undefined` for everything else.
 */
export type JsonObject = { readonly [key: string]: unknown };

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

export function asArray(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

export function stringField(object: JsonObject | undefined, key: string): string | undefined {
  const value = ownField(object, key);
  return typeof value === "string" ? value : undefined;
}

export function numberField(object: JsonObject | undefined, key: string): number | undefined {
  const value = ownField(object, key);
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

export function booleanField(object: JsonObject | undefined, key: string): boolean | undefined {
  const value = ownField(object, key);
  return typeof value === "boolean" ? value : undefined;
}

export function objectField(object: JsonObject | undefined, key: string): JsonObject | undefined {
  return asObject(ownField(object, key));
}

export function arrayField(object: JsonObject | undefined, key: string): readonly unknown[] | undefined {
  return asArray(ownField(object, key));
}

/** Parses JSON; `undefined` where the text is none. Never throws: depth bombs end as a RangeError inside and count as no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The part of a zod schema that {@link parseInput} needs, so that this file does not load zod. */
interface Schema<T> {
  safeParse(
    value: unknown,
  ): { success: true; data: T } | { success: false; error: { issues: readonly InputIssue[] } };
}
interface InputIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What a door got, as the use case's input. @throws AppError `input_invalid`, naming the first field that is wrong. */
export function parseInput<T>(schema: Schema<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue && issue.path.length > 0 ? `${issue.path.map(String).join(".")}: ` : "";
  throw new AppError(
    "input_invalid",
    `${where}${issue?.message ?? "The input is not valid."}`,
    "See --help for what this command takes.",
  );
}

/** `__proto__` and friends are data here, never the prototype's. */
function ownField(object: JsonObject | undefined, key: string): unknown {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}
