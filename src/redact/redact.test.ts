import fc from "fast-check";
import { expect, test } from "vitest";
import { expectLinear } from "../../test/linear.ts";
import { SECRET_ROOM_CHARS, SECRETS_GAP_CHARS_MAX, SECRETS_IN_A_ROW_MAX } from "../base/limits.ts";
import { applied, placeInOriginal } from "./cut.ts";
import { createRedactor } from "./redact.ts";

const redactor = createRedactor({});
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const HEX = "0123456789abcdef";

/** Characters that look drawn at random and are the same in every run; nobody's secret. */
function drawn(length: number, from = LETTERS): string {
  let state = 7 + length;
  let text = "";
  for (let index = 0; index < length; index += 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    text += from.charAt(Math.floor(state / 65_536) % from.length);
  }
  return text;
}

/** Rule, text before, secret, text after: the text around stays, nothing of the secret does. */
const SECRETS: readonly (readonly [rule: string, before: string, secret: string, after: string])[] = [
  ["anthropic-key", "key: ", `sk-ant-api03-${drawn(93)}`, "\n"],
  ["anthropic-key", "ANTHROPIC_API_KEY=", `sk-ant-api03-${drawn(93)}`, " run"],
  ["openai-key", "(", `sk-proj-${drawn(60)}`, ")"],
  ["openai-key", "", `sk-${drawn(48)}`, ""],
  ["github-token", "cloned with ", `ghp_${drawn(36)}`, "."],
  ["github-token", '"line one\\n', `gho_${drawn(36)}`, '"'],
  ["github-token", "", `github_pat_${drawn(22)}_${drawn(59)}`, ""],
  ["gitlab-token", "", `glpat-${drawn(20)}`, ""],
  ["aws-access-key", "id ", `AKIA${drawn(16, "ABCDEFGHIJKLMNOP234567")}`, ""],
  ["assignment", "aws_secret_access_key = ", drawn(40), "\n"],
  ["assignment", '"SecretAccessKey": "', drawn(40), '"'],
  ["google-key", "", `AIza${drawn(35)}`, ""],
  ["slack-token", "", `xoxb-123456789012-123456789012-${drawn(24)}`, ""],
  ["slack-webhook", "https://", `hooks.slack.com/services/T0000/B000/${drawn(24)}`, ""],
  ["stripe-key", "", `sk_live_${drawn(24)}`, ""],
  ["npm-token", "", `npm_${drawn(36)}`, ""],
  ["pypi-token", "", `pypi-AgEIcHlwaS5vcmc${drawn(60)}`, ""],
  ["huggingface-token", "", `hf_${drawn(34)}`, ""],
  ["sendgrid-key", "", `SG.${drawn(22)}.${drawn(43)}`, ""],
  ["twilio-key", "", `SK${drawn(32, HEX)}`, ""],
  ["telegram-token", "bot", `123456789:AA${drawn(33)}`, "/getMe"],
  ["discord-token", "", `MTk4NjIyNDgzNDcxOTI1MjQ4.${drawn(6)}.${drawn(27)}`, ""],
  ["digitalocean-token", "", `dop_v1_${drawn(64, HEX)}`, ""],
  ["shopify-token", "", `shpat_${drawn(32, HEX)}`, ""],
  ["tailscale-key", "", `tskey-auth-${drawn(30)}`, ""],
  ["linear-key", "", `lin_api_${drawn(40)}`, ""],
  ["databricks-token", "", `dapi${drawn(32, HEX)}`, ""],
  ["assignment", "AccountName=x;AccountKey=", `${drawn(86)}==`, ";EndpointSuffix=core.windows.net"],
  ["jwt", "cookie ", `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${drawn(43)}`, "; path=/"],
  ["url-password", "postgres://user:", "s3cr3t", "@host:5432/db"],
  ["url-password", "redis://:", "pw123", "@host"],
  ["url-password", "amqp://a:", "b", "@c"],
  ["url-password", "mongodb+srv://me:", "p@ss", "@cluster0.example.net/?w=majority"],
  ["assignment", "jdbc:mysql://h/db?user=a&password=", "letmein", "&ssl=true"],
  ["assignment", "Server=x;Password=", "abc12;".slice(0, 5), ";"],
  ["authorization", "Authorization: Bearer ", drawn(30), "\n"],
  ["authorization", "curl -H 'authorization: Basic ", "dXNlcjpwYXNz", "'"],
  ["authorization", "sent Bearer ", drawn(30), " to it"],
  ["assignment", "DB_PASSWORD=", "hunter2", "\nNEXT=1"],
  ["assignment", "export API_TOKEN='", drawn(20), "'"],
  ["assignment", 'PASSWORD="', "correct horse battery", '"'],
  ["assignment", '{"apiKey": "', drawn(20), '"}'],
  ["assignment", '{\\"apiKey\\": \\"', drawn(20), '\\"}'],
  ["assignment", "  password: ", "hunter2", "\n"],
  ["assignment", 'const token = "', drawn(30), '";'],
  ["assignment", "deploy --password ", "hunter2", " now"],
  ["assignment", "//registry.npmjs.org/:_authToken=", drawn(36), ""],
  ["assignment", "SECRET_KEY=", drawn(64, HEX), ""],
  ["assignment", "curl -H 'X-Api-Key: ", drawn(32), "'"],
  [
    "private-key",
    "",
    `-----BEGIN RSA PRIVATE KEY-----\n${drawn(64)}\nabc=\n-----END RSA PRIVATE KEY-----`,
    "\nrest",
  ],
  [
    "private-key",
    "",
    `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${drawn(64)}\n=ab12\n-----END PGP PRIVATE KEY BLOCK-----`,
    "",
  ],
  [
    "private-key",
    '"private_key": "',
    `-----BEGIN PRIVATE KEY-----\\n${drawn(64)}\\n-----END PRIVATE KEY-----`,
    '\\n"',
  ],
  ["private-key", "cut off: ", `-----BEGIN EC PRIVATE KEY-----\n${drawn(64)}\n${drawn(20)}`, ""],
  ["private-key", "tail:\n", `${drawn(64)}\n${drawn(12)}=\n-----END EC PRIVATE KEY-----`, ""],
  ["login", "curl -sS -u me:", "hunter2", " https://example.com"],
  ["login", "curl --user 'me:", "hunter2", "' https://example.com"],
  ["login", "machine example.com login me password ", "hunter2", "\n"],
  ["login", "machine example.com\n  login me\n  password ", "hunter2", "\nmachine x"],
  ["cookie", "Set-Cookie: sid=", drawn(24), "; Path=/; HttpOnly"],
  ["cookie", "-H 'Cookie: theme=dark; sid=", drawn(24), "; lang=en'"],
  ["private-key", "Private-Lines: 2", `\n${drawn(64)}\n${drawn(40)}`, "\nPrivate-MAC: 12"],
  ["private-key", "data: ", `LS0tLS1CRUdJTiBSU0EgUFJJVkFURS${drawn(80)}`, ""],
];

