/** How many polls of one user may run at a time in this process, whatever accounts they use: the rest is for other users. */
export class UserShare {
  readonly #most: number;
  readonly #running = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** @returns false when the user has as many as may be; otherwise `leave` is called at the end. */
  enter(user: string): boolean {
    const running = this.#running.get(user) ?? 0;
    if (running >= this.#most) return false;
    this.#running.set(user, running + 1);
    return true;
  }

  leave(user: string): void {
    const running = this.#running.get(user) ?? 0;
    if (running <= 1) this.#running.delete(user);
    else this.#running.set(user, running - 1);
  }
}
