import fc from "fast-check";
import { expect, test } from "vitest";
import { expectLinear, expectLinearIn } from "../../test/linear.ts";
import { createRedactor } from "./redact.ts";

const { text: redact } = createRedactor({});
const near = (piece: string, chars: number) => piece.repeat(Math.ceil(chars / piece.length));
const base64 = (text: string) => Buffer.from(text).toString("base64");
const TOKEN = "ghp_Zq7Xj9Kw2VpLm4Rt6Yc8Bn3Hs5Df1Gk0QaWe";
const WORDS = "then the tests were run again, and all of them passed. ";

test("a text of beginnings of secrets that are none is read where it is short, and where it is long becomes a mark", () => {
  for (const piece of ["n-key=", "secret_key=", "authorization=", "re_creds", 'auth="a1b2c_', "pass:"]) {
    expect(redact(near(piece, 10_000))).not.toContain("[REDACTED:unread]");
    const told = redact(near(piece, 500_000));
    expect(told).toContain("[REDACTED:unread]");
    expect(redact(told)).toBe(told);
  }
});

test("it becomes one where words or beginnings of private keys interrupt it, too", () => {
  for (const [piece, between] of [
    ["re_creds", near(WORDS, 1_000)],
    ["n-key=", "-BEGIN "],
    ["secret_key=", "-----BEGIN CERTIFICATE-----\n"],
  ] as const)
    expect(redact(near(near(piece, 14_000) + between, 500_000)).length).toBeLessThan(200_000);
});

test("what is looked at beside a secret and does not reach it is not looked at again: all of it stays", () => {
  const crowd = near("n-key= ", 560);
  const told = redact(near(`${crowd} ${TOKEN} ${near(WORDS, 400)}`, 1_000_000));

  expect(told).not.toContain("[REDACTED:unread]");
  expect(told).not.toContain(TOKEN.slice(4, 24));
});

test("what stands before and behind such a text is read", () => {
  const told = redact(
    `${WORDS}${TOKEN} ${near("secret_key=", 500_000)} ${near(WORDS, 4_000)}${TOKEN} ${WORDS}`,
  );
  expect(told).not.toContain(TOKEN);
  expect(told.startsWith(`${WORDS}[REDACTED:github-token] secret_key=`)).toBe(true);
  expect(told.endsWith(`${near(WORDS, 3_000)}[REDACTED:github-token] ${WORDS}`)).toBe(true);
});

test("a private key in such a text is taken out whole, and so is a secret at its end that goes on behind it", () => {
  const body = `${"MIIEpAIBAAKCAQEA".repeat(4)}\n`.repeat(60);
  const key = `-----BEGIN RSA PRIVATE KEY-----\n${body}-----END RSA PRIVATE KEY-----`;
  const crowd = near("secret_key= ", 300_000);
  for (const secret of [
    key,
    `password="${"a1-B2c3D4".repeat(100)}"`,
    `authorization: bearer ${"a1B2c3D4e5F6".repeat(80)}`,
  ]) {
    const told = redact(`${crowd}${secret}\n${near(WORDS, 4_000)}`);
    expect(told).toContain("[REDACTED:unread]");
    for (let at = 0; at + 40 < secret.length; at += 20) expect(told).not.toContain(secret.slice(at, at + 40));
    expect(told.endsWith(near(WORDS, 3_000))).toBe(true);
  }
});

test("the second half of a private key goes whole, though beginnings stand in it and such a text behind it", () => {
  const line = (at: number) => `MIIEpAIBAAKCAQEAxz${1_000 + at}Qm9vB2xhYmxhYmxhL3h5c3p6eXh3dnV0c3J1Z\n`;
  const lines = Array.from({ length: 30 }, (_, at) => line(at).replace("AQEAxz1020", "AQpwd+x1020"));
  const key = `${lines.join("")}-----END RSA PRIVATE KEY-----\n`;
  // Nothing is looked at in the words, so that the first look behind them is the one in the key.
  const words = near("then words and more. ", 20_000);
  const told = redact(`${near("sk- ", 300_000)}${words}\n${key}${near("sk- ", 300_000)}`);

  for (let at = 0; at < 30; at += 1) expect(told).not.toContain(line(at).slice(0, 24));
});

test("half a megabyte that names a token on every line keeps all of its lines", () => {
  for (const line of [
    '{"token": null, "at": 12}\n',
    "GET /api/items?token=none&page=2 200\n",
    "  key: value\n",
    "PASS src/auth/token.test.ts\n",
  ]) {
    const text = near(line, 500_000);
    expect(redact(text)).toBe(text);
  }
});

test("a secret whose name stands at the end of what is passed over goes with it, however far there is no blank", () => {
  for (const chars of [100, 5_000, 20_000, 60_000])
    for (const secret of ['{"api_key": "Zq7Xj9Kw2VpLm4Rt6"}', `{"text": "x", "password": "a1B2c3D4"}`]) {
      const told = redact(`${near("n-key=", 300_000)}${"x".repeat(chars)}${secret}\n${near(WORDS, 20_000)}`);
      expect(told).toContain("[REDACTED:unread]");
      expect(told).not.toMatch(/Zq7Xj9|a1B2c3/);
      expect(told.endsWith(near(WORDS, 19_000))).toBe(true);
    }
});

const lines = (line: (at: number) => string, chars: number) => {
  let text = "";
  for (let at = 0; text.length < chars; at += 1) text += line(at);
  return text;
};