test.each(SECRETS)("%s after %j is taken out and its surroundings stay", (rule, before, secret, after) => {
  expect(redactor.text(before + secret + after)).toBe(`${before}[REDACTED:${rule}]${after}`);
});

const NO_SECRETS: readonly string[] = [
  `commit ${drawn(40, HEX)}`,
  `sha256:${drawn(64, HEX)}`,
  `"resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz", "integrity": "sha512-${drawn(86)}=="`,
  "550e8400-e29b-41d4-a716-446655440000",
  "session_token: 550e8400-e29b-41d4-a716-446655440000",
  `ses_${drawn(32, HEX)} evt_${drawn(32, HEX)} not_${drawn(32, HEX)}`,
  `key: ${drawn(40, HEX)}`,
  "token = getToken()",
  "const apiKey = config.apiKey;",
  "password: string;",
  "token: string | undefined",
  "secret: Uint8Array",
  "const key = await crypto.subtle.importKey(x)",
  "API_KEY=process.env.API_KEY",
  `API_KEY=\${API_KEY}`,
  "API_KEY=$(cat key.txt)",
  "API_KEY=your-api-key-here",
  "API_KEY=",
  'apiKey: "<your key>"',
  `https://me:\${PASSWORD}@host/`,
  "max_tokens: 4096, MAX_TOKENS=100000",
  "primary_key: user_account_identifier",
  "Password: must be at least 8 characters",
  '"password": "Password is required"',
  "a task-management-system-with-2-parts-of-things",
  "https://example.com/a:b@c and git@github.com:x/y.git",
  "if (kind === 'refresh_token') {",
  "passwordHash = await bcrypt.hash(password, 10)",
  "monkey: banana12345678, keyboard=us1234567890abc, author: John Smith2",
  "SSH_AUTH_SOCK=/tmp/ssh-XXXX/agent.123 PWD=/work/main",
  "credentials: 'same-origin'",
  'CACHE_KEY="v1-linux-node-20"',
  "Bearer authentication and Basic usage are described here",
  '<input type="password" name="password" id="pass1">',
  "PASS src/x.test.ts (5.2 s)",
  'password: "passwordField", token == "camelCaseName"',
  "PWD=`oldValues`",
  "accessToken: response.data.access_token,",
  "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----",
  "-----BEGIN CERTIFICATE-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END CERTIFICATE-----",
  "curl -u me:$PASSWORD https://example.com",
  "login user password reset",
  "Cookie: theme=dark; lang=en",
  "a cookie: what the browser keeps",
  "--------------------------------------------------",
];

