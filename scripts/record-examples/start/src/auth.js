import { randomBytes } from "node:crypto";
import { signAccessToken } from "./tokens.js";

const REFRESH_TTL_MS = 30 * 24 * 60 * 60 * 1000;

/** Logs a customer in on one device. */
export function login(store, customerId, nowMs) {
  const refreshToken = newRefreshToken();
  store.save(refreshToken, { customerId, expiresAtMs: nowMs + REFRESH_TTL_MS });
  return { accessToken: signAccessToken(customerId, nowMs), refreshToken };
}

/** Gives a new access token for a refresh token. */
export function refresh(store, refreshToken, nowMs) {
  const found = store.find(refreshToken);
  if (!found || found.expiresAtMs <= nowMs) throw new AuthError("refresh_token_invalid");
  return { accessToken: signAccessToken(found.customerId, nowMs), refreshToken };
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
