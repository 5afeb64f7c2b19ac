import assert from "node:assert/strict";
import { test } from "node:test";
import { login, refresh } from "../src/auth.js";
import { createTokenStore } from "../src/token-store.js";
import { verifyAccessToken } from "../src/tokens.js";

const DAY_MS = 24 * 60 * 60 * 1000;

test("a login gives an access token that names the customer", () => {
  const { accessToken } = login(createTokenStore(), "cus_1", 0);
  assert.equal(verifyAccessToken(accessToken, 1), "cus_1");
});

test("a refresh token is refused after thirty days", () => {
  const store = createTokenStore();
  const { refreshToken } = login(store, "cus_1", 0);
  assert.throws(() => refresh(store, refreshToken, 30 * DAY_MS), { code: "refresh_token_invalid" });
});
