import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";

/** Servers on stdio behind one HTTP address: each session of a client gets a process of its own. Nothing in between looks at a message. */
export interface McpBridge {
  readonly url: string;
  stop(): Promise<void>;
}

export interface StdioServer {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: { readonly [name: string]: string };
}

interface Session {
  readonly http: WebStandardStreamableHTTPServerTransport;
  readonly stdio: StdioClientTransport;
}

export async function bridge(server: StdioServer): Promise<McpBridge> {
  const sessions = new Map<string, Session>();
  const all: Session[] = [];
  let hosts: string[] = [];
  const open = async (): Promise<Session> => {
    const session: Session = {
      http: new WebStandardStreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => void sessions.set(id, session),
        enableDnsRebindingProtection: true,
        allowedHosts: hosts,
      }),
      stdio: new StdioClientTransport({ ...server, args: [...server.args], env: { ...server.env } }),
    };
    const { http, stdio } = session;
    http.onmessage = (message) => void stdio.send(message);
    stdio.onmessage = (message) => void http.send(message).catch(() => undefined);
    all.push(session);
    await http.start();
    await stdio.start();
    return session;
  };
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const id = incoming.headers["mcp-session-id"];
    const session = (typeof id === "string" ? sessions.get(id) : undefined) ?? (await open());
    const reply = await session.http.handleRequest(await requestOf(incoming));
    response.writeHead(reply.status, Object.fromEntries(reply.headers));
    if (reply.body === null) response.end();
    else Readable.fromWeb(reply.body as ReadableStream).pipe(response);
  };
  const web = createServer((incoming, response) => {
    answer(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  const { port } = web.address() as AddressInfo;
  hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    stop: async () => {
      await Promise.all(all.map(({ stdio }) => stdio.close()));
      web.closeAllConnections();
      await new Promise((resolve) => web.close(resolve));
    },
  };
}

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const headers = Object.entries(incoming.headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
  );
  const body = parts.length === 0 ? null : Buffer.concat(parts).toString("utf8");
  const method = incoming.method ?? "GET";
  return new Request(`http://${incoming.headers.host}${incoming.url}`, { method, headers, body });
}
