/** Only the start of a text is looked at: bounds the cost, and items differ early. */
const COMPARED_CHARS = 300;
/** A text that holds the whole of another one is a longer version of it, if that one says something. */
const CONTAINED_CHARS_MIN = 8;
const CONTAINED = 0.8;

/** A text prepared for comparison: its pairs of neighbouring characters, each as often as it occurs. */
export interface Shape {
  readonly text: string;
  readonly pairs: ReadonlyMap<string, number>;
  readonly size: number;
}

export function shapeOf(original: string): Shape {
  const text = original.slice(0, COMPARED_CHARS).toLowerCase();
  const pairs = new Map<string, number>();
  for (let at = 0; at + 1 < text.length; at += 1) {
    const pair = text.slice(at, at + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return { text, pairs, size: Math.max(text.length - 1, 0) };
}

/** How alike two texts are, 0 to 1: the Dice coefficient of their character pairs, which needs no words and so fits every script. */
export function similarity(a: Shape, b: Shape): number {
  if (a.text === b.text) return 1;
  const [short, long] = a.size <= b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const [pair, count] of short.pairs) shared += Math.min(count, long.pairs.get(pair) ?? 0);
  const dice = a.size + b.size === 0 ? 0 : (2 * shared) / (a.size + b.size);
  const contained = short.text.length >= CONTAINED_CHARS_MIN && long.text.includes(short.text);
  return contained ? Math.max(dice, CONTAINED) : dice;
}
