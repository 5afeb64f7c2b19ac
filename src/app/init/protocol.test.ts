import fc from "fast-check";
import { expect, test } from "vitest";
import { addProtocol, removeProtocol } from "./protocol.ts";

const protocol = addProtocol("");

test("the protocol names only commands of ours and fits on a page", () => {
  const commands = [...protocol.matchAll(/`leftoff (\w+)/g)].map((match) => match[1]);

  expect(new Set(commands)).toEqual(new Set(["uninstall", "note", "brief", "show"]));
  expect(protocol.length).toBeLessThan(2_000);
});

test("a CLAUDE.md that is not there is made, and nothing is left of it", () => {
  expect(removeProtocol(protocol)).toBe("");
});

test("the protocol stands apart from what the person wrote", () => {
  expect(addProtocol("# Project\n")).toBe(`# Project\n\n${protocol}`);
  expect(addProtocol("# Project")).toBe(`# Project\n\n${protocol.trimEnd()}`);
});

test("an older protocol is brought up to date where it stands", () => {
  const older = "# A\r\n\r\n<!-- leftoff:begin v0 -->\r\nold\r\n<!-- leftoff:end -->\r\n# B\r\n";
  const text = addProtocol(older);

  expect(text).toBe(`# A\r\n\r\n${protocol.replaceAll("\n", "\r\n")}# B\r\n`);
  expect(removeProtocol(text)).toBe("# A\r\n# B\r\n");
});

test("what stands after a marker that lost its counterpart is the person's", () => {
  const torn = "<!-- leftoff:begin -->\nmine\n";
  expect(removeProtocol(torn)).toBe(torn);
  expect(removeProtocol(addProtocol(torn))).toBe(torn);

  const quoted = "see `<!-- leftoff:begin` and\n<!-- leftoff:end -->\n";
  expect(removeProtocol(quoted)).toBe(quoted);
});

test("property: removing what was added gives back the same bytes, and adding twice is adding once", () => {
  const unit = fc.constantFrom(
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    "# T",
    "text",
    "\uFEFF",
    "<!-- leftoff:begin -->",
    " ",
  );
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      const added = addProtocol(text);
      expect(removeProtocol(added)).toBe(text);
      expect(addProtocol(added)).toBe(added);
    }),
    { numRuns: 1_000 },
  );
});
