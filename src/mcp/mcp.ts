import { setImmediate } from "node:timers/promises";
import { ProtocolError, ProtocolErrorCode, Server, type ServerContext } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { App } from "../app/app.ts";
import { callerOf } from "../app/caller.ts";
import { callingConversation } from "../app/resolve-session.ts";
import { AppError } from "../base/error.ts";
import type { ConversationId } from "../base/id.ts";
import { MCP_CALLS_WAITING_MAX, MCP_END_MS } from "../base/limits.ts";
import { asObject } from "../base/parse.ts";
import { answered, failed } from "./answer.ts";
import { INSTRUCTIONS, listedTool } from "./listing.ts";
import { getPrompt, PROMPTS } from "./prompts.ts";
import { openQueue } from "./queue.ts";
import { RESOURCE_TEMPLATES, RESOURCES, readResource, resourceOf } from "./resources.ts";
import { TOOLS } from "./tools.ts";
import { openStdio, type Streams } from "./transport.ts";

/** What the server is started with. */
export interface McpSetting extends Streams {
  readonly version: string;
  /**
   * Brief and document as resources, too. Claude Code tells its model of any server that has some by three tools of its own,
   * which cost as much as ours: its plugin goes without.
   */
  readonly resources: boolean;
  /** Opens the program anew for each call: a server lives for days, and nothing that it knew at its start may grow old. */
  readonly openApp: () => App;
  /** Resolves when somebody asks the process to end. */
  readonly stopped: Promise<void>;
}

/**
 * Serves one client over stdio until it has gone or the process is asked to end; what is being done then is finished, within
 * MCP_END_MS. docs/formats/mcp.md is the contract.
 */
export async function serveMcp(setting: McpSetting): Promise<void> {
  const { input, output, stopped } = setting;
  const queue = openQueue(MCP_CALLS_WAITING_MAX);
  const transport = openStdio({ input, output });
  const server = makeServer({ ...setting, inTurn: queue.inTurn });
  await server.connect(transport);
  await Promise.race([transport.gone, stopped]);
  await queue.idle(MCP_END_MS);
  // The last answer is on its way: it is written before anything else is looked at.
  await setImmediate();
  await server.close();
}

interface Served extends Pick<McpSetting, "version" | "resources" | "openApp"> {
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** The program as the calling conversation sees it; a call that was taken back meanwhile does nothing. */
type Called = <T>(ctx: ServerContext, work: (app: App) => Promise<T>) => Promise<T>;

function makeServer({ version, resources, openApp, inTurn }: Served): Server {
  const server = new Server(
    { name: "leftoff", version },
    {
      capabilities: { tools: {}, ...(resources ? { resources: {} } : {}), prompts: {} },
      instructions: INSTRUCTIONS,
    },
  );
  let lastKnown: ConversationId | undefined;
  const called: Called = (ctx, work) =>
    inTurn(async () => {
      const app = openApp();
      const seen = await seenBy(app, server, { ctx, lastKnown: lastKnown ?? callingConversation(app) });
      lastKnown = seen.caller?.conversation ?? lastKnown;
      ctx.mcpReq.signal.throwIfAborted();
      return work(seen);
    });

  server.setRequestHandler("tools/list", () => ({
    tools: TOOLS.map(({ annotations, ...tool }) => ({
      ...listedTool(tool),
      annotations,
      ...(tool.alwaysLoad ? { _meta: { "anthropic/alwaysLoad": true } } : {}),
    })),
  }));
  server.setRequestHandler("tools/call", async ({ params }, ctx) => {
    const tool = TOOLS.find(({ name }) => name === params.name);
    if (tool === undefined) throw invalid(`There is no tool ${JSON.stringify(params.name)}.`);
    try {
      return answered(await called(ctx, (app) => tool.call(app, params.arguments)));
    } catch (error) {
      return failed(error);
    }
  });
  if (resources) serveResources(server, called);
  server.setRequestHandler("prompts/list", () => ({ prompts: [...PROMPTS] }));
  server.setRequestHandler(
    "prompts/get",
    { params: PromptParams },
    async ({ name, arguments: args }, ctx) => {
      const prompt = await refusing(() => called(ctx, (app) => getPrompt(app, name, args)));
      if (prompt === undefined) throw invalid(`There is no prompt ${JSON.stringify(name)}.`);
      return prompt;
    },
  );
  return server;
}

function serveResources(server: Server, called: Called): void {
  server.setRequestHandler("resources/list", () => ({ resources: [...RESOURCES] }));
  server.setRequestHandler("resources/templates/list", () => ({
    resourceTemplates: [...RESOURCE_TEMPLATES],
  }));
  server.setRequestHandler("resources/read", { params: UriParams }, async ({ uri }, ctx) => {
    const resource = resourceOf(uri);
    if (resource === undefined) throw invalid(`There is no resource ${JSON.stringify(uri)}.`);
    return refusing(() => called(ctx, (app) => readResource(app, uri, resource)));
  });
}

const UriParams = z.looseObject({ uri: z.string() });
const PromptParams = z.looseObject({
  name: z.string(),
  arguments: z.record(z.string(), z.string()).optional(),
});

/** Resources and prompts have no results that say "it failed": what a use case refuses is an error of the protocol there. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError) throw invalid(`${error.code}: ${error.message} ${error.hint}`);
    throw error;
  }
}

function invalid(message: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}

/** The program with who calls it: a conversation of our agent, or another agent under the name it gave itself. */
async function seenBy(
  app: App,
  server: Server,
  { ctx, lastKnown }: { readonly ctx: ServerContext; readonly lastKnown: ConversationId | undefined },
): Promise<App> {
  const callId = app.agent.callIdOf(asObject(ctx.mcpReq._meta));
  const client = server.getClientVersion()?.name ?? "";
  if (callId === undefined && !client.toLowerCase().startsWith(app.agent.name)) {
    return { ...app, caller: { agent: nameOf(app, client), conversation: undefined } };
  }
  return { ...app, caller: await callerOf(app, { callId, lastKnown, signal: ctx.mcpReq.signal }) };
}

const NAME_CHARS_MAX = 40;

/** A client's name for itself goes into the journal: letters, digits and few signs, and no secret. */
function nameOf({ redactor }: App, client: string): string {
  const name = redactor
    .text(client)
    .replaceAll(/[^\p{L}\p{N} ._[\]:-]/gu, "")
    .slice(0, NAME_CHARS_MAX)
    .trim();
  return name === "" ? "unknown" : name;
}
