import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { HostError } from "../errors";

const IDLE_MS = 30 * 60_000;
const CHECK_MS = 60_000;
const MOST_OF_ONE_CALLER = 50;

interface OpenSession {
  owner: string;
  transport: StreamableHTTPServerTransport;
  lastUsed: number;
  /** Requests that are being answered. */
  open: number;
}

/**
 * The sessions of the protocol, in memory: a client that finds its session gone begins a new one. A session belongs to the caller who began it;
 * for everyone else it does not exist.
 */
export class McpSessions {
  readonly #sessions = new Map<string, OpenSession>();
  readonly #timer = setInterval(() => this.#closeIdle(), CHECK_MS).unref();

  /** Answers one request of the session. @throws HostError 404 for one that is gone or of another caller. */
  async answer(
    id: string,
    owner: string,
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
  ): Promise<void> {
    const session = this.find(id, owner);
    session.lastUsed = Date.now();
    session.open += 1;
    response.once("close", () => {
      session.open -= 1;
      session.lastUsed = Date.now();
    });
    await session.transport.handleRequest(request, response, body);
  }

  find(id: string, owner: string): OpenSession {
    const session = this.#sessions.get(id);
    if (!session || session.owner !== owner)
      throw new HostError(
        404,
        "This session is not known here, or is over. Begin a new one with initialize.",
      );
    return session;
  }

  /** Begins a session with its first request. @throws HostError 429 */
  async begin(
    server: Server,
    owner: string,
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
  ): Promise<void> {
    const own = [...this.#sessions.values()].filter((session) => session.owner === owner);
    if (own.length >= MOST_OF_ONE_CALLER) {
      const oldest = own.filter(({ open }) => open === 0).sort((a, b) => a.lastUsed - b.lastUsed)[0];
      if (!oldest)
        throw new HostError(429, `You have ${own.length} sessions at work already. End one first.`);
      await oldest.transport.close();
    }
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) =>
        void this.#sessions.set(id, { owner, transport, lastUsed: Date.now(), open: 0 }),
    });
    server.onclose = () => {
      if (transport.sessionId) this.#sessions.delete(transport.sessionId);
    };
    await server.connect(transport);
    await transport.handleRequest(request, response, body);
  }

  /** Answers a request that needs no session, for clients that keep none. */
  async once(
    server: Server,
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
  ): Promise<void> {
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    await server.connect(transport);
    response.once("close", () => void server.close());
    await transport.handleRequest(request, response, body);
  }

  /** Ends what runs in all of them. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#sessions.values()].map(({ transport }) => transport.close()));
  }

  #closeIdle(): void {
    for (const { open, lastUsed, transport } of this.#sessions.values())
      if (open === 0 && Date.now() - lastUsed > IDLE_MS) void transport.close();
  }
}
