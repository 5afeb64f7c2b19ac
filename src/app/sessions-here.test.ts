import { mkdirSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AppBox, makeAppBox } from "../../test/app-box.ts";
import type { App } from "./app.ts";
import { newSession } from "./new-session.ts";
import { callingPlace } from "./resolve-session.ts";
import { sessionsHere } from "./sessions-here.ts";
import { statusHere } from "./status.ts";

let box: AppBox;
beforeEach(async () => {
  box = makeAppBox();
  await callingPlace(box.app);
  box.initialise();
  for (const title of ["Login", "Search", "Mail"]) await newSession(box.app, { title });
});
afterEach(() => box.dispose());

const path = (name: string) => join(box.project, ".claude", name);

/** The same program, and what it reads of its state. */
function watched(app: App): { readonly app: App; readonly reads: readonly string[] } {
  const reads: string[] = [];
  const get = (key: string) => {
    reads.push(key);
    return app.store.state.get(key);
  };
  return { app: { ...app, store: { ...app.store, state: { ...app.store.state, get } } }, reads };
}

test("where nobody did anything to the documents, the summaries of other sessions are read once", async () => {
  const { app, reads } = watched(box.app);
  const { session, otherOpen } = await statusHere(app, {});
  expect(otherOpen).toBe(0);
  const ofOthers = reads.filter((key) => /\/sessions\/ses_/.test(key) && !key.endsWith(session?.id ?? ""));
  expect(ofOthers).toHaveLength(2);
  expect(new Set(ofOthers).size).toBe(2);
  expect(reads.filter((key) => key === "sessions")).toHaveLength(1);
});

test("a document that was placed in the folder, and one that was moved away, are in what it gives", async () => {
  const here = await callingPlace(box.app);
  const before = sessionsHere(box.app, here);
  expect(before.map(({ title }) => title).sort()).toEqual(["Login", "Mail", "Search"]);
  box.write(
    path("sessions/2026-01-24-billing.tmp"),
    "# Session State: Billing\n\n## Next Steps\n- [ ] Ask\n",
  );
  const login = before.find(({ title }) => title === "Login")?.document ?? "";
  mkdirSync(path("context"), { recursive: true });
  renameSync(login, path(`context/${basename(login)}`));
  const after = sessionsHere(box.app, here);
  const phases = new Map(after.map(({ title, phase }) => [title, phase]));
  expect(phases.get("Billing")).toBeDefined();
  expect(phases.get("Login")).toBe("archived");
});
