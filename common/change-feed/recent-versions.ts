const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
/** Characters per part: 36 bits each. */
const PART = 6;
const ENTRY = 2 * PART;

/** A 53-bit hash of a text (cyrb53). Not for secrets; the inputs are random ids. */
function hash(text: string, seed: number): number {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}

function letters(value: number): string {
  let rest = value;
  let text = "";
  for (let index = 0; index < PART; index++) {
    text += ALPHABET[rest % 64];
    rest = Math.floor(rest / 64);
  }
  return text;
}

const idPart = (sysId: string) => letters(hash(sysId, 1));
const versionPart = (sysId: string, modCount: string) => letters(hash(`${sysId} ${modCount}`, 2));

/**
 * The versions emitted before they were settled, grouped by second, in a bounded number of bytes. Two versions are mistaken for
 * each other only when 72 bits agree within one second.
 */
export class RecentVersions {
  private readonly seconds = new Map<number, Set<string>>();
  private readonly ids = new Set<string>();
  private count = 0;

  constructor(
    private readonly bytes: number,
    entries: [number, string][] = [],
  ) {
    for (const [second, packed] of entries) {
      for (let at = 0; at + ENTRY <= packed.length; at += ENTRY)
        this.put(second, packed.slice(at, at + ENTRY));
    }
  }

  private put(second: number, entry: string): void {
    let group = this.seconds.get(second);
    if (!group) this.seconds.set(second, (group = new Set()));
    if (group.has(entry)) return;
    group.add(entry);
    this.ids.add(entry.slice(0, PART));
    this.count++;
  }

  /** Whether this version was emitted. `time` in epoch seconds; `modCount` is "" where versions are not told apart. */
  has(time: number, sysId: string, modCount: string): boolean {
    return this.seconds.get(time)?.has(idPart(sysId) + versionPart(sysId, modCount)) ?? false;
  }

  /** Whether a recent version of the record was emitted, in this poll or shortly before it; forgetting a version does not change that. */
  hasRecord(sysId: string): boolean {
    return this.ids.has(idPart(sysId));
  }

  /** Remembers a version; does nothing where it is known. Goes beyond the limit if nobody asks `full` before. */
  add(time: number, sysId: string, modCount: string): void {
    this.put(time, idPart(sysId) + versionPart(sysId, modCount));
  }

  /** Whether another version could pass the bytes allowed. */
  get full(): boolean {
    // 17: a second's number, quotes, brackets and commas in JSON; one second more may begin.
    return (this.count + 1) * ENTRY + (this.seconds.size + 1) * 17 > this.bytes;
  }

  /** Versions remembered. */
  get size(): number {
    return this.count;
  }

  /** Whether a version from after that second is remembered. */
  hasAfter(second: number): boolean {
    for (const time of this.seconds.keys()) if (time > second) return true;
    return false;
  }

  /** Forgets what is at or before the second. Returns the latest second forgotten, or undefined. */
  dropThrough(second: number): number | undefined {
    let latest: number | undefined;
    for (const [time, group] of this.seconds) {
      if (time > second) continue;
      this.seconds.delete(time);
      this.count -= group.size;
      if (latest === undefined || time > latest) latest = time;
    }
    return latest;
  }

  /** For the saved state: `[second, packed hashes]`, as the constructor takes them. */
  toJSON(): [number, string][] {
    return [...this.seconds].map(([second, group]) => [second, [...group].join("")]);
  }
}

/** Eight characters (48 bits) that stand for a text in a bounded memory. */
export function shortHash(text: string): string {
  const both = letters(hash(text, 3)) + letters(hash(text, 4));
  return both.slice(0, 8);
}
