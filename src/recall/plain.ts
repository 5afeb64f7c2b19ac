/** What may look at most this long before it is made plain: far more than a line of a brief shows, so that an item of a megabyte costs nothing. */
const LOOKED_AT_CHARS_MAX = 4_000;

/** Escape sequences of terminals: CSI (`ESC [ … m`), OSC up to its end, and two-character ones. ECMA-48, 5.4. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const ANSI = /[\u001b\u009b](?:\[?[0-9;:?<=>]{0,64}[ -/]{0,8}[@-~]|\][^\u0007\u001b]{0,256})/g;
/** White space, every kind of line end included. */
const WHITE = /[\s\u0085]+/gu;
/** What cannot be seen but can steer: controls, bidi, zero-width, tag characters, variation selectors, fillers. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const LONE_SURROGATE = /\p{Cs}/gu;
/** `<name …>`, `</name>`, `<|name|>`: how agents' own messages are marked up. A type argument (`Map<string>`) stands behind a word. */
const TAG =
  /(?<!\w)<([/|!?]?[A-Za-z][^<>]{0,200})>|<([/|!?][A-Za-z|][^<>]{0,200})>|<(\s{0,4}[/|]?\s{0,4}[A-Za-z]+[-_:][^<>]{0,200})>/g;
const CONTROL_TAG =
  /<(?=\s{0,4}[/|!?]?\s{0,4}(?:system|user|human|assistant|tool|function|invoke|parameter|antml|instructions?|env|hook|im_start|im_end)(?![A-Za-z]))/gi;
/** Three or more marks that would open or close a markdown fence. */
const MARKDOWN_FENCE = /`{3,}|~{3,}/g;

/**
 * One line of somebody's words that says what it said and steers nothing: no control, bidi, zero-width or tag characters,
 * no escape sequences, no markup of agents, no fence of ours or of markdown, and no command at its beginning.
 */
export function plainLine(text: string): string {
  const head = text.length > LOOKED_AT_CHARS_MAX ? text.slice(0, LOOKED_AT_CHARS_MAX) : text;
  const line = head
    .replace(ANSI, "")
    .replace(WHITE, " ")
    .replace(INVISIBLE, "")
    .replace(LONE_SURROGATE, "\uFFFD")
    .replace(
      TAG,
      (_, a: string | undefined, b: string | undefined, c: string | undefined) => `‹${a ?? b ?? c ?? ""}›`,
    )
    .replace(CONTROL_TAG, "‹")
    .replace(MARKDOWN_FENCE, "'''")
    .replaceAll("═", "=")
    .trim();
  return line.startsWith("/") || line.startsWith("!") ? quotedFirstWord(line) : line;
}

/** `/compact now` as `` `/compact` now ``: a name, not a call. */
function quotedFirstWord(line: string): string {
  const end = line.indexOf(" ");
  const word = (end === -1 ? line : line.slice(0, end)).replaceAll("`", "'");
  return `\`${word}\`${end === -1 ? "" : line.slice(end)}`;
}
