import {
  type Day,
  type Files,
  filesOf,
  reply,
  type ScriptedTurn,
  shell,
  task,
  taskIs,
  text,
  thinking,
} from "./day.ts";

/** Tests first; a counter per customer is tried, cannot tell two devices apart, and is taken back. */
export function dayOne(root: string): Day {
  const files = filesOf(root);
  return {
    title: "Refresh token rotation",
    startsAt: "2026-11-17T14:08:12.000Z",
    lastsMinutes: 41,
    turns: [testsAndCounter(files), noRedis(files)],
  };
}

function testsAndCounter({ read, write, edit }: Files): ScriptedTurn {
  return {
    prompt:
      "Refresh tokens are good for 30 days and never change. Rotate them: every POST /refresh gives a new refresh token and the old one stops working. An old one that turns up again was stolen, so end that login. Tests first.",
    replies: [
      reply(
        text("I'll look at how refresh tokens are issued and stored first."),
        shell("git log --oneline && ls src test", "Recent commits and the source files"),
      ),
      reply(read("src/auth.js"), read("src/token-store.js")),
      reply(
        task("Write tests for rotation", "New token each time; reuse ends the login; two devices"),
        task("Rotate refresh tokens, end the login on reuse", "src/auth.js and src/token-store.js"),
        write("test/rotation.test.js", ROTATION_TEST),
      ),
      reply(shell("npm test", "See the new tests fail")),
      reply(
        text(
          "They fail as they should. The smallest change first: the store counts a generation per customer, and a token of an older generation is refused as reused.",
        ),
        taskIs("1", "completed"),
        edit("src/token-store.js", STORE_BEFORE, STORE_WITH_COUNTER),
        edit("src/auth.js", AUTH_BEFORE, AUTH_WITH_COUNTER),
      ),
      reply(shell("npm test", "Run the tests with the generation counter")),
      reply(
        thinking(
          "By construction: the phone's refresh raises the customer's generation, so the laptop's token is older.",
        ),
        text(
          "Rotation works, but `a refresh on the phone leaves the laptop logged in` fails: the counter is per customer, so when the phone refreshes, the laptop's token looks stolen and its login ends. That doesn't work, and a counter per customer cannot be made to. I'm taking it back.",
        ),
        shell(
          "git checkout src/auth.js src/token-store.js && git status --short",
          "Undo the generation counter",
        ),
      ),
      reply(
        text(
          "Rotation is not in yet.\n\n- The tests are written: `test/rotation.test.js`, three of them, two failing.\n- Tried: a generation counter per customer. It failed because it cannot tell two devices of one customer apart: a refresh on the phone logs the laptop out. Undone.\n\nWhat it needs is a record per login, not per customer. That could live in Redis with a TTL, or in `src/token-store.js`. Which do you want?",
        ),
      ),
    ],
  };
}

function noRedis({ edit }: Files): ScriptedTurn {
  return {
    prompt:
      "No, not Redis: we run on one small machine. Commit the tests, skipped for now so that main stays green. I'll think about the storage tonight.",
    replies: [
      reply(
        text("No Redis then. I'll skip the three tests with a reason and commit them."),
        edit("test/rotation.test.js", RUN_TESTS, SKIP_TESTS),
      ),
      reply(shell("npm test", "Run everything with the rotation tests skipped")),
      reply(
        shell(
          'git add test/rotation.test.js && git commit -q -m "test: what refresh token rotation must do (skipped until it does)" && git log --oneline -1',
          "Commit the tests",
        ),
      ),
      reply(
        text(
          "Committed; main is green with 3 tests skipped.\n\nNext steps:\n1. Keep a record per login in `src/token-store.js`, without Redis.\n2. Run `test/rotation.test.js` again and make its three tests pass.",
        ),
      ),
    ],
  };
}

/** The line that skips a whole file of tests, and the one that runs them again. */
export const RUN_TESTS = `import { test } from "node:test";`;
export const SKIP_TESTS = `import { skip as test } from "node:test"; // Rotation is not built yet.`;

const ROTATION_TEST = `import assert from "node:assert/strict";
${RUN_TESTS}
import { login, refresh } from "../src/auth.js";
import { createTokenStore } from "../src/token-store.js";

const HOUR_MS = 60 * 60 * 1000;

test("a refresh gives a new refresh token", () => {
  const store = createTokenStore();
  const first = login(store, "cus_1", 0).refreshToken;
  assert.notEqual(refresh(store, first, HOUR_MS).refreshToken, first);
});

test("a used refresh token that comes back ends its login", () => {
  const store = createTokenStore();
  const first = login(store, "cus_1", 0).refreshToken;
  const second = refresh(store, first, HOUR_MS).refreshToken;
  assert.throws(() => refresh(store, first, 2 * HOUR_MS), { code: "refresh_token_reused" });
  assert.throws(() => refresh(store, second, 2 * HOUR_MS));
});

test("a refresh on the phone leaves the laptop logged in", () => {
  const store = createTokenStore();
  const phone = login(store, "cus_1", 0).refreshToken;
  const laptop = login(store, "cus_1", 0).refreshToken;
  refresh(store, phone, HOUR_MS);
  assert.ok(refresh(store, laptop, 2 * HOUR_MS).accessToken);
});
`;

const STORE_BEFORE = `  const logins = new Map();
  return {`;
const STORE_WITH_COUNTER = `  const logins = new Map();
  const generations = new Map();
  return {
    generationOf(customerId) {
      return generations.get(customerId) ?? 0;
    },
    raiseGeneration(customerId) {
      generations.set(customerId, this.generationOf(customerId) + 1);
      return this.generationOf(customerId);
    },`;

const AUTH_BEFORE = `  store.save(refreshToken, { customerId, expiresAtMs: nowMs + REFRESH_TTL_MS });
  return { accessToken: signAccessToken(customerId, nowMs), refreshToken };
}

/** Gives a new access token for a refresh token. */
export function refresh(store, refreshToken, nowMs) {
  const found = store.find(refreshToken);
  if (!found || found.expiresAtMs <= nowMs) throw new AuthError("refresh_token_invalid");
  return { accessToken: signAccessToken(found.customerId, nowMs), refreshToken };
}`;
const AUTH_WITH_COUNTER = `  const generation = store.generationOf(customerId);
  store.save(refreshToken, { customerId, generation, expiresAtMs: nowMs + REFRESH_TTL_MS });
  return { accessToken: signAccessToken(customerId, nowMs), refreshToken };
}

/** Gives a new access token and a new refresh token. */
export function refresh(store, refreshToken, nowMs) {
  const found = store.find(refreshToken);
  if (!found || found.expiresAtMs <= nowMs) throw new AuthError("refresh_token_invalid");
  const generation = store.raiseGeneration(found.customerId);
  if (found.generation !== generation - 1) throw new AuthError("refresh_token_reused");
  const next = newRefreshToken();
  store.save(next, { customerId: found.customerId, generation, expiresAtMs: nowMs + REFRESH_TTL_MS });
  return { accessToken: signAccessToken(found.customerId, nowMs), refreshToken: next };
}`;
