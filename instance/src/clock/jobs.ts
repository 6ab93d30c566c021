import type { Clock } from "./clock";

interface Job {
  due: number;
  run: () => void;
}

const longestTimer = 2 ** 31 - 1;

/** Work that is due at a time of the instance's clock: it follows a clock that is moved, and stands still with a frozen one. */
export class Jobs {
  #waiting: Job[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(readonly clock: Clock) {
    clock.onChange(() => this.#look());
  }

  /** Runs the work so many milliseconds from now, never before the caller has finished. */
  after(milliseconds: number, run: () => void): void {
    this.#waiting.push({ due: this.clock.now() + milliseconds, run });
    this.#waiting.sort((a, b) => a.due - b.due);
    this.#look();
  }

  /** Forgets what is waiting. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
  }

  #look(): void {
    clearTimeout(this.#timer);
    const now = this.clock.now();
    const later = this.#waiting.findIndex(({ due }) => due > now);
    for (const { run } of this.#waiting.splice(0, later < 0 ? this.#waiting.length : later))
      setImmediate(run);
    const [next] = this.#waiting;
    if (!next || this.clock.frozen) return;
    this.#timer = setTimeout(() => this.#look(), Math.min(next.due - now, longestTimer));
    this.#timer.unref();
  }
}
