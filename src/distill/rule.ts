/** A way of saying something: used as the expression that it stands for. */
export type Rule = Pick<RegExp, "exec" | "test">;

/** After so many texts, what was looked for in them has cost as much as the expression would have. */
const TEXTS_BEFORE_COMPILED = 100;

/**
 * An expression, and its landmarks, parted by `|`: any text in which the expression finds something holds one of them in small
 * letters. The same is found as by the expression alone, but a text without a landmark does not need it. V8 compiles an
 * expression when it is first run, in the time of a hundred searches for a word, and a hook that reads one turn has thirty of them.
 *
 * Whoever adds a wording adds its landmark: rule.test.ts follows every way through the expressions and names those that lack it.
 */
export function rule(landmarks: string, expression: () => RegExp): Rule {
  const words = landmarks.split("|");
  let texts = 0;
  let compiled: RegExp | undefined;
  const exec: Rule["exec"] = (text) => {
    if (compiled === undefined) {
      texts += 1;
      const small = text.toLowerCase();
      if (texts < TEXTS_BEFORE_COMPILED && !words.some((word) => small.includes(word))) return null;
      compiled = expression();
    }
    return compiled.exec(text);
  };
  return { exec, test: (text) => exec(text) !== null };
}
