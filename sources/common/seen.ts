import { shortHash } from "../../common/feed";
import { loadState, saveState, type SourceThis } from "./this";

const ENTRY = 8;

interface Saved {
  /** Instance time at which the source began, epoch seconds. */
  s?: number;
  /** Hashes of the keys, oldest first. */
  k?: string;
}

/** Keys of what a source has emitted, the newest `capacity` of them. Lives in the `x` of the feed's state and is saved with it. */
export class Seen {
  began: number | undefined;
  private packed: string;
  private readonly keys = new Set<string>();

  constructor(
    private readonly source: SourceThis,
    private readonly capacity = 1_500,
  ) {
    const state = loadState(source) as { x?: Saved } | null | undefined;
    this.began = state?.x?.s;
    this.packed = typeof state?.x?.k === "string" ? state.x.k : "";
    for (let at = 0; at < this.packed.length; at += ENTRY) this.keys.add(this.packed.slice(at, at + ENTRY));
  }

  /** True the first time. */
  take(key: string): boolean {
    const hash = shortHash(key);
    if (this.keys.has(hash)) return false;
    this.keys.add(hash);
    this.packed += hash;
    const surplus = this.packed.length - this.capacity * ENTRY;
    if (surplus > 0) {
      for (let at = 0; at < surplus; at += ENTRY) this.keys.delete(this.packed.slice(at, at + ENTRY));
      this.packed = this.packed.slice(surplus);
    }
    return true;
  }

  /** From here on, what happened earlier is history. */
  begin(now: number): void {
    this.began = now;
    const state = loadState(this.source);
    if (typeof state === "object" && state !== null) saveState(this.source, { ...state, x: this.toJSON() });
  }

  toJSON(): Saved {
    return { ...(this.began === undefined ? {} : { s: this.began }), k: this.packed };
  }
}
