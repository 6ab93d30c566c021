import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createClient,
  type ClientOptions,
  type ServiceNow,
  type Transport,
  type TransportRequest,
} from "../../common";

export interface StubAnswer {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  text?: string;
}

/** A transport that answers from a function and keeps what it was asked. */
export function stubTransport(
  answer: (request: TransportRequest, count: number) => StubAnswer | Error | Promise<StubAnswer | Error>,
): Transport & { requests: TransportRequest[] } {
  const requests: TransportRequest[] = [];
  const transport: Transport = async (request) => {
    requests.push(request);
    const given = await answer(request, requests.length);
    if (given instanceof Error) throw given;
    const { status = 200, headers = {}, json, text } = given;
    return {
      status,
      headers: {
        date: "Sat, 21 Nov 2026 07:00:00 GMT",
        ...(json === undefined ? {} : { "content-type": "application/json;charset=UTF-8" }),
        ...headers,
      },
      body: text ?? (json === undefined ? "" : JSON.stringify(json)),
    };
  };
  return Object.assign(transport, { requests });
}

/** The body of a request, which is a text; "" where there was none. */
export function bodyText(request: Pick<TransportRequest, "body"> | undefined): string {
  const body = request?.body ?? "";
  if (typeof body === "string") return body;
  throw new Error("The body is not a text");
}

/** The error of a call that was refused before any request. */
export const USAGE = expect.objectContaining({ kind: "usage" }) as unknown as Error;

/** A client over a stub: no waiting, no chance, and every wait written down. */
export function stubClient(
  transport: Transport,
  options: Partial<ClientOptions> = {},
): { client: ServiceNow; waits: number[] } {
  const waits: number[] = [];
  const client = createClient({
    instance: "dev1",
    auth: { type: "token", token: "secret-token" },
    transport,
    sleep: async (ms) => void waits.push(ms),
    random: () => 0.5,
    ...options,
  });
  return { client, waits };
}

/** A ServiceNow error body. */
export function failure(message: string, detail: string | null = null): { error: object; status: string } {
  return { error: { message, detail }, status: "failure" };
}

/** A real HTTP server on a free port of this machine. */
export async function httpServer(
  handle: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => handle(request, response, Buffer.concat(chunks)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
