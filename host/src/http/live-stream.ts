import type { ServerResponse } from "node:http";

/** What a reader may leave unread. A browser opens a closed stream again and loads what it missed. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024;
const KEEP_ALIVE_MS = 10_000;

/** One open stream of Server-Sent Events. */
export class LiveStream {
  readonly #response: ServerResponse;
  /** One after the other, so that events keep their order while something is looked up for one of them. */
  #queue: Promise<void> = Promise.resolve();

  constructor(
    response: ServerResponse,
    headers: Record<string, string>,
    /** Asked now and then whether the reader may go on reading. */
    mayGoOn: () => Promise<boolean>,
  ) {
    this.#response = response;
    response.writeHead(200, {
      ...headers,
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      "x-content-type-options": "nosniff",
    });
    this.#write(": connected\n\n");
    const alive = setInterval(() => {
      this.#write(": alive\n\n");
      mayGoOn().then(
        (goesOn) => goesOn || this.end(),
        // A database that is away for a moment ends no stream.
        () => undefined,
      );
    }, KEEP_ALIVE_MS);
    this.onEnd(() => clearInterval(alive));
  }

  onEnd(done: () => void): void {
    this.#response.on("close", done);
  }

  /** Sends an event if the answer to `isWanted` is yes. */
  send(event: string, data: unknown, isWanted: () => Promise<boolean>): void {
    this.#queue = this.#queue
      .then(async () => {
        if (await isWanted()) this.#write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      })
      .catch(() => undefined);
  }

  end(): void {
    this.#response.end();
  }

  #write(text: string): void {
    if (this.#response.destroyed || this.#response.writableEnded) return;
    this.#response.write(text);
    if (this.#response.writableLength > MOST_UNREAD_BYTES) this.#response.destroy();
  }
}