test("a megabyte of what is full of names and beginnings, as data and code are, keeps all of it", () => {
  for (const line of [
    (at: number) => `https://ex.com/${at}\n`,
    (at: number) => `{"user":"u${at}","password":null,"token":null}\n`,
    (at: number) => `${at},user${at},password:,token:,active\n`,
    (at: number) => `login: user${at}\n`,
    (at: number) => `"${base64(`gid://shopify/Product/${3_907_285_600 + at}`)}",\n`,
    (at: number) => `${base64(`https://example.com/images/${at}.jpg`)}\n`,
    (at: number) => `function t${at}(e){return e.token=e.key,e.auth=t,e.password=n,e.secret=r}`,
    (at: number) => `hf_${at}\n`,
    (at: number) => `a${at}.key=b.key;c.token=d;`,
  ]) {
    const text = lines(line, 1_000_000);
    expect(redact(text)).toBe(text);
  }
});

test("a megabyte of a log with a secret on every line loses the secrets alone", () => {
  for (const line of [
    (at: number, secret: string) =>
      `GET /api/items?token=${secret}&page=${at} 200 "https://ex.com/${at}" "Mozilla/5.0"\n`,
    (at: number, secret: string) =>
      `{"at":${at},"user":"u${at}","password":"${secret}","token":null,"auth":{"type":"basic"}}\n`,
    (at: number, secret: string) =>
      `postgres://user${at}:${secret}@db${at}.example.com/app key=${at} login: u${at}\n`,
    (at: number, secret: string) =>
      `2026-11-22T10:${at % 60}:00Z INFO Authorization: Bearer ${secret} user_id=u${at} token=none key=k pass: ok auth=basic secret=no\n`,
    (at: number, secret: string) =>
      `{"at":${at},"content":"this token: ${secret}, and that password: aB3x${at}Yz; then key: value, secret: none, pass: ok and login: me, and so on, in as many words as messages have","token":"${secret}"}\n`,
  ]) {
    const text = lines((at) => line(at, `a1B2c3D4e5F6g7H8${1_000_000 + at}`), 1_000_000);
    const told = redact(text);
    expect(told).not.toContain("[REDACTED:unread]");
    expect(told.split("\n").length).toBe(text.split("\n").length);
    expect(told).not.toContain("a1B2c3D4");
  }
});

test("base64 of such a text becomes a mark where there is much of it; base64 of a long log is read", () => {
  expect(redact(`see ${base64(near('apikey="sk-scct-ATPASSTT3 ', 9_000))} end`)).not.toContain("unread");
  expect(redact(`see ${base64(near('apikey="sk-scct-ATPASSTT3 ', 900_000))} end`)).toBe(
    "see [REDACTED:unread]== end",
  );
  const log = base64(near(`${WORDS}token: none\n`, 500_000));
  expect(redact(log)).toBe(log);
});

test("base64 that goes unread owes nothing for its length: behind some words the next one is read", () => {
  const crowd = Array.from({ length: 12_000 }, () => `${base64('n-key=n-key=n-key="a1b2c_n-key=')}\n`).join(
    "",
  );
  const log = base64(near(`${WORDS}none\n`, 2_000));
  const told = redact(`${crowd}\n${near(WORDS, 4_000)}\n${log}\n`);

  expect(told).toContain("[REDACTED:unread]");
  expect(told).toContain(log);
});

test("wherever a token stands in such a text, it is not in what becomes of it", () => {
  const pieces = fc.constantFrom("sk-", "pass:", "pwd=' ", "authorization=\n", "creds, ", "bearer ");
  fc.assert(
    fc.property(pieces, fc.nat(200_000), fc.constantFrom("", " ", "\n", "="), (piece, at, gap) => {
      const crowd = near(piece, 200_000);
      const told = redact(`${crowd.slice(0, at)}${gap} ${TOKEN} ${gap}${crowd.slice(at)}`);
      expect(told).not.toContain(TOKEN.slice(4, 24));
    }),
    { numRuns: 40 },
  );
});

const DEAR = [1, 2, 3, 4, 5, 6, 7, 8]
  .flatMap((escapes) => ['"', "'", "`"].map((mark) => `auth=${"\\".repeat(escapes)}${mark}a1b2c_xxxxxxxx_`))
  .join("");

/** A redactor each time, since one remembers what it has seen. */
const redactAnew = (text: string) => createRedactor({}).text(text);

test("what is too crowded to be looked at again and again beside its secrets becomes a mark, with all of them", () => {
  const gap = near(WORDS, 2_450);
  const told = redactAnew(near(`${DEAR} AKIAZQ7XJ9KW2VPLM4RT${TOKEN} ${gap}`, 1_000_000));

  expect(redactAnew(near(`${DEAR} ${gap}`, 1_000_000))).not.toContain("[REDACTED:unread]");
  expect(told).toContain("[REDACTED:unread]");
  expect(told).not.toContain(TOKEN.slice(4, 24));
});

test("the work grows with the text, however much there is to look at", () => {
  for (const piece of [
    "sk-",
    'apikey="sk-scctPAScookie: a=STT3',
    `${base64("re_creds".repeat(90))} ${TOKEN} `,
    // What costs most of all: values that many quotation marks open, alone and beside two secrets that uncover each other.
    DEAR,
    `${near(DEAR, 1_650)} AKIAZQ7XJ9KW2VPLM4RT${TOKEN} `,
  ])
    expectLinearIn(piece, Math.ceil(2_000_000 / piece.length), redactAnew);
});

test("it does so in crowds that interrupt themselves, with beginnings of private keys or with words", () => {
  for (const piece of [`${near("sk-", 900)}-BEGIN `, `${near("sk-", 15_000)}${near(WORDS, 1_200)}`])
    expectLinearIn(piece, Math.ceil(800_000 / piece.length), redactAnew);
});

test("it does so where tokens in one long run follow what is passed over", () => {
  const run = `glpat-${"a".repeat(60)}`;
  expectLinear(12_000, (count) => redactAnew(`${near("sk-", 60_000)}=${run.repeat(count)} ${WORDS}`), run);
});
