/** What is looked at of one text: more than any line of a brief shows, so that an item of a megabyte costs no more than others. */
const LOOKED_AT_CHARS_MAX = 2_000;

/** Escape sequences of terminals (ECMA-48, 5.4): CSI with its parameters, OSC up to its end, and the two-character ones. */
const ANSI =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  /(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,8}[@-~]|\u001b\][^\u0007\u001b]{0,256}(?:\u0007|\u001b\\)?|\u001b[ -/]{0,8}[0-~]/g;
/** White space with every kind of line end. */
const WHITE = /[\s\u0085]+/gu;
/** What nobody sees but what can steer a reader: controls, bidi marks, zero-width and tag characters, variation selectors, fillers. */
const invisible = () => /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const loneSurrogate = () => /\p{Cs}/gu;
/** `<name …>`, `</name>`, `<|name|>`, `<a-name>`: how agents mark up their own messages. A type argument (`Map<string>`) follows a word. */
const TAG =
  /(?<!\w)<([/|!?]?[A-Za-z][^<>]{0,200})>|<([/|!?][A-Za-z|][^<>]{0,200})>|<(\s?[/|]?\s?[A-Za-z]+[-_:][^<>]{0,200})>/g;
/** The beginning of such a mark that is never closed, or that follows a word, by the names that agents use. */
const CONTROL_TAG =
  /<(?=\s?[/|!?]?\s?(?:system|user|human|assistant|tool|function|invoke|parameter|antml|instructions?|thinking|command|local|bash|task|hook|env|im_)(?![a-z]))/gi;
/** What would open or close a fence of markdown. */
const MARKDOWN_FENCE = /`{3,}|~{3,}/g;
/** What an agent might take for a call: `/compact`, `!rm -rf`. */
function isCall(line: string): boolean {
  return line.startsWith("/") || line.startsWith("!");
}

/**
 * Somebody's words as one line that says what they say and steers nothing: without control, bidi, zero-width and tag
 * characters, escape sequences, markup of agents, fences (of markdown and ours) and without a call at its beginning. Of a
 * long text only the beginning, with "…". Linear in time, any input.
 */
export function plainLine(text: string): string {
  return isPlain(text) ? text : madePlain(text);
}

/** Nearly all that is said: printable ASCII with nothing in it that would be changed. Nine expressions need not be compiled then. */
function isPlain(text: string): boolean {
  return (
    text.length <= LOOKED_AT_CHARS_MAX &&
    PRINTABLE.test(text) &&
    !isCall(text) &&
    !(text.startsWith(" ") || text.endsWith(" ") || text.includes("  ")) &&
    !(text.includes("```") || text.includes("~~~"))
  );
}

/** ASCII without controls and without `<`. */
const PRINTABLE = /^[ -;=-~]*$/;

function madePlain(text: string): string {
  const whole = text.length <= LOOKED_AT_CHARS_MAX;
  const line = (whole ? text : text.slice(0, LOOKED_AT_CHARS_MAX))
    .replace(ANSI, "")
    .replace(WHITE, " ")
    .replace(invisible(), "")
    .replace(/ {2,}/g, " ")
    .replace(loneSurrogate(), "\uFFFD")
    .replace(TAG, (_, any?: string, closing?: string, named?: string) => `‹${any ?? closing ?? named ?? ""}›`)
    .replace(CONTROL_TAG, "‹")
    .replace(MARKDOWN_FENCE, "'''")
    .replaceAll("═", "=")
    .trim();
  const said = isCall(line) ? firstWordQuoted(line) : line;
  return whole || said === "" ? said : `${said}…`;
}

/** `/compact now` as `` `/compact` now ``: the name of a call, not the call. */
function firstWordQuoted(line: string): string {
  const end = line.indexOf(" ");
  const word = (end === -1 ? line : line.slice(0, end)).replaceAll("`", "'");
  return `\`${word}\`${end === -1 ? "" : line.slice(end)}`;
}
