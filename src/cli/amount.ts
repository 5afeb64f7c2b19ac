/** Bytes as people say them: `1.2 GB`. Decimal units, as file managers show them. */
export function bytes(sizeBytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let value = sizeBytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

export function seconds(durationMs: number): string {
  return durationMs < 950
    ? `${Math.round(durationMs)} ms`
    : `${(durationMs / 1000).toFixed(durationMs < 9_950 ? 1 : 0)} s`;
}

/** `1,234,567`, whatever the machine's language. */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}