test.each(NO_SECRETS)("%j stays as it is", (text) => {
  expect(redactor.text(text)).toBe(text);
});

const VALUE = 'zq9"\\/ab+c~d12345éx';
const withEnvironment = createRedactor({
  DEPLOY_TOKEN: VALUE,
  DB_PASS: "hunter2hunter2",
  SHORT_KEY: "tiny1",
  FILE_KEY: "/home/me/keys/deploy.pem",
  MODE_KEY: "production",
  FLAG_SECRET: "true",
  EDITOR: "vim-with-many-plugins-9",
});

test("the value of a secret variable is found as it is, in JSON, in a URL, in hex and in base64", () => {
  const bytes = Buffer.from(VALUE);
  const writings = [
    VALUE,
    JSON.stringify(VALUE),
    JSON.stringify(JSON.stringify(VALUE)),
    encodeURIComponent(VALUE),
    bytes.toString("hex"),
    bytes.toString("base64"),
    bytes.toString("base64url"),
    Buffer.concat([Buffer.from("u:"), bytes]).toString("base64"),
    Buffer.concat([Buffer.from("user"), bytes]).toString("base64"),
  ];
  for (const writing of writings) {
    const redacted = withEnvironment.text(`see ${writing} there`);
    expect(redacted).toContain("[REDACTED:env-value]");
    // The first and last character of base64 may hold bits of a neighbour and stay.
    expect(redacted.length).toBeLessThan("see [REDACTED:env-value] there".length + 12);
  }
});

test("short values, paths, plain words and other variables are no secrets", () => {
  const text = "tiny1 /home/me/keys/deploy.pem production true vim-with-many-plugins-9";

  expect(withEnvironment.text(text)).toBe(text);
});

