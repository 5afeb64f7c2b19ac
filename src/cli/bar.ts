/** Block elements by eighths of a column (Unicode 2588 to 258F). */
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

/** A bar of at most `columns` for a share from 0 to 1, to an eighth of a column; something that is not nothing has at least that. */
export function bar(share: number, columns: number): string {
  const whole = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * columns * 8;
  const eighths = whole > 0 ? Math.max(1, Math.round(whole)) : 0;
  return "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
}
