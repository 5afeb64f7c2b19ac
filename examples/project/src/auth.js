import { randomBytes } from "node:crypto";
import { signAccessToken } from "./tokens.js";

const REFRESH_TTL_MS = 30 * 24 * 60 * 60 * 1000;

/** Logs a customer in on one device. */
export function login(store, customerId, nowMs) {
  const refreshToken = newRefreshToken();
  store.startFamily(refreshToken, { customerId, expiresAtMs: nowMs + REFRESH_TTL_MS });
  return { accessToken: signAccessToken(customerId, nowMs), refreshToken };
}

/** Gives a new access token and a new refresh token. One that was used before ends its login: it was stolen. */
export function refresh(store, refreshToken, nowMs) {
  const family = store.findFamily(refreshToken);
  if (!family || family.expiresAtMs <= nowMs) throw new AuthError("refresh_token_invalid");
  const next = newRefreshToken();
  if (store.isCurrent(family, refreshToken)) {
    store.rotate(family, { used: refreshToken, next, nowMs });
  } else if (store.isRetry(family, refreshToken, nowMs)) {
    store.addToken(family, next);
  } else {
    store.endFamily(family);
    throw new AuthError("refresh_token_reused");
  }
  return { accessToken: signAccessToken(family.customerId, nowMs), refreshToken: next };
}

export class AuthError extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

function newRefreshToken() {
  return randomBytes(32).toString("base64url");
}
