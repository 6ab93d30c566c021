/** Work to be done once a write is committed: outbound calls, asynchronous rules. */
export type Effect = () => void;

/** The repeatable part of one write: when it happens and which ids it gives. A late commit runs the write a second time. */
export class Work {
  readonly effects: Effect[] = [];
  readonly touched = new Set<string>();
  readonly #given: string[] = [];
  #at = 0;

  constructor(readonly time: number) {}

  /** Remembers what `make` gives, and gives the same when the write is repeated. */
  once(make: () => string): string {
    const known = this.#given[this.#at];
    this.#at += 1;
    if (known !== undefined) return known;
    const made = make();
    this.#given.push(made);
    return made;
  }

  rewind(): void {
    this.#at = 0;
    this.effects.length = 0;
  }
}
