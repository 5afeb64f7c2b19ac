import type { Run } from "./door.ts";

/** The door to agents. It prints nothing itself: standard output belongs to the protocol. */
export const run: Run = (door, { options }) => door.serveMcp({ resources: options.resources !== false });