test("every text of a decoded value is redacted, keys too, and a field is judged by its key", () => {
  const token = `ghp_${drawn(36)}`;
  const value = {
    password: "hunter2",
    headers: { Authorization: "Basic dXNlcjpwYXNz", list: [token, 1, null, true] },
    [token]: "a",
    [`x${token}`]: "b",
    usage: { input_tokens: 3 },
  };

  expect(redactor.value(value)).toEqual({
    password: "[REDACTED:assignment]",
    headers: {
      Authorization: "Basic [REDACTED:authorization]",
      list: ["[REDACTED:github-token]", 1, null, true],
    },
    "[REDACTED:github-token]": "a",
    "x[REDACTED:github-token]": "b",
    usage: { input_tokens: 3 },
  });
});

test("keys that become one cost as much as they are many", () => {
  const object = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`ghp_${"a1".repeat(14)}${100_000 + at}`, 1]),
    );
  expectLinear(8_000, (count) => redactor.value(object(count)));
});

test("two keys that become one are told apart, and __proto__ is a key like any other", () => {
  const parsed: unknown = JSON.parse(
    `{"ghp_${"a1".repeat(18)}":1,"ghp_${"b2".repeat(18)}":2,"__proto__":{"x":"ghp_${"c3".repeat(18)}"}}`,
  );

  expect(JSON.stringify(redactor.value(parsed))).toBe(
    '{"[REDACTED:github-token]":1,"[REDACTED:github-token]#2":2,"__proto__":{"x":"[REDACTED:github-token]"}}',
  );
});

test("a value 100,000 levels deep is redacted", () => {
  let value: unknown = `ghp_${drawn(36)}`;
  for (let depth = 0; depth < 100_000; depth += 1) value = [value];
  let redacted = redactor.value(value);
  while (Array.isArray(redacted)) redacted = redacted[0];

  expect(redacted).toBe("[REDACTED:github-token]");
});

const piece = fc.oneof(
  fc.constantFrom(...SECRETS.flatMap(([, before, secret, after]) => [before, secret, after])),
  fc.constantFrom(
    "[REDACTED:jwt]",
    '"',
    "'",
    "\\",
    "\n",
    "=",
    ": ",
    "://",
    "@",
    "$",
    "{",
    "key",
    VALUE,
    "é",
    "中",
    "🙂",
  ),
  fc.string({ unit: "binary" }),
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));

test("redacting twice changes nothing", () => {
  fc.assert(
    fc.property(text, (original) => {
      const once = withEnvironment.text(original);

      expect(withEnvironment.text(once)).toBe(once);
    }),
    { numRuns: 2_000 },
  );
});

test("a text far longer than any rule reaches is redacted as its parts are, and redacting it twice changes nothing", () => {
  const filler = `${"a word and another one, ".repeat(1_500)}\n`;
  fc.assert(
    fc.property(text, text, (first, second) => {
      const parts = [first, second].map((part) => `\n${part.replaceAll("\n", " ").replaceAll("---", "")}\n`);
      const once = withEnvironment.text(parts.join(filler));

      expect(once).toBe(parts.map((part) => withEnvironment.text(part)).join(filler));
      expect(withEnvironment.text(once)).toBe(once);
    }),
    { numRuns: 150 },
  );
});

test("a token of a provider is taken out wherever it stands between other words", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const token = `ghp_${drawn(36)}`;

      expect(redactor.text(`${before} ${token} ${after}`)).not.toContain(token);
    }),
  );
});

test("an empty text in quotation marks is no password, however often it is escaped", () => {
  const value = { Pwd: '""', password: '\\"\\"' };

  expect(redactor.value(value)).toEqual(value);
});

test("any JSON value is redacted without an error, and keeps its shape", () => {
  // A random key may be `pwd`, and then its text is rightly taken out: only texts may change.
  const shape = (value: unknown) =>
    JSON.stringify(value, (_, part: unknown) => (typeof part === "string" ? "" : part));
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(shape(redactor.value(value))).toBe(shape(value));
    }),
  );
});

