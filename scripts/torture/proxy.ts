import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { readBranch } from "./branches";

export interface CountingProxy {
  url: string;
  /** Bytes that came back through it so far. */
  received(): number;
  /** How often each way of reading a table was used. */
  readonly reads: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/** Stands between the sources and the instance, passes everything on as it is, and counts the bytes of the answers. */
export async function countingProxy(target: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const reads = new Map<string, number>();
  let bytes = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => other.resetAndDestroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroySoon();
      });
    }
    upstream.on("data", (chunk) => (bytes += chunk.length));
    client.on("data", (chunk) => {
      for (const [, target = ""] of chunk.toString("latin1").matchAll(/^GET (\S+) HTTP\/1/gm)) {
        const branch = readBranch(target);
        if (branch) reads.set(branch, (reads.get(branch) ?? 0) + 1);
      }
    });
    client.pipe(upstream);
    upstream.pipe(client);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => bytes,
    reads,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
