/** First draft of the classes; calibrated in the next commit. */
export function estimateTokens(text: string): number {
  let tokens = 0;
  let run = 0;
  let kind = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const now = kindOf(code);
    if (now !== kind || now >= OTHER) {
      tokens += costOf(kind, run);
      run = 0;
      kind = now;
    }
    run += 1;
  }
  return Math.ceil(tokens + costOf(kind, run));
}

const SPACE = 1;
const LOWER = 2;
const UPPER = 3;
const DIGIT = 4;
const OTHER = 5;
const WIDE = 6;

function kindOf(code: number): number {
  if (code === 32) return SPACE;
  if (code >= 97 && code <= 122) return LOWER;
  if (code >= 65 && code <= 90) return UPPER;
  if (code >= 48 && code <= 57) return DIGIT;
  return code < 128 ? OTHER : WIDE;
}

function costOf(kind: number, run: number): number {
  if (kind === SPACE) return run > 1 ? 1 : 0.2;
  if (kind === LOWER || kind === UPPER) return run <= 5 ? 1 : 1 + (run - 5) / 3;
  if (kind === DIGIT) return Math.ceil(run / 3);
  return kind === OTHER ? 1 : run * 1.5;
}
