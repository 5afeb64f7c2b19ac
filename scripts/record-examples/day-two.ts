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
import { RUN_TESTS, SKIP_TESTS } from "./day-one.ts";

/** A family of tokens per login works; then retries are begun and interrupted. */
export function dayTwo(root: string): Day {
  const files = filesOf(root);
  return {
    title: "Token families for refresh rotation",
    startsAt: "2026-11-18T09:31:40.000Z",
    lastsMinutes: 52,
    turns: [families(files), retries(files)],
  };
}

function families({ read, write, edit }: Files): ScriptedTurn {
  return {
    prompt:
      "Refresh token rotation again, tests are in test/rotation.test.js. I decided: every login is its own family of tokens, kept in our own store, and the store holds only the SHA-256 of a token, never the token. Build it.",
    replies: [
      reply(read("src/auth.js"), read("src/token-store.js"), read("test/rotation.test.js")),
      reply(
        text(
          "A family per login, found by the hash of any token it ever had: the current one is good, any other was used before.",
        ),
        task("Keep token families, rotate in refresh()", "src/token-store.js, src/auth.js; hashes only"),
        task("Drop expired families", "Else the store grows by one entry per refresh"),
        task("Say in README what /refresh answers", "refresh_token_reused is new"),
      ),
      reply(
        write("src/token-store.js", STORE_WITH_FAMILIES),
        edit("src/auth.js", AUTH_BEFORE, AUTH_WITH_FAMILIES),
        edit("test/rotation.test.js", SKIP_TESTS, RUN_TESTS),
      ),
      reply(shell("npm test", "Run everything, the rotation tests too")),
      reply(
        text("One piece is missing: `refresh()` ends a family, and the store cannot yet. I add `endFamily`."),
        edit("src/token-store.js", BEFORE_END_FAMILY, WITH_END_FAMILY),
      ),
      reply(shell("npm test", "Run the tests with families")),
      reply(
        taskIs("1", "completed"),
        shell(
          'git commit -qam "auth: rotate refresh tokens, one family per login" && git log --oneline -1',
          "Commit rotation",
        ),
      ),
      reply(
        text(
          "Rotation works and is committed: 5 tests pass, the two-device one among them. One token family per login in `src/token-store.js`, SHA-256 of tokens only, as you decided.\n\nNext steps:\n1. Drop expired families: the store grows by one entry per refresh.\n2. Say in README.md that /refresh can answer `refresh_token_reused`.",
        ),
      ),
    ],
  };
}

function retries({ edit }: Files): ScriptedTurn {
  return {
    prompt:
      "The mobile app sends the same refresh twice when the network is slow. Don't end the login for that.",
    interruptAt: "Give the store",
    replies: [
      reply(
        thinking("We hold only hashes, so a retry cannot be answered with the same token again."),
        text(
          "Since the store holds only hashes, a retry cannot get the same new token again. I'll accept the token just used for ten more seconds and give a second new one beside the first.",
        ),
        edit("src/auth.js", ROTATION_BEFORE, ROTATION_WITH_RETRY),
      ),
      {
        kind: "message",
        pace: { firstMs: 50, pieceMs: 60 },
        blocks: [
          text(
            "`refresh()` tells a retry from a theft now. What is left of it:\n\n1. Give the store the `isRetry` and `addToken` that it calls.\n2. A test: the same refresh twice within ten seconds keeps the login.\n\nFirst the store: a family remembers the hash of the token it was rotated from and when, and its current token becomes a set, so that both answers of a retry are good until one of them is used.",
          ),
        ],
      },
    ],
  };
}

const STORE_WITH_FAMILIES = `import { createHash, randomUUID } from "node:crypto";

/** Logins as families of refresh tokens. Holds hashes only: who reads this store cannot log in with it. */
export function createTokenStore() {
  const families = new Map();
  const familyByHash = new Map();
  return {
    startFamily(token, login) {
      const family = { id: randomUUID(), current: hashOf(token), ...login };
      families.set(family.id, family);
      familyByHash.set(family.current, family.id);
    },
    /** The family that a token belongs to, whether the token is its current one or was used before. */
    findFamily(token) {
      return families.get(familyByHash.get(hashOf(token)));
    },
    isCurrent(family, token) {
      return family.current === hashOf(token);
    },
    rotate(family, token) {
      family.current = hashOf(token);
      familyByHash.set(family.current, family.id);
    },
    size() {
      return familyByHash.size;
    },
  };
}

function hashOf(token) {
  return createHash("sha256").update(token).digest("base64url");
}
`;

const BEFORE_END_FAMILY = `    size() {`;
const WITH_END_FAMILY = `    endFamily(family) {
      families.delete(family.id);
    },
    size() {`;

/** What day one found and left as it was. */
const AUTH_BEFORE = `  store.save(refreshToken, { customerId, expiresAtMs: nowMs + REFRESH_TTL_MS });
  return { accessToken: signAccessToken(customerId, nowMs), refreshToken };
}

/** Gives a new access token for a refresh token. */
export function refresh(store, refreshToken, nowMs) {
  const found = store.find(refreshToken);
  if (!found || found.expiresAtMs <= nowMs) throw new AuthError("refresh_token_invalid");
  return { accessToken: signAccessToken(found.customerId, nowMs), refreshToken };
}`;
const ROTATION_BEFORE = `  if (!store.isCurrent(family, refreshToken)) {
    store.endFamily(family);
    throw new AuthError("refresh_token_reused");
  }
  const next = newRefreshToken();
  store.rotate(family, next);`;
const AUTH_WITH_FAMILIES = `  store.startFamily(refreshToken, { customerId, expiresAtMs: nowMs + REFRESH_TTL_MS });
  return { accessToken: signAccessToken(customerId, nowMs), refreshToken };
}

/** Gives a new access token and a new refresh token. One that was used before ends its login: it was stolen. */
export function refresh(store, refreshToken, nowMs) {
  const family = store.findFamily(refreshToken);
  if (!family || family.expiresAtMs <= nowMs) throw new AuthError("refresh_token_invalid");
${ROTATION_BEFORE}
  return { accessToken: signAccessToken(family.customerId, nowMs), refreshToken: next };
}`;
const ROTATION_WITH_RETRY = `  const next = newRefreshToken();
  if (store.isCurrent(family, refreshToken)) {
    store.rotate(family, { used: refreshToken, next, nowMs });
  } else if (store.isRetry(family, refreshToken, nowMs)) {
    store.addToken(family, next);
  } else {
    store.endFamily(family);
    throw new AuthError("refresh_token_reused");
  }`;
