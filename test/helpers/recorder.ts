import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Recorded {
  method: string;
  path: string;
  params: Record<string, string>;
}

/** Stands before an instance, passes every request on and keeps what was asked. */
export async function startRecorder(target: string) {
  const asked: Recorded[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", target);
      asked.push({
        method: request.method ?? "GET",
        path: url.pathname,
        params: Object.fromEntries(url.searchParams),
      });
      const { host: _host, connection: _connection, ...headers } = request.headers;
      void fetch(url, {
        method: request.method ?? "GET",
        headers: headers as Record<string, string>,
        ...(parts.length > 0 ? { body: Buffer.concat(parts) } : {}),
      }).then(
        async (answer) => {
          const {
            "content-encoding": _encoding,
            "transfer-encoding": _transfer,
            ...back
          } = Object.fromEntries(answer.headers);
          const body = Buffer.from(await answer.arrayBuffer());
          response.writeHead(answer.status, { ...back, "content-length": String(body.length) });
          response.end(body);
        },
        () => response.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** What was asked since the last look. */
    take: () => asked.splice(0),
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
