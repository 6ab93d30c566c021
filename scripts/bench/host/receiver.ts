import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Receiver {
  url: string;
  /** How many bodies came, and when (by `performance.now()`) the first and the last of them did. */
  count: number;
  firstAt: number;
  lastAt: number;
  stop(): Promise<void>;
}

/** A webhook receiver: one that answers at once, or one that takes a request and never answers. */
export async function startReceiver(options: { hangs?: boolean } = {}): Promise<Receiver> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      receiver.lastAt = performance.now();
      if (receiver.count === 0) receiver.firstAt = receiver.lastAt;
      receiver.count += 1;
      if (options.hangs !== true) response.writeHead(200).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    count: 0,
    firstAt: 0,
    lastAt: 0,
    stop: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
  return receiver;
}
