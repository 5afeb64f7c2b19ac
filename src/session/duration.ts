const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** From here on minutes say nothing. */
const LONG_HOURS = 10;

/** A time as people say it: `45 min`, `2 h 10 min`, `24 h`; `under a minute` where that is so. */
export function durationText(durationMs: number): string {
  const minutes = Math.round(durationMs / MINUTE_MS);
  if (minutes < 1) return "under a minute";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= LONG_HOURS) return `${Math.round(durationMs / HOUR_MS)} h`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

const PARTS = /^(?:(\d{1,6}) h)?(?: ?(\d{1,6}) min)?(?= |$)/;

/** The time that a text begins with, as {@link durationText} writes it; undefined where it begins with none. To the minute. */
export function durationIn(text: string): number | undefined {
  const [, hours, minutes] = PARTS.exec(text) ?? [];
  if (hours === undefined && minutes === undefined) return undefined;
  return Number(hours ?? 0) * HOUR_MS + Number(minutes ?? 0) * MINUTE_MS;
}
