import fc from "fast-check";
import { expect, test } from "vitest";
import { expectLinearIn } from "../../test/linear.ts";
import { estimateTokens, weightOf } from "./tokens.ts";

/** Counted with o200k_base (gpt-tokenizer 3.0), which is not needed to run these tests. */
const COUNTED: readonly (readonly [string, number])[] = [
  [
    "The rotation now happens in one UPDATE, so that two tabs that refresh at once no longer log the person out. What is left is the revocation test for a stolen token, and the migration guide.",
    41,
  ],
  [
    "export function rotate(token: RefreshToken): Promise<Session> {\n  const next = newToken(token.family);\n  return store.replace(token.id, next).then(() => sessionOf(next));\n}",
    39,
  ],
  [
    "src/auth/tokens.ts:41:12 - error TS2345: Argument of type 'string | undefined' is not assignable to parameter of type 'string'.",
    34,
  ],
  [
    "刷新令牌在每次使用时轮换，旧令牌立即失效。两个标签页同时刷新会导致用户退出登录，所以改为一条更新语句。",
    37,
  ],
  ["リフレッシュトークンは使用のたびに更新され、古いトークンは直ちに無効になります。", 29],
  ["리프레시 토큰은 사용할 때마다 교체되고 이전 토큰은 즉시 무효가 됩니다.", 24],
  ["Токен обновления меняется при каждом использовании, а старый сразу перестаёт действовать.", 21],
  [
    "Das Erneuerungstoken wird bei jeder Benutzung gewechselt; das alte verliert sofort seine Gültigkeit.",
    24,
  ],
  ["يتم تدوير رمز التحديث عند كل استخدام ويصبح الرمز القديم غير صالح على الفور.", 20],
  ["रीफ़्रेश टोकन हर बार उपयोग करने पर बदल जाता है।", 16],
  ["👨‍👩‍👧‍👦🏳️‍🌈👩🏽‍💻🇯🇵✅❌🚀", 33],
  [
    "H0D8ktokFpR1CXnubPWC8tXX0o4YM13gWrxU0FYOD1MChgxlK/CNVgJSql50IQVG82n7u86MEs/HlXsmUv6adQ==Umd2iCLuYk1I/OFexcp5y9YCy39MIVelFlVpkfIu+Me173sY0f9BxZNw77CFhlHUSpNsEbexRMSP4E3zxqPo2g==",
    119,
  ],
  [
    "1f40fc92da241694750979ee6cf582f2d5d7d28e18335de05abc54d0560e0f5302860c652bf08d560252aa5e74210546f369fbbbce8c12cfc7957b2652fe9a755267768822ee624d48fce15ec5ca79cbd602cb7f4c2157a516556991f22ef8c7b5ef7b18d1ff41c59370efb0858651d44a936c11b7b144c48fe04df3c6a3e8da",
    145,
  ],
  ["b71bd05 3946168 1c43f71", 14],
  ["01936f2a-7c1b-7d2e-9a41-0f5c3e8b6d72", 31],
  ["{}[]();:'\"\\|/?<>!@#$%^&*-_=+~`", 18],
  ["a", 1],
  ["ok", 1],
  ["12", 1],
  ["é", 1],
  ["漢", 1],
  ["xqzvk jwpfz qqkxv", 10],
  ["XMLHttpRequest getElementById SCREAMING_SNAKE_CASE", 14],
  ["| a | b |\n|---|---|\n| – | no |", 15],
  ["\t\treturn;\n\n\n    }", 5],
];

test("The estimate is at or above the real count, and for prose and code not twice it", () => {
  for (const [text, count] of COUNTED) {
    expect(estimateTokens(text), text.slice(0, 40)).toBeGreaterThanOrEqual(count);
    if (text.length > 100) expect(estimateTokens(text), text.slice(0, 40)).toBeLessThanOrEqual(count * 2);
  }
});

test("Nothing costs nothing", () => {
  expect(estimateTokens("")).toBe(0);
  expect(estimateTokens("a")).toBeGreaterThan(0);
});

test("Weights of lines add up to the weight of their text, or more", () => {
  const unit = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.lorem(),
    fc.constantFrom("\n", "\r\n", " ", "\t", "12", "A"),
  );
  const line = fc.array(unit, { maxLength: 5 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const sum = lines.reduce((weight, each) => weight + weightOf(`${each}\n`), 0);
      expect(weightOf(lines.join("\n"))).toBeLessThanOrEqual(sum);
    }),
  );
});

test("A longer text never costs less", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (head, tail) => {
      expect(weightOf(head + tail)).toBeGreaterThanOrEqual(weightOf(head));
    }),
  );
});

test("A text is estimated in time linear in its length", () => {
  expectLinearIn("const rotated = await rotate(token); // once per use\n", 80_000, estimateTokens);
});
