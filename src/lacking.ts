let isLacking = false;

/**
 * Stands in for each function that `dist/status.cjs` leaves to `dist/status-whole.cjs` (scripts/lean.ts). That it was asked for is
 * kept, so that nobody who catches what is thrown can make an answer of it.
 */
export function lack(name: string): never {
  isLacking = true;
  throw new Error(`${name} is in status-whole.cjs`);
}

/** Whether something was asked for that is not there: what was found out until then is no answer. */
export function hasLacked(): boolean {
  return isLacking;
}