test("cuts say where text() takes what out, and every place outside a mark is found again in the original", () => {
  fc.assert(
    fc.property(text, (original) => {
      const cuts = withEnvironment.cuts(original);
      const redacted = applied(original, cuts);

      expect(withEnvironment.text(redacted)).toBe(redacted);
      for (let at = 0; at < redacted.length; at += 1) {
        const place = placeInOriginal(cuts, at, false);
        if (!cuts.some(({ from, to }) => from === place || to === place))
          expect(original[place]).toBe(redacted[at]);
      }
      expect(placeInOriginal(cuts, redacted.length, false)).toBe(original.length);
    }),
  );
});

test("a password of a .netrc goes with all of its word, however long, and redacting it twice changes nothing", () => {
  const once = redactor.text(`machine x login me password ${drawn(40_000)} account y`);

  expect(once).toBe("machine x login me password [REDACTED:login] account y");
  expect(redactor.text(once)).toBe(once);
});

test("a secret behind markdown's backslashes is cut with them, and nothing beside it", () => {
  const token = `sk_live_${drawn(24)}`;
  const markdown = `- use \\*this\\* ${token.replaceAll("_", "\\_")}\\_ now`;

  expect(applied(markdown, redactor.cuts(markdown))).toBe("- use \\*this\\* [REDACTED:stripe-key]\\_ now");
});

/** With what makes no room for another between them at the most, and what always does. */
const GAPS = { "in a row": SECRETS_GAP_CHARS_MAX, apart: SECRETS_GAP_CHARS_MAX + SECRET_ROOM_CHARS } as const;

/** Those told apart, and the last one of those that are not. */
const KEPT_IN_A_ROW = SECRETS_IN_A_ROW_MAX + 1;

function dump(gap: number, count: number): { readonly text: string; readonly marks: string } {
  const between = " ".repeat(gap);
  const secrets = Array.from({ length: count }, (_, at) => `ghp_${drawn(30 + (at % 9))}`);
  return { text: secrets.join(between), marks: secrets.map(() => "[REDACTED:github-token]").join(between) };
}

test("of more secrets in a row than anyone reads, the rest is one mark; what stands around them stays", () => {
  const { text } = dump(GAPS["in a row"], SECRETS_IN_A_ROW_MAX + 500);
  const { marks } = dump(GAPS["in a row"], KEPT_IN_A_ROW);

  expect(redactor.text(`they are:\n${text}\nwhich is all`)).toBe(`they are:\n${marks}\nwhich is all`);
  expect(applied(text, redactor.cuts(text))).toBe(marks);
});

test("secrets that stand further apart are told apart, however many there are", () => {
  const { text, marks } = dump(GAPS.apart, SECRETS_IN_A_ROW_MAX + 500);

  expect(redactor.text(text)).toBe(marks);
});

test("behind a full row as many are told apart as its gap makes room for, and redacting it twice changes nothing", () => {
  const row = dump(GAPS["in a row"], SECRETS_IN_A_ROW_MAX + 5);
  const room = 5;
  const words = " words".repeat(100).slice(0, SECRETS_GAP_CHARS_MAX + room * SECRET_ROOM_CHARS - 1);
  const first = dump(GAPS["in a row"], KEPT_IN_A_ROW).marks;
  const once = redactor.text(`${row.text}${words} ${row.text}`);

  expect(once).toBe(`${first}${words} ${dump(GAPS["in a row"], room + 1).marks}`);
  expect(redactor.text(once)).toBe(once);
});

/** What may stand between secrets of a dump: from a sign to a sentence. */
const BETWEEN_ROWS = [SECRETS_GAP_CHARS_MAX + 1, 40, 64, 128, 1_000];

