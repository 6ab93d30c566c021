import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that came to a service, with its JSON body. */
export interface Came {
  host: string;
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  body: Record<string, unknown>;
}

/** What a service answers: JSON, or nothing where it does not know the request. */
type Answer = (came: Came) => unknown;

interface Services {
  port: number;
  /** What came, oldest first. */
  came: Came[];
  stop(): Promise<void>;
}

/** The API servers of many services on one port, told apart by the host that is asked for. */
export async function startServices(answers: Record<string, Answer>): Promise<Services> {
  const came: Came[] = [];
  const server = createServer((request, response) => {
    void reply(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const host = request.headers.host ?? "";
    const url = new URL(request.url ?? "/", `https://${host}`);
    const type = request.headers["content-type"] ?? "";
    const one: Came = {
      host,
      method: request.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: text === "" ? {} : parsed(text, type),
    };
    came.push(one);
    const answer = await answers[host]?.(one);
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? { error: `${one.method} ${one.path} is not known here` }));
  };
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: (server.address() as AddressInfo).port,
    came,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function parsed(text: string, type: string): Record<string, unknown> {
  if (type.includes("urlencoded")) return Object.fromEntries(new URLSearchParams(text));
  return JSON.parse(text) as Record<string, unknown>;
}
