import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A webhook receiver that writes down what came, by path and in the order of arrival. */
export interface RecordingReceiver {
  url: string;
  /** The numbers that came at a path, repetitions included. */
  at(path: string): number[];
  stop(): Promise<void>;
}

export async function recordingReceiver(): Promise<RecordingReceiver> {
  const received = new Map<string, number[]>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { n } = JSON.parse(Buffer.concat(chunks).toString()) as { n: number };
      const path = request.url ?? "";
      const before = received.get(path);
      if (before) before.push(n);
      else received.set(path, [n]);
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    at: (path) => received.get(path) ?? [],
    stop: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}
