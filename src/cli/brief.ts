import { showBrief } from "../app/show-brief.ts";
import { counted } from "../base/count.ts";
import { BRIEF_TOKENS_MAX } from "../base/limits.ts";
import type { Brief, BriefItem } from "../recall/brief.ts";
import { grouped } from "./amount.ts";
import { cellsOf, cutInTheMiddle, cutTo, padded } from "./cells.ts";
import { type Door, type Run, show, showExact, textOption } from "./door.ts";

export const run: Run = async (door, given) => {
  const { brief } = await showBrief(door.app, { session: textOption(given, "session") });
  const { text, tokens, omitted } = brief;
  const items = brief.items.map((item) => ({
    kind: item.kind,
    text: item.text,
    tokens: item.tokens,
    source: item.source,
    why: item.why,
  }));
  const document = { schema: "leftoff.brief/1", text, tokens, items, omitted } as { schema: string };
  // What is injected, byte for byte.
  if (given.options.explain !== true) showExact(door, document, () => text);
  else show(door, document, () => explained(door, brief));
};

/** Each item with what it costs and where it is from, below why it is there. */
function explained(door: Door, { items, tokens, omitted }: Brief): string {
  const { bold, dim, cyan } = door.style;
  const left = omitted === 0 ? "nothing was left out" : `${counted(omitted, "item")} did not fit`;
  const lines = items.flatMap((item, index) => {
    const above = items[index - 1];
    return [...(above?.why === item.why ? [] : ["", cyan(item.why)]), itemLine(door, item)];
  });
  return [
    `${bold(`${grouped(tokens)} tokens`)} of at most ${grouped(BRIEF_TOKENS_MAX)} (estimated); ${left}.`,
    ...lines,
    "",
    dim("`leftoff brief` prints it as the agent gets it."),
  ].join("\n");
}

function itemLine({ style, columns = WIDTH_WITHOUT_TERMINAL }: Door, item: BriefItem): string {
  const { tokens, text, kind } = item;
  const source = sourceOf(item.source);
  const said = text.startsWith(`${kind}: `) ? text.slice(kind.length + 2) : text;
  const room = columns - COST_COLUMNS - 4 - cellsOf(source);
  return `${String(tokens).padStart(COST_COLUMNS)}  ${padded(cutTo(said, room), room)}  ${style.dim(source)}`;
}

const COST_COLUMNS = 5;
const WIDTH_WITHOUT_TERMINAL = 120;
/** A path that is quoted. */
const SOURCE_COLUMNS_MAX = 30;

/** Ids of notes by their ends, as commands take them; those of conversations by their beginnings, as the brief has them. */
function sourceOf(source: string): string {
  const short = source
    .replace(/^[a-z]{3}_[0-9a-f]{26}([0-9a-f]{6})$/, "$1")
    .replace(/^(conversation [0-9a-f]{8})-[0-9a-f-]{27}$/, "$1")
    .replace(/^(git [0-9a-f]{7})[0-9a-f]*$/, "$1");
  return cutInTheMiddle(short, SOURCE_COLUMNS_MAX);
}
