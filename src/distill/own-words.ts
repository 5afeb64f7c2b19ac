/** How a brief begins and ends (recall/fence.ts). */
const FENCE = /^\s*═══ leftoff \d{12} ═══\s*$/;
/** How a line of a brief says where it comes from: `[person, 25 Jan, 999450]`, `[conversation aaaaaaaa]`, `[git 1a2b3c4]`. */
const CITED =
  /\[(?:[^[\],]{1,40}, [^[\],]{1,40}, [0-9a-f]{6}|conversation [A-Za-z0-9]{8}|git(?: [0-9a-f]{7})?)\]\s*$/;
/** A line of a brief is shorter, and what is longer costs nothing. */
const LINE_CHARS_MAX = 4_000;

/**
 * What an agent said, without what it repeats of a brief of ours: whole briefs between their fences (or to the end, where
 * one was cut off), and single lines with their citation. A brief taken in again would confirm itself for ever.
 */
export function withoutOurWords(text: string): string {
  if (!text.includes("═══ leftoff") && !text.includes("]")) return text;
  let inside = false;
  const own = text.split("\n").filter((line) => {
    const isFence = line.length <= LINE_CHARS_MAX && FENCE.test(line);
    if (isFence) inside = !inside;
    return !inside && !isFence && !(line.length <= LINE_CHARS_MAX && CITED.test(line.slice(-120)));
  });
  return own.join("\n");
}
