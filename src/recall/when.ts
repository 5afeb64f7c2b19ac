const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** `25 Jan`, local; with its year where that is not the year of `nowMs`. Absolute, so that a prepared text stays true. */
export function dayOf(atMs: number, nowMs: number): string {
  const at = new Date(atMs);
  if (Number.isNaN(at.getTime())) return "unknown date";
  const day = `${at.getDate()} ${MONTHS[at.getMonth()] ?? ""}`;
  return at.getFullYear() === new Date(nowMs).getFullYear() ? day : `${day} ${at.getFullYear()}`;
}

/** `25 Jan 14:02`, local. */
export function momentOf(atMs: number, nowMs: number): string {
  return `${dayOf(atMs, nowMs)} ${timeOf(atMs)}`.trimEnd();
}

/** `14:02`, local; "" for a time that is none. */
export function timeOf(atMs: number): string {
  const at = new Date(atMs);
  if (Number.isNaN(at.getTime())) return "";
  return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
}
