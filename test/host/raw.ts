import { request } from "node:http";

export interface Answer {
  status: number;
  body: string;
  headers: Record<string, string | string[] | undefined>;
}

/** Sends exactly these headers, also those that fetch does not let one choose. A body that is no text or buffer goes as JSON. */
export function send(
  base: string,
  method: string,
  path: string,
  headers: Record<string, string | string[]> = {},
  body?: unknown,
): Promise<Answer> {
  const { hostname, port } = new URL(base);
  const content =
    body === undefined || typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port,
        method,
        path,
        headers: {
          // Node sends the body of a DELETE without its length, and a server reads it as the next request.
          ...(content === undefined
            ? {}
            : { "content-type": "application/json", "content-length": String(Buffer.byteLength(content)) }),
          ...headers,
        },
        timeout: 30_000,
        // Of its own: the host may close a connection after it refused a body, and the next request would be lost with it.
        agent: false,
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (chunk: Buffer) => parts.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(parts).toString(),
            headers: response.headers,
          }),
        );
      },
    );
    sent.on("timeout", () => sent.destroy(new Error(`${method} ${path} was not answered within 30 s`)));
    sent.on("error", reject);
    sent.end(content);
  });
}

/** The cookies an answer sets, as a browser would send them back. */
export function cookiesOf({ headers }: Answer): string {
  return [headers["set-cookie"] ?? []]
    .flat()
    .map((line) => line.split(";")[0])
    .join("; ");
}
