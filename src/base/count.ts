/** A number with what it counts, in the right form: `1 prompt`, `2 prompts`, `0 prompts`. The plural of `what` ends in s. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
