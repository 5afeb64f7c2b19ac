const MINUTE_MS = 60_000;
const UNITS_MS: { readonly [unit: string]: number } = {
  m: MINUTE_MS,
  min: MINUTE_MS,
  minute: MINUTE_MS,
  h: 60 * MINUTE_MS,
  hr: 60 * MINUTE_MS,
  hour: 60 * MINUTE_MS,
  d: 24 * 60 * MINUTE_MS,
  day: 24 * 60 * MINUTE_MS,
  w: 7 * 24 * 60 * MINUTE_MS,
  week: 7 * 24 * 60 * MINUTE_MS,
};
/** Nothing of anybody's is older, and sums of it stay whole numbers. */
const MAX_MS = 100 * 366 * 24 * 60 * MINUTE_MS;
const PART = /^\s*(\d{1,9}(?:\.\d{1,6})?)\s*([a-z]{1,7})\s*/i;
const PARTS_MAX = 4;

/** A duration as people type it: `2h`, `90 min`, `1h 30m`, `1.5 days`. Elapsed time: a day is 24 hours. Undefined for anything else, and for none. */
export function parseDuration(text: string): number | undefined {
  let rest = text;
  let sumMs = 0;
  for (let count = 0; rest !== "" && count < PARTS_MAX; count += 1) {
    const part = PART.exec(rest);
    const unit = part?.[2]?.toLowerCase() ?? "";
    const unitMs = UNITS_MS[unit] ?? UNITS_MS[unit.replace(/s$/, "")];
    if (part === null || unitMs === undefined) return undefined;
    sumMs += Number(part[1]) * unitMs;
    rest = rest.slice(part[0].length);
  }
  const wholeMs = Math.round(sumMs);
  return rest === "" && wholeMs > 0 && wholeMs <= MAX_MS ? wholeMs : undefined;
}
