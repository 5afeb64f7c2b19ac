import { isTrue, type PrintedBrief, readPrintedBrief } from "../src/app/printed-brief.ts";

/** The printed brief of a work tree if it still says what a new one would say: what a start prints as it is. */
export function findPrintedBrief(home: string, root: string, nowMs: number): PrintedBrief | undefined {
  const printed = readPrintedBrief(home, root);
  return printed !== undefined && isTrue(printed, nowMs) ? printed : undefined;
}
