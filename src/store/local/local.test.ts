import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../base/clock.ts";
import { newSessionId } from "../../base/id.ts";
import { EVENT_BYTES_MAX } from "../../base/limits.ts";
import { latestContract } from "../latest.contract.ts";
import { eventWith, type StoreUnderTest, storeContract, storeOfTest } from "../store.contract.ts";
import { openLocalStore } from "./local.ts";

let base = "";
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "leftoff-store-"));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

function underTest(): StoreUnderTest {
  const home = mkdtempSync(join(base, "here-"));
  const away = mkdtempSync(join(base, "there-"));
  const open = (at: string) => openLocalStore(at, systemClock);
  return {
    store: open(home),
    reopen: () => open(home),
    other: open(away),
    exchange: () => {
      mkdirSync(join(home, "journal"), { recursive: true });
      mkdirSync(join(away, "journal"), { recursive: true });
      cpSync(join(home, "journal"), join(away, "journal"), { recursive: true });
      cpSync(join(away, "journal"), join(home, "journal"), { recursive: true });
    },
    close: () => undefined,
  };
}

const current = storeOfTest(underTest);
storeContract(current);
latestContract(current);

test("opening and reading a store makes no file, writing makes only what its owner can read", () => {
  const home = join(base, "fresh");
  const store = openLocalStore(home, systemClock);
  store.journal.read(newSessionId(0));
  store.state.get("a");
  expect(existsSync(home)).toBe(false);

  store.state.put("a/b", 1);
  store.journal.append(newSessionId(0), [eventWith({ type: "session.paused", data: {} })]);
  const modes = readdirSync(home, { recursive: true }).map((name) => statSync(join(home, String(name))));
  for (const { mode } of modes) expect(mode & 0o077).toBe(0);
});

test("an event that is too large is refused before anything is written", () => {
  const home = join(base, "large");
  const store = openLocalStore(home, systemClock);
  const large = eventWith({ type: "session.renamed", data: { title: "x".repeat(EVENT_BYTES_MAX) } });
  const small = eventWith({ type: "session.paused", data: {} });
  expect(() => store.journal.append(newSessionId(0), [small, large])).toThrow(
    expect.objectContaining({ code: "input_invalid" }),
  );
  expect(store.journal.sessions()).toEqual([]);
});
