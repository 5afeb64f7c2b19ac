import assert from "node:assert/strict";
import { test } from "node:test";
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
