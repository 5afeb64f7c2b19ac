import { type Fire, sentence, word } from "./fire.ts";

// What a person types.

export function typedItem({ model }: Fire): string {
  const own = word(model);
  model.typed.add(own);
  return `person step ${own} by hand`;
}

export function proseWord({ model }: Fire): string {
  const own = word(model);
  model.prose.add(own);
  return own;
}

export function withProse(text: string, own: string): string {
  return `${text}\n## Thoughts of mine\n\n${sentence(own)}\n`;
}

/** Puts an item first into the next steps, or makes that section. */
export function withItem(text: string, item: string): string {
  const heading = /^## .*Next Steps.*$/m.exec(text);
  if (heading === null) return `${text}\n\n## Next Steps\n\n- [ ] ${item}\n`;
  const at = heading.index + heading[0].length;
  return `${text.slice(0, at)}\n\n- [ ] ${item}${text.slice(at)}`;
}
