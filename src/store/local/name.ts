const NAME_PATTERN = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** Whether a text can be the name of a file of ours: it leads nowhere else and is not hidden (docs/formats/state.md). */
export function isSafeName(text: string): boolean {
  return NAME_PATTERN.test(text);
}
