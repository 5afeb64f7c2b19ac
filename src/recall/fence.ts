import { sha256 } from "../base/digest.ts";

/** Stands in no item ({@link plainLine} replaces it), so no item can hold or close a fence. */
const RULE = "═══";
/** Decimal digits, in groups that every tokenizer knows: each fence costs the same, so that a brief can be packed before its fence is known. */
const DIGITS = 12;

/** Wraps lines in two equal delimiter lines made from their own content: the same content gives the same text. */
export function fenced(lines: readonly string[]): string {
  const body = lines.join("\n");
  const delimiter = delimiterOf(body);
  return `${delimiter}\n${body}\n${delimiter}`;
}

/** A delimiter of the usual cost, for counting. */
export const DELIMITER_SAMPLE = `${RULE} leftoff ${"0".repeat(DIGITS)} ${RULE}`;

function delimiterOf(body: string): string {
  const number = BigInt(`0x${sha256(body).slice(0, 16)}`) % 10n ** BigInt(DIGITS);
  return `${RULE} leftoff ${String(number).padStart(DIGITS, "0")} ${RULE}`;
}
