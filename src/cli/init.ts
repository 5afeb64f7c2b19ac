import type { SettingsScope } from "../agent/agent.ts";
import { type InitResult, init } from "../app/init/init.ts";
import { counted } from "../base/count.ts";
import { AppError } from "../base/error.ts";
import { bytes, seconds } from "./amount.ts";
import { type Door, type Given, type Run, show, textOption } from "./door.ts";
import { shownPath } from "./shown-path.ts";

export const run: Run = async (door, given) => {
  const agent = textOption(given, "agent") ?? "claude";
  const { mcpClients } = await door.setup();
  const mcpOnly = mcpClients.find(({ name }) => name === agent);
  if (mcpOnly === undefined && agent !== door.app.agent.name) {
    const known = mcpClients.map(({ name }) => `${name} --mcp-only`).join(", ");
    throw new AppError(
      "agent_not_found",
      `leftoff can't set up "${agent}" yet.`,
      `It knows: claude, ${known}.`,
    );
  }
  if ((mcpOnly !== undefined) !== (given.options.mcpOnly === true)) {
    throw new AppError(
      "input_invalid",
      mcpOnly === undefined
        ? "--mcp-only is for other agents than claude."
        : `leftoff does not read ${agent}'s conversations yet.`,
      `For its MCP server: leftoff init --agent ${mcpOnly?.name ?? "codex"} --mcp-only`,
    );
  }
  const input = {
    scope: scopeOf(given),
    mcpOnly,
    dryRun: given.options.dryRun === true,
    protocol: given.options.protocol === true,
    statusline: given.options.statusline === true,
    onProgress: (read: number, of: number) => door.say(door.style.dim(`read ${read} of ${of} conversations`)),
  };
  const result = await init(door.app, { setup: await door.setup(), program: door.program }, input);
  const { changed, warnings, history, root } = result;
  const document = {
    schema: "leftoff.init/1",
    root,
    dryRun: input.dryRun,
    changed,
    warnings,
    history: history ?? null,
  };
  show(door, document, () => textOf(door, result));
};

function scopeOf(given: Given): SettingsScope {
  const scope = textOption(given, "scope") ?? "local";
  if (scope === "local" || scope === "project" || scope === "user") return scope;
  throw new AppError(
    "input_invalid",
    `"${scope}" is no scope.`,
    "local (you, here), project (everybody, here) or user (you, everywhere).",
  );
}

function textOf({ style, app }: Door, { root, changed, warnings, history }: InitResult): string {
  const done = history === undefined ? "would change" : "changed";
  return [
    ...changed.map(
      ({ path, what }) => `${style.green(done)} ${shownPath(app, path)} ${style.dim(`(${what})`)}`,
    ),
    ...(changed.length === 0 ? [style.dim(`leftoff is set up in ${shownPath(app, root)} already.`)] : []),
    ...warnings.map((warning) => style.yellow(warning)),
    ...(history === undefined ? [] : [found(history)]),
  ].join("\n");
}

function found({
  found: conversations,
  foundBytes,
  read,
  tookMs,
}: NonNullable<InitResult["history"]>): string {
  if (conversations === 0) return "No conversations here yet; the next one starts with leftoff.";
  const what = read === 0 ? "nothing new" : `newest ${read} read in ${seconds(tookMs)}`;
  return `${counted(conversations, "conversation")} here (${bytes(foundBytes)}); ${what}`;
}
