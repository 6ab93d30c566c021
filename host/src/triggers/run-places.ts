/**
 * How many runs of sources may go on in this process at a time. Each turn has one place by itself; a source whose requests may overlap
 * takes further ones only while others are free, so that people and other users find processes.
 */
export class RunPlaces {
  #taken = 0;

  constructor(readonly most: number) {}

  /** A turn begins; it calls `leave` at its end. */
  enter(): void {
    this.#taken += 1;
  }

  leave(): void {
    this.#taken -= 1;
  }

  /** @returns false when no place is free; otherwise `leave` is called at the end. */
  enterFurther(): boolean {
    if (this.#taken >= this.most) return false;
    this.#taken += 1;
    return true;
  }
}
