import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** New at every start: access tokens last 10 minutes, and refresh tokens bring customers over a restart. */
const KEY = randomBytes(32);
const ACCESS_TTL_MS = 10 * 60 * 1000;

export function signAccessToken(customerId, nowMs) {
  const body = Buffer.from(JSON.stringify({ customerId, expiresAtMs: nowMs + ACCESS_TTL_MS })).toString(
    "base64url",
  );
  return `${body}.${seal(body)}`;
}

/** The customer's id, or undefined for a token that is not ours or too old. */
export function verifyAccessToken(token, nowMs) {
  const [body = "", given = ""] = token.split(".");
  const expected = seal(body);
  if (given.length !== expected.length) return undefined;
  if (!timingSafeEqual(Buffer.from(given), Buffer.from(expected))) return undefined;
  const { customerId, expiresAtMs } = JSON.parse(Buffer.from(body, "base64url"));
  return expiresAtMs > nowMs ? customerId : undefined;
}

function seal(body) {
  return createHmac("sha256", KEY).update(body).digest("base64url");
}
