import { showBrief } from "../app/show-brief.ts";
import type { BriefItem } from "../recall/brief.ts";
import { type Door, type Run, show, textOption } from "./door.ts";
import { table } from "./table.ts";

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
  show(door, { schema: "leftoff.brief/1", text, tokens, items, omitted } as { schema: string }, () => {
    if (given.options.explain !== true) return text;
    return [
      explained(door, brief.items),
      `${tokens} tokens in all (estimated), ${omitted} items not shown.`,
    ].join("\n\n");
  });
};

function explained({ style }: Door, items: readonly BriefItem[]): string {
  const rows = items.map(({ kind, text, tokens, source, why }) => [
    kind,
    String(tokens),
    cut(text),
    style.dim(source.slice(-13)),
    style.dim(why),
  ]);
  return table(["KIND", "TOKENS", "ITEM", "SOURCE", "WHY"].map(style.dim), rows);
}

function cut(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
