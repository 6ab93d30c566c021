import { statfs } from "node:fs/promises";
import { HostError } from "../errors";

/** Below this PostgreSQL may not find room for the log of what runs already. */
const LEAST_BYTES = 32 * 1024 * 1024;
/** The answer is used again for so long: each new piece of work asks. */
const FRESH_MS = 500;

/** Watches the room on the disk of a folder. */
export class FreeSpace {
  #askedAt = -Infinity;
  #free: Promise<number> | undefined;

  constructor(readonly folder: string) {}

  /** Bytes that the host's database may still take; half a second old at most. Infinity where the system does not say. */
  bytes(): Promise<number> {
    const now = performance.now();
    if (!this.#free || now - this.#askedAt > FRESH_MS) {
      this.#askedAt = now;
      this.#free = statfs(this.folder).then(
        ({ bavail, bsize }) => bavail * bsize,
        () => Infinity,
      );
    }
    return this.#free;
  }

  /** Refuses new work while there is too little room. @throws HostError 507 in words. */
  async ensure(): Promise<void> {
    const free = await this.bytes();
    if (free >= LEAST_BYTES) return;
    throw new HostError(
      507,
      `The disk of ${this.folder} is nearly full (${Math.floor(free / 1024 / 1024)} MB are free, and the database needs ${LEAST_BYTES / 1024 / 1024}). Nothing new is taken on until there is room; what is stored stays.`,
    );
  }
}
