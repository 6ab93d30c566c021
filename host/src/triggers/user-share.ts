/**
 * Who may poll in this process. A user who has no poll running may always begin one; a further one only while enough places stay free for
 * users who have none, however many accounts or triggers it has and however many other users do the same.
 */
export class UserShare {
  readonly #places: number;
  readonly #running = new Map<string, number>();

  /** @param places how many polls of users who have one already may run at a time. */
  constructor(places: number) {
    this.#places = places;
  }

  /** @returns false when the user has to wait; otherwise `leave` is called at the end. */
  enter(user: string): boolean {
    const running = this.#running.get(user) ?? 0;
    const all = [...this.#running.values()].reduce((sum, each) => sum + each, 0);
    if (running > 0 && all >= this.#places) return false;
    this.#running.set(user, running + 1);
    return true;
  }

  leave(user: string): void {
    const running = this.#running.get(user) ?? 0;
    if (running <= 1) this.#running.delete(user);
    else this.#running.set(user, running - 1);
  }
}
