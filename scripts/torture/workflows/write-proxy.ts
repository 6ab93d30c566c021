import { createServer, request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface WriteProxy {
  url: string;
  stop(): Promise<void>;
}

/** Stands before the instance and tells when a record of ours is about to be made, and when the instance has made it and nobody knows. */
export async function writeProxy(
  target: string,
  reached: (name: string, moment: "before" | "after") => void,
): Promise<WriteProxy> {
  const { hostname, port } = new URL(target);
  const server = createServer((from, to) => {
    void read(from).then(
      (body) => {
        const name = /"short_description":"torture \S+ ([^"]+)"/.exec(body.toString())?.[1];
        const isWrite = from.method === "POST" && name !== undefined;
        if (isWrite) reached(name, "before");
        const { method, url: path, headers } = from;
        const onward = request({ hostname, port, method, path, headers }, (answer) => {
          void read(answer).then(
            (text) => {
              if (isWrite) reached(name, "after");
              to.writeHead(answer.statusCode ?? 502, answer.rawHeaders).end(text);
            },
            () => to.destroy(),
          );
        });
        onward.on("error", () => to.destroy());
        onward.end(body);
      },
      () => to.destroy(),
    );
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
