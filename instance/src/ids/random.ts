/** A repeatable stream of numbers (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** At least 0, less than 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(items: readonly T[]): T {
    return cycle(items, this.below(items.length));
  }

  hex(length: number): string {
    let text = "";
    while (text.length < length)
      text += Math.floor(this.next() * 0x100000000)
        .toString(16)
        .padStart(8, "0");
    return text.slice(0, length);
  }
}

/** The item at a place, counting on from the first after the last. */
export function cycle<T>(items: readonly T[], at: number): T {
  const { [at % items.length]: item } = items;
  if (item === undefined) throw new Error("There is nothing to choose from.");
  return item;
}
