import { normalText } from "../document/item-text.ts";
import { gitUserName } from "../workspace/drift.ts";
import type { App } from "./app.ts";
import type { Here } from "./here.ts";

/** A name in a list of a team is a word or two. */
const HANDLE_CHARS_MAX = 40;

/**
 * What the person here is called in pages for others, `@ada-lovelace`: LEFTOFF_PERSON, else the name that git has, else
 * the account's. Asks git: never in a hook.
 */
export async function personHandle(app: App, here: Here): Promise<string> {
  const given = app.env.LEFTOFF_PERSON ?? "";
  if (given.trim() !== "") return givenHandle(app, given);
  const name = (await gitUserName(here.location)) ?? app.env.USER ?? app.env.LOGNAME ?? "";
  return givenHandle(app, name);
}

/** A name as it may stand in a page: whatever is taken for one may hold a secret. */
export function givenHandle(app: App, name: string): string {
  return handleOf(app.redactor.text(name));
}

/** Letters and digits of any script, in small letters; `@somebody` where there is none. */
export function handleOf(name: string): string {
  const words =
    normalText(name)
      .slice(0, 200)
      .normalize("NFC")
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const handle = [...words.join("-")].slice(0, HANDLE_CHARS_MAX).join("").replace(/-+$/, "");
  return `@${handle === "" ? "somebody" : handle}`;
}
