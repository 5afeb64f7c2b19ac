import { join } from "node:path";
import { openPacking } from "./store/local/archive-pack.ts";
import type { Packing } from "./store/store.ts";

/** What packs kept copies of conversations: a bundle of its own, since the engine has to do with it once in hundreds of turns. */
export function openPackings(home: string): Packing {
  return openPacking(join(home, "archive"));
}
