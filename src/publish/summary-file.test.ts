import fc from "fast-check";
import { expect, test } from "vitest";
import { writeSummaryFile } from "./summary-file.ts";

const FIRST = "# Session Summary: Login\n\n- one\n- two\n";
const SECOND = "# Session Summary: Login\n\n- two\n- three\n";

function fileOf(before: string, page: string, written?: string): string {
  const made = writeSummaryFile({ before, page, written });
  if (made.kind === "broken") throw new Error(made.why);
  return made.text;
}

test("what a person wrote around the summary keeps its bytes, and the summary is written anew", () => {
  const before = `Mine, above.\r\n\n${fileOf("", FIRST)}\nMine, below.`;

  const after = fileOf(before, SECOND);

  expect(after.startsWith("Mine, above.\r\n\n<!-- leftoff summary")).toBe(true);
  expect(after.endsWith(" -->\r\n\nMine, below.")).toBe(true);
  expect(after).toContain("- three");
  expect(after).not.toContain("- one");
});

test("a file that somebody wrote by hand gets the summary behind their words", () => {
  expect(fileOf("My summary", FIRST)).toBe(`My summary\n\n${fileOf("", FIRST)}`);
});

test("words that a person wrote into the summary stand below it from then on", () => {
  const edited = fileOf("", FIRST).replace("- two", "- two\n- ask Bob about the limits");

  const after = fileOf(edited, SECOND, FIRST);

  expect(after).toBe(`${fileOf("", SECOND)}\n- ask Bob about the limits\n`.replace("-->\n\n-", "-->\n\n-"));
  expect(fileOf(after, SECOND, SECOND)).toBe(after);
});

test("where nobody knows what was written last, a changed summary's lines count as a person's", () => {
  const edited = fileOf("", FIRST).replace("- two", "- two, in my words");
  const made = writeSummaryFile({ before: edited, page: SECOND, written: undefined });
  expect(made).toMatchObject({ kind: "file", kept: ["- one", "- two, in my words"] });
});

test.each([
  ["half of the comments", fileOf("", FIRST).replace(/<!-- leftoff summary end.*\n/, "")],
  ["the summary twice", fileOf("", FIRST) + fileOf("", FIRST)],
  ["a merge that is not finished", `<<<<<<< ours\n${fileOf("", FIRST)}=======\n>>>>>>> theirs\n`],
])("a file with %s is left alone", (_, before) => {
  expect(writeSummaryFile({ before, page: SECOND, written: FIRST }).kind).toBe("broken");
});

test("no line of a person's is ever lost, and doing it twice changes nothing", () => {
  const words = fc.array(fc.stringMatching(/^[a-z <>#-]{0,12}\r?$/), { maxLength: 6 });
  const page = fc
    .array(fc.stringMatching(/^[0-9]{1,3}$/), { maxLength: 5 })
    .map((lines) => `# P\n${lines.join("\n")}\n`);
  fc.assert(
    fc.property(words, words, words, page, page, (above, inside, below, first, second) => {
      const made = fileOf(above.join("\n"), first);
      const edited =
        made.replace(/# P\r?\n/, `# P\n${inside.map((line) => `${line}\n`).join("")}`) + below.join("\n");
      const after = fileOf(edited, second, first);
      const said = (text: string) => text.split("\n").map((line) => line.trim());
      const told = [...above, ...inside, ...below].map((line) => line.trim());
      for (const line of told.filter((words) => words !== "")) expect(said(after)).toContain(line);
      // A file of nothing but white space is none.
      expect(after.startsWith(above.join("\n")) || above.join("").trim() === "").toBe(true);
      expect(after.endsWith(below.join("\n"))).toBe(true);
      expect(fileOf(after, second, second)).toBe(after);
    }),
  );
});
