/** The instance's time in milliseconds. Runs with the machine's clock until it is set; can be frozen and moved by hand. */
export class Clock {
  #shift = 0;
  #frozenAt: number | undefined;
  readonly #listeners = new Set<() => void>();

  now(): number {
    return this.#frozenAt ?? Date.now() + this.#shift;
  }

  /** Sets the time; the clock stays frozen there when `frozen`, else runs on from it. */
  set(time: number, frozen: boolean): void {
    this.#frozenAt = frozen ? time : undefined;
    this.#shift = time - Date.now();
    this.#changed();
  }

  advance(milliseconds: number): void {
    if (this.#frozenAt !== undefined) this.#frozenAt += milliseconds;
    this.#shift += milliseconds;
    this.#changed();
  }

  /** Lets a frozen clock run on, or with `real` returns to the machine's time. */
  run(real: boolean): void {
    if (this.#frozenAt !== undefined) this.#shift = this.#frozenAt - Date.now();
    this.#frozenAt = undefined;
    if (real) this.#shift = 0;
    this.#changed();
  }

  get frozen(): boolean {
    return this.#frozenAt !== undefined;
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
