import fc from "fast-check";
import { expect, test } from "vitest";
import { codexMcp } from "./codex/setup.ts";
import { geminiMcp } from "./gemini/setup.ts";
import { opencodeMcp } from "./opencode/setup.ts";

const COMMAND = '/home/dev/a "b"/leftoff/bin/leftoff';

test("codex: a table at the end of its settings, and the same bytes without it", () => {
  const before = 'model = "gpt-5-codex"\n\n[mcp_servers.demo]\ncommand = "node" # mine\n';
  const after = codexMcp.add(before, COMMAND);
  expect(after).toBe(
    `${before}\n# leftoff:begin (\`leftoff uninstall\` removes this part)\n[mcp_servers.leftoff]\ncommand = "/home/dev/a \\"b\\"/leftoff/bin/leftoff"\nargs = ["mcp"]\n# leftoff:end\n`,
  );
  expect(codexMcp.add(after, COMMAND)).toBe(after);
  expect(codexMcp.remove(`${after}[projects."/w"]\ntrust_level = "trusted"\n`)).toBe(
    `${before}[projects."/w"]\ntrust_level = "trusted"\n`,
  );
});

test("codex: a server of that name that is not ours is not written over", () => {
  for (const text of [
    '[mcp_servers.leftoff]\ncommand = "x"\n',
    '[ mcp_servers . "leftoff" ]\n',
    "mcp_servers = {}\n",
  ])
    expect(() => codexMcp.add(text, COMMAND), text).toThrow(
      expect.objectContaining({ code: "settings_unreadable" }),
    );
});

test("property: what was put into codex's settings comes out again, whatever stood there", () => {
  const unit = fc.constantFrom("\n", "\r\n", "a = 1", "[t]", "# c", "\uFEFF", " ");
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      const added = codexMcp.add(text, COMMAND);
      expect(codexMcp.remove(added)).toBe(text);
      expect(codexMcp.add(added, COMMAND)).toBe(added);
    }),
  );
});

test.each([geminiMcp, opencodeMcp])(
  "$name: one entry among others, with comments kept, and the same bytes without it",
  (client) => {
    for (const before of [
      "",
      "{}\n",
      '{\n  // mine\n  "theme": "x",\n  "mcpServers": { "a": {} },\n  "mcp": {}\n}',
    ]) {
      const after = client.add(before, COMMAND);
      expect(after).toContain("/leftoff/bin/leftoff");
      expect(client.add(after, COMMAND)).toBe(after);
      expect(client.remove(after).trim()).toBe(before.trim());
      expect(JSON.parse(client.add("", COMMAND))).toMatchObject({});
    }
    const moved = client.add(client.add("{}", "/old/bin/leftoff"), COMMAND);
    expect(moved).not.toContain("/old/");
    const foreign = client.add("{}", COMMAND).replaceAll("/bin/leftoff", "/bin/other");
    expect(() => client.add(foreign, COMMAND)).toThrow(
      expect.objectContaining({ code: "settings_unreadable" }),
    );
    expect(client.remove(foreign)).toBe(foreign);
  },
);