test.each(BETWEEN_ROWS)(
  "rows that begin anew behind %i characters have no more marks than those make room for",
  (gap) => {
    const row = dump(1, SECRETS_IN_A_ROW_MAX - 10).text + " words".repeat(gap).slice(0, gap - 1);
    const rows = `${row}\n`.repeat(30);
    const once = redactor.text(rows);

    expect(once.split("[REDACTED:").length - 1).toBeLessThanOrEqual(
      KEPT_IN_A_ROW + (2 * 30 * gap) / SECRET_ROOM_CHARS,
    );
    expect(once).not.toMatch(/ghp_/);
    expect(redactor.text(once)).toBe(once);
  },
);

test("a log of 10,000 lines with a password in each keeps all that they say", () => {
  const line = (at: number, password: string) =>
    `2026-01-25T09:30:00Z worker 3 signed in to queue ${100_000 + at} password=${password}\n`;
  const log = (password: (at: number) => string) =>
    Array.from({ length: 10_000 }, (_, at) => line(at, password(at))).join("");

  expect(redactor.text(log((at) => `hunter${at}`))).toBe(log(() => "[REDACTED:assignment]"));
});

test("what follows a row of secrets is judged as behind its last one", () => {
  const { text } = dump(GAPS["in a row"], SECRETS_IN_A_ROW_MAX + 5);

  expect(redactor.text(`${text}: ${drawn(40)}\n`)).toMatch(/token\]: \[REDACTED:assignment\]\n$/);
});

/** Without an end to what one of them looks at, the cost is the square of the length: minutes instead of milliseconds. */
test.each(["authorization=", "authorization=x.", "SG."])(
  "a megabyte of nothing but %j is redacted in passing",
  (piece) => {
    expect(redactor.text(piece.repeat(1_000_000 / piece.length)).length).toBeGreaterThan(0);
  },
);

test("a provider's key is found in base64 and in hex, alone and inside something else", () => {
  const token = `ghp_${drawn(36)}`;
  for (const around of [
    ["", ""],
    ["u:", ""],
    ["x-access-token:", "@"],
    ['{"auths":"', '"}'],
  ] as const) {
    const bytes = Buffer.from(around.join(token));
    for (const coding of ["base64", "base64url", "hex"] as const) {
      const encoded = bytes.toString(coding);
      for (const before of ["", "data/", "k=", "a-"]) {
        expect(redactor.text(`${before}${encoded} there`)).toContain("[REDACTED:github-token]");
        expect(redactor.text(`${before}${encoded} there`)).not.toContain(encoded.slice(16, 40));
      }
    }
  }
});

test("a provider's key is found deep inside a long run of base64 or hex, wherever it begins", () => {
  const token = `ghp_${drawn(36)}`;
  for (const filler of ["plain words, ", "\0\u0001"]) {
    for (const length of [9_000, 9_001, 9_002]) {
      const bytes = Buffer.from(filler.repeat(length).slice(0, length) + token + filler.repeat(500));
      for (const coding of ["base64", "base64url", "hex"] as const) {
        const encoded = bytes.toString(coding);
        const redacted = redactor.text(encoded);

        expect(redacted).toContain("[REDACTED:github-token]");
        expect(encoded.length - redacted.length).toBeLessThan(token.length * 2);
      }
    }
  }
});

test("a long cookie header loses all its values that look drawn at random", () => {
  const pair = (at: number) => `c${at}=aB3dE5fG7hJ9kL2m${1_000 + at}`;
  const header = `Cookie: ${Array.from({ length: 500 }, (_, at) => pair(at)).join("; ")}`;
  const once = redactor.text(`${header}\nand more`);

  for (let at = 0; at < 500; at += 1) expect(once).not.toContain(pair(at).slice(4));
  expect(redactor.text(once)).toBe(once);
});

test("tokens without anything between them go in one round", () => {
  const bot = (at: number) => `${100_000_000 + at}:AA${"bC3d".repeat(8)}x`;
  const chain = Array.from({ length: 9 }, (_, at) => bot(at)).join("");

  expect(redactor.text(`x ${chain} y`)).toBe(`x ${"[REDACTED:telegram-token]".repeat(9)} y`);
});
