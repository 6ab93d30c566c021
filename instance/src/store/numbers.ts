import type { Store } from "./store";

/** Running numbers such as INC0010001; a number once given is not given again. */
export class Numbers {
  readonly #next = new Map<string, number>();

  constructor(readonly store: Store) {}

  next(prefix: string): string {
    const number = this.#next.get(prefix) ?? Number(this.store.state(`number:${prefix}`) ?? 10_001);
    this.#next.set(prefix, number + 1);
    this.store.setState(`number:${prefix}`, String(number + 1));
    return `${prefix}${String(number).padStart(7, "0")}`;
  }

  /** Makes sure that numbers from here on are larger than those of the seed. */
  startAt(prefix: string, number: number): void {
    this.#next.set(prefix, Math.max(number, 10_001));
    this.store.setState(`number:${prefix}`, String(Math.max(number, 10_001)));
  }
}
