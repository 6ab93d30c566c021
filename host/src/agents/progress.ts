import type { LogEntry } from "../execution/protocol";

const EVERY_MS = 5000;
const LEAST_MS = 500;

/**
 * Tells a caller that asked for it how a call goes on: its last log line, and otherwise every five seconds that it still runs. Progress is counted
 * in seconds, since how long an action takes is known to nobody.
 */
export class Progress {
  readonly #started = Date.now();
  readonly #timer: NodeJS.Timeout;
  #lastSent = 0;
  #lastSeconds = 0;

  constructor(readonly send: (progress: number, message: string) => void) {
    this.#timer = setInterval(() => this.#tell("The action is still running."), EVERY_MS);
    this.#timer.unref();
  }

  onLog({ message }: LogEntry): void {
    if (Date.now() - this.#lastSent >= LEAST_MS) this.#tell(message.slice(0, 500));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tell(message: string): void {
    this.#lastSent = Date.now();
    // It must grow with each message.
    this.#lastSeconds = Math.max(this.#lastSeconds + 0.001, (this.#lastSent - this.#started) / 1000);
    this.send(this.#lastSeconds, message);
  }
}
