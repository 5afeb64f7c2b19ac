/** A line longer than this is generated, and declares no test. */
const LINE_CHARS_MAX = 400;

/** How a test case begins in a language, by the endings of its files. A parametrised one counts once, as it is written. */
const CASES: readonly (readonly [endings: string, declaration: RegExp])[] = [
  // `test.each` too; `describe` and `it.todo` hold none. https://vitest.dev/api, https://jestjs.io/docs/api
  ["js jsx ts tsx mjs cjs mts cts vue svelte", /^\s*(?:it|test)(?:\.(?!todo|describe)\w+)*\s*[(`]/],
  ["py", /^\s*(?:async\s+)?def\s+test\w*\s*\(/],
  ["go", /^func\s+(?:Test|Fuzz)[A-Z_]\w*\s*\(/],
  ["rs", /^\s*#\[(?:\w+::)*(?:test|rstest|test_case)\b/],
  ["java kt kts scala groovy", /^\s*@(?:Test|ParameterizedTest|RepeatedTest)\b/],
  ["cs fs vb", /^\s*\[(?:Fact|Theory|Test|TestCase|TestMethod)\b/],
  ["rb", /^\s*(?:it|specify|test)\s+["']|^\s*def\s+test_\w/],
  ["php", /^\s*(?:public\s+)?function\s+test\w*\s*\(|^\s*(?:it|test)\(\s*["']|^\s*#\[Test\]/],
  ["swift", /^\s*func\s+test\w*\s*\(|^\s*@Test\b/],
  ["ex exs", /^\s*(?:test|property)\s+"/],
  ["c cc cpp cxx h hpp", /^\s*(?:TEST|TEST_F|TEST_P|TEST_CASE|SCENARIO)\s*\(/],
  ["dart", /^\s*(?:test|testWidgets)\s*\(/],
];

/** Made when a file is changed first: it takes 0.1 ms, and every hook loads this. */
let declarations: ReadonlyMap<string, RegExp> | undefined;

function declarationsByEnding(): ReadonlyMap<string, RegExp> {
  declarations ??= new Map(
    CASES.flatMap(([endings, declaration]) =>
      endings.split(" ").map((ending) => [ending, declaration] as const),
    ),
  );
  return declarations;
}

/** How many test cases begin in these lines of a file; 0 for files of languages that we do not know. Linear. */
export function testsIn(path: string, lines: readonly string[]): number {
  const declaration = declarationsByEnding().get(/\.([a-z]{1,6})$/i.exec(path)?.[1]?.toLowerCase() ?? "");
  if (declaration === undefined) return 0;
  return lines.filter((line) => line.length <= LINE_CHARS_MAX && declaration.test(line)).length;
}
