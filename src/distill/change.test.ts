import { expect, test } from "vitest";
import { type Body, edited, facts, said, used } from "../../test/told.ts";
import { changeOfTexts } from "./change.ts";
import { testsIn } from "./tests-in.ts";

test("lines that stand in both texts count for neither", () => {
  expect(changeOfTexts("a.ts", "a\nb\nc\n", "a\nB\nc\nd\n")).toEqual({ added: 2, removed: 1, tests: 0 });
  expect(changeOfTexts("a.ts", "", "a\r\nb")).toEqual({ added: 2, removed: 0, tests: 0 });
  expect(changeOfTexts("a.ts", "a\na\nb", "b\na")).toEqual({ added: 0, removed: 1, tests: 0 });
});

test.each([
  ["a.test.ts", 'test("x", () => {'],
  ["a.spec.js", "  it.each([1])('x', () => {"],
  ["test_a.py", "    async def test_login(self):"],
  ["a_test.go", "func TestLogin(t *testing.T) {"],
  ["lib.rs", "    #[tokio::test]"],
  ["ATest.java", "  @Test"],
  ["a_spec.rb", '  it "logs in" do'],
  ["ATests.cs", "    [Fact]"],
  ["ATest.php", "    public function testLogin(): void"],
  ["a_test.exs", '  test "logs in" do'],
  ["a.cc", "TEST_F(Login, Works) {"],
])("a test case of %s is known by how it begins", (path, line) => {
  expect(testsIn(path, [line, "x = 1", ""])).toBe(1);
});

test.each([
  ["a.ts", "const test = 1;"],
  ["a.ts", 'describe("x", () => {'],
  ["a.ts", 'it.todo("x")'],
  ["a.py", "def contest(x):"],
  ["notes.md", 'test("x", () => {'],
])("what only looks like one is none: %s", (path, line) => {
  expect(testsIn(path, [line])).toBe(0);
});

test("edits are measured by the agent's patch, else by their own texts, and one that failed is not", () => {
  const edit = (result: object) =>
    used({ kind: "edit", name: "Edit", path: "/w/a.test.ts", oldText: "x", newText: "y\nz" }, result);
  const sums = (...steps: readonly (Body | readonly Body[])[]) =>
    facts(...steps).stretches?.map(({ added, removed, tests }) => [added, removed, tests]);

  expect(sums(said("go"), edit({}))).toEqual([[2, 1, 0]]);
  // `replace_all` did it three times.
  expect(sums(said("go"), edit({ patch: { added: ['test("a", f)', "y", "z"], removed: ["x"] } }))).toEqual([
    [3, 1, 1],
  ]);
  expect(sums(said("go"), edit({ ok: false }))).toEqual([[0, 0, 0]]);
  const write = { kind: "write", name: "Write", path: "/w/n.ts", newText: "a\nb\n" } as const;
  expect(sums(said("go"), used(write, { created: true }))).toEqual([[2, 0, 0]]);
  expect(sums(said("go"), used(write, { created: false }))).toEqual([[0, 0, 0]]);
});

test("a test that was written and taken out again was not added", () => {
  const [stretch] =
    facts(
      said("go"),
      edited("/w/a.test.ts", "", 'test("a", f);'),
      edited("/w/a.test.ts", 'test("a", f);', ""),
    ).stretches ?? [];

  expect(stretch).toMatchObject({ prompts: 1, added: 1, removed: 1, tests: 0 });
});
