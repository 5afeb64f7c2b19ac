/** By the numbers of a version, whatever words stand around them: `v20.19.1`, `2.39.5 (Apple Git-154)`. */
export function isBelow(version: string, minimum: string): boolean {
  const [have, want] = [numbersOf(version), numbersOf(minimum)];
  for (const [at, wanted] of want.entries()) {
    const number = have[at] ?? 0;
    if (number !== wanted) return number < wanted;
  }
  return false;
}

function numbersOf(version: string): readonly number[] {
  return (/\d+(?:\.\d+)*/.exec(version)?.[0] ?? "").split(".").map(Number);
}
