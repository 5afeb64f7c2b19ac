import type { McpListing, PluginText } from "../agent.ts";

/** As `plugin/.mcp.json` and `plugin/skills/` name them. */
const PREFIX = "mcp__plugin_leftoff_leftoff__";
const SERVER = "plugin:leftoff:leftoff";
const SKILL = "leftoff:leftoff";

/** The heading of `plugin/skills/leftoff/SKILL.md`, which is all that a conversation gets of it before it is used. */
export const SKILL_DESCRIPTION =
  "When to record decisions, failed attempts and next steps in leftoff. Use it before the context is compacted, and when asked what was done, tried or decided before.";

/**
 * What the plugin adds to a first request, in the words of Claude Code 2.1.197 and 2.1.329 (recorded requests with and without
 * it; test/e2e/overhead.e2e.ts compares them again). Slash commands are not in it: theirs are not for the model to call
 * (`disable-model-invocation`), and so it is not told of them.
 */
export function pluginText({ instructions, tools }: McpListing): PluginText {
  const defined = (always: boolean) =>
    tools.filter(({ alwaysLoad }) => alwaysLoad === always).map(definition);
  return {
    instructions: `# MCP Server Instructions\nThe following MCP servers have provided instructions for how to use their tools and resources:\n\n## ${SERVER}\n${instructions}\n`,
    skill: `- ${SKILL}: ${SKILL_DESCRIPTION}\n`,
    tools: JSON.stringify(defined(true)),
    otherTools: JSON.stringify(defined(false)),
    otherNames: defined(false)
      .map(({ name }) => `${name}\n`)
      .join(""),
    briefHead: "SessionStart hook additional context: ",
  };
}

function definition({ name, description, inputSchema }: McpListing["tools"][number]) {
  return { name: `${PREFIX}${name}`, description, input_schema: inputSchema };
}
