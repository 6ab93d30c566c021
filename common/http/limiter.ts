import { TransportError } from "./transport";

/** How many calls run at a time. */
export interface Limiter {
  /** Runs the task when its turn comes; rejects when the signal fires while it waits. */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** The instance is busy: halve the limit. */
  slowDown(): void;
  /** A call went through: after as many as the limit is, allow one more, up to the first limit. */
  speedUp(): void;
  /** Calls allowed at present. */
  readonly limit: number;
}

/**
 * A first-come limit on parallel calls that halves when told the instance is busy and recovers one by one. ServiceNow gives
 * integrations four threads per node and answers 429 when their queue is full.
 */
export function createLimiter(most: number): Limiter {
  let limit = most;
  let running = 0;
  let good = 0;
  const waiting: Array<() => void> = [];

  const next = (): void => {
    while (running < Math.max(1, Math.floor(limit)) && waiting.length > 0) {
      running++;
      waiting.shift()?.();
    }
  };
  const enter = (signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const start = (): void => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      const leave = (): void => {
        const place = waiting.indexOf(start);
        if (place >= 0) waiting.splice(place, 1);
        reject(signal?.reason instanceof Error ? signal.reason : new TransportError("aborted"));
      };
      if (signal?.aborted) return leave();
      signal?.addEventListener("abort", leave, { once: true });
      waiting.push(start);
      next();
    });

  return {
    async run(task, signal) {
      await enter(signal);
      try {
        return await task();
      } finally {
        running--;
        next();
      }
    },
    slowDown() {
      limit = Math.max(1, limit / 2);
      good = 0;
    },
    speedUp() {
      if (limit >= most || ++good < limit) return;
      good = 0;
      limit = Math.min(most, limit + 1);
      next();
    },
    get limit() {
      return Math.max(1, Math.floor(limit));
    },
  };
}
