import * as limits from "../../src/base/limits.ts";
import { exportedConstants } from "./source.ts";
import { GENERATED, tableOf } from "./text.ts";

const SOURCE = "src/base/limits.ts";

export interface Limit {
  readonly name: string;
  readonly value: number;
  /** What one of it is, out of its name; undefined where the name does not say. */
  readonly unit: string | undefined;
  readonly why: string;
}

/** Every limit of the program, in the order of its source. */
export function readLimits(): readonly Limit[] {
  const values: { readonly [name: string]: unknown } = limits;
  return exportedConstants(SOURCE).map(({ name, comment }) => ({
    name,
    value: Number(values[name]),
    unit: unitOf(name),
    why: comment,
  }));
}

export function limitsPage(): string {
  const rows = readLimits().map(({ name, value, unit, why }) => [`\`${name}\``, amount(value, unit), why]);
  return `# Limits

${GENERATED}

Everything has a limit: a file that is damaged, a person who pastes a book or an agent that runs for a week must cost no more
than this. None of them can be configured.

${tableOf(["limit", "value", "why"], rows)}
`;
}

const UNITS: { readonly [word: string]: string } = {
  MS: "ms",
  S: "s",
  BYTES: "bytes",
  CHARS: "characters",
  TOKENS: "tokens",
  SHARE: "of the whole",
  DEPTH: "levels",
};

/** The unit stands last (`HOOK_DEADLINE_MS`), or before MAX or MIN (`BRIEF_TOKENS_MAX`); else what is counted does (`TURNS_KEPT_MAX`). */
function unitOf(name: string): string | undefined {
  const words = name.split("_").filter((word) => word !== "MAX" && word !== "MIN");
  const unit = UNITS[words.at(-1) ?? ""];
  if (unit !== undefined) return unit;
  return /_M(?:AX|IN)/.test(name)
    ? words.find((word) => /^[A-Z]{3,}S$/.test(word))?.toLowerCase()
    : undefined;
}

function amount(value: number, unit = ""): string {
  const plain = `${value.toLocaleString("en-US")} ${unit}`.trim();
  const told = unit === "ms" ? duration(value) : unit === "bytes" ? size(value) : undefined;
  return told === undefined ? plain : `${plain} (${told})`;
}

function duration(ms: number): string | undefined {
  if (ms >= 3_600_000) return `${ms / 3_600_000} h`;
  if (ms >= 60_000) return `${ms / 60_000} min`;
  return ms >= 1_000 ? `${ms / 1_000} s` : undefined;
}

function size(bytes: number): string | undefined {
  if (bytes >= 1024 * 1024) return `${bytes / 1024 / 1024} MiB`;
  return bytes >= 1024 ? `${bytes / 1024} KiB` : undefined;
}
