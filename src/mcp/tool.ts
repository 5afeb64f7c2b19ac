import { z } from "zod";
import type { App } from "../app/app.ts";
import { AppError } from "../base/error.ts";
import type { JsonObject } from "../base/parse.ts";
import type { Said } from "./answer.ts";

/** One tool, as `tools/list` shows it and as it is called. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: { readonly type: "object" };
  readonly annotations: Annotations;
  /** Shown to the model from the start, also by a client that lets it look for tools. */
  readonly alwaysLoad: boolean;
  /** @throws AppError `input_invalid` for arguments that it does not take, and what the use case throws. */
  call(app: App, args: unknown): Promise<Said>;
}

/** What a client may know before it asks its person (MCP 2025-11-25, ToolAnnotations). Nothing of ours leaves the machine. */
export interface Annotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint: false;
}

/** A tool out of a use case: its schema is the check, and what the model reads. */
export function tool<Input>(definition: {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType<Input>;
  readonly annotations: Annotations;
  readonly alwaysLoad?: boolean;
  /** Properties as they are listed where that is shorter than their schema; undefined where another way leads there. */
  readonly listedAs?: { readonly [property: string]: JsonObject | undefined };
  readonly run: (app: App, input: Input) => Promise<Said>;
}): Tool {
  const { name, description, input, annotations, listedAs = {}, run } = definition;
  const schema = z.toJSONSchema(input, { io: "input" });
  return {
    name,
    description,
    inputSchema: shown({
      ...schema,
      properties: defined({ ...schema.properties, ...listedAs }),
    }) as Tool["inputSchema"],
    annotations,
    alwaysLoad: definition.alwaysLoad === true,
    call: async (app, args) => run(app, checked(name, input, args)),
  };
}

function checked<Input>(name: string, schema: z.ZodType<Input>, args: unknown): Input {
  const result = schema.safeParse(args ?? {});
  if (result.success) return result.data;
  const wrong = result.error.issues.slice(0, ISSUES_MAX).map(({ path, message }) => {
    const where = path.map(String).join(".");
    return where === "" ? message : `${where}: ${message}`;
  });
  throw new AppError("input_invalid", wrong.join(" "), `The input schema of \`${name}\` says what it takes.`);
}

const ISSUES_MAX = 5;

/** Every conversation pays for a schema: what is checked anyway, and says nothing to who fills it in, is left out. */
function shown(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(shown);
  if (typeof schema !== "object" || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema as JsonObject)
      .filter(([key]) => !UNSHOWN.has(key))
      .map(([key, value]) => [key, shown(value)]),
  );
}

function defined(properties: { readonly [name: string]: unknown }): JsonObject {
  return Object.fromEntries(Object.entries(properties).filter(([, schema]) => schema !== undefined));
}

const UNSHOWN = new Set(["$schema", "additionalProperties", "minLength", "maxLength", "minimum", "maximum"]);
