import { shortHash } from "../../common/change-feed";
import { loadState, saveState, type SourceThis } from "./this";

const ENTRY = 8;

interface Saved {
  /** Instance time at which the source began, epoch seconds. */
  s?: number;
  /** Hashes of the keys, the one seen longest ago first. */
  k?: string;
}

/** Keys that are remembered. */
export const KEYS = 1_500;

/** Keys of what a source has emitted, those seen last up to `capacity`. Lives in the `x` of the feed's state and is saved with it. */
export class ProcessedKeys {
  began: number | undefined;
  /** The one seen longest ago first. */
  private readonly keys = new Set<string>();

  constructor(
    private readonly source: SourceThis,
    private readonly capacity = KEYS,
  ) {
    const state = loadState(source) as { x?: Saved } | null | undefined;
    this.began = state?.x?.s;
    const packed = typeof state?.x?.k === "string" ? state.x.k : "";
    for (let at = 0; at < packed.length; at += ENTRY) this.keys.add(packed.slice(at, at + ENTRY));
  }

  has(key: string): boolean {
    return this.keys.has(shortHash(key));
  }

  /** True the first time, and again after another key replaced it. A key that is seen again is kept longer. */
  take(key: string, replaced: readonly string[] = []): boolean {
    for (const other of replaced) this.keys.delete(shortHash(other));
    const hash = shortHash(key);
    const isNew = !this.keys.delete(hash);
    this.keys.add(hash);
    for (const oldest of this.keys) {
      if (this.keys.size <= this.capacity) break;
      this.keys.delete(oldest);
    }
    return isNew;
  }

  /** From here on, what happened earlier is history, and so are these keys. */
  begin(now: number, known: readonly string[] = []): void {
    this.began = now;
    for (const key of known) this.take(key);
    this.save();
  }

  /** Saves the keys with the state of the feed, where that does not save by itself. */
  save(): void {
    const state = loadState(this.source);
    if (typeof state === "object" && state !== null) saveState(this.source, { ...state, x: this.toJSON() });
  }

  toJSON(): Saved {
    return { ...(this.began === undefined ? {} : { s: this.began }), k: [...this.keys].join("") };
  }
}
