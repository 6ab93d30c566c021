import type { Store } from "../store/store";
import { Work } from "./work";

class Undo extends Error {
  constructor(readonly result: unknown) {
    super("undone on purpose");
  }
}

interface Waiting {
  due: number;
  work: Work;
  run: (work: Work) => unknown;
}

/** Writes that are done but not visible yet, since their commit comes late. */
export class LateCommits {
  #waiting: Waiting[] = [];

  constructor(
    readonly store: Store,
    readonly now: () => number,
  ) {}

  get size(): number {
    return this.#waiting.length;
  }

  /** Runs a write in a transaction now, or shows its result now and commits it after the delay. */
  commit<T>(stampTime: number, delaySeconds: number, run: (work: Work) => T): T {
    const work = new Work(stampTime);
    if (delaySeconds <= 0) {
      const result = this.store.transaction(() => run(work));
      for (const effect of work.effects) this.store.afterCommit(effect);
      return result;
    }
    let result: T;
    try {
      this.store.transaction(() => {
        throw new Undo(run(work));
      });
      throw new Error("A transaction that should have been undone was not.");
    } catch (error) {
      if (!(error instanceof Undo)) throw error;
      result = error.result as T;
    }
    this.#waiting.push({ due: this.now() + delaySeconds * 1000, work, run: run });
    this.#waiting.sort((a, b) => a.due - b.due);
    return result;
  }

  /** Commits what is due. */
  settle(): void {
    if (this.#waiting.length === 0) return;
    const now = this.now();
    for (;;) {
      const [next] = this.#waiting;
      if (!next || next.due > now) return;
      this.#waiting.shift();
      this.#commit(next);
    }
  }

  /** A second write to a record waits for the first, so the first is committed before it. */
  settleRecord(sysId: string): void {
    const mine = this.#waiting.filter(({ work }) => work.touched.has(sysId));
    if (mine.length === 0) return;
    this.#waiting = this.#waiting.filter((waiting) => !mine.includes(waiting));
    for (const waiting of mine) this.#commit(waiting);
  }

  #commit({ work, run }: Waiting): void {
    work.rewind();
    try {
      this.store.transaction(() => run(work));
    } catch {
      return; // The record went away meanwhile; a real transaction would have been rolled back as well.
    }
    for (const effect of work.effects) effect();
  }
}
