import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface Delivery {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Stands where the instance believes the host to be, so that deliveries can be kept back, sent again and lost. */
export class DeliveryProxy {
  /** Where the host listens now. */
  target = "";
  /** `hold` answers for the host and keeps the delivery for later. */
  mode: "pass" | "hold" = "pass";
  /** What came by POST from the instance, in its order. */
  readonly deliveries: Delivery[] = [];
  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly url: string,
  ) {}

  static async start(): Promise<DeliveryProxy> {
    const server = createServer();
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const proxy = new DeliveryProxy(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on("request", (request, response) => {
      void (async () => {
        let body = "";
        for await (const chunk of request) body += String(chunk);
        const came = { path: request.url ?? "", headers: request.headers, body };
        if (request.method === "POST") proxy.deliveries.push(came);
        if (request.method === "POST" && proxy.mode === "hold") return void response.writeHead(200).end();
        const answer = await proxy.send(came, request.method).catch(() => undefined);
        const headers = Object.fromEntries(answer?.headers ?? []);
        response.writeHead(answer?.status ?? 502, {
          "content-type": headers["content-type"] ?? "text/plain",
          ...(headers.location === undefined ? {} : { location: headers.location }),
          "set-cookie": answer?.headers.getSetCookie() ?? [],
        });
        response.end(await answer?.text());
      })();
    });
    return proxy;
  }

  /** Sends a delivery to the host, once more if it was sent before. */
  send({ path, headers, body }: Delivery, method = "POST"): Promise<Response> {
    const { host: _host, connection: _connection, "content-length": _length, ...rest } = headers;
    return fetch(this.target + path, {
      method,
      headers: rest as Record<string, string>,
      redirect: "manual",
      ...(method === "POST" ? { body } : {}),
    });
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((closed) => this.server.close(() => closed()));
  }
}
