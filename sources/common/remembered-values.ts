import { usageError } from "../../common";
import { shortHash } from "../../common/change-feed";
import { loadState, type SourceThis } from "./this";

/** Bytes of remembered values; recent rows get the rest of the state. */
const VALUES_BYTES = 28_000;

/** The watched values of each record that matches, within the bytes of the state. */
export class RememberedValues {
  private readonly values: Map<string, string[]>;
  private bytes = 0;

  constructor(
    source: SourceThis,
    private readonly table: string,
  ) {
    const state = loadState(source) as { x?: Record<string, unknown> } | null | undefined;
    const saved = Object.entries(state?.x ?? {}).filter((entry): entry is [string, string[]] =>
      Array.isArray(entry[1]),
    );
    this.values = new Map(saved);
    for (const [key, values] of this.values) this.bytes += size(key, values);
  }

  clear(): void {
    this.values.clear();
    this.bytes = 0;
  }

  get(sysId: string): string[] | undefined {
    return this.values.get(shortHash(sysId));
  }

  set(sysId: string, values: string[]): void {
    const key = shortHash(sysId);
    const before = this.values.get(key);
    if (before) this.bytes -= size(key, before);
    this.values.set(key, values);
    this.bytes += size(key, values);
  }

  get isFull(): boolean {
    return this.bytes > VALUES_BYTES;
  }

  /** Forgets all other records. */
  keepOnly(sysIds: readonly string[]): void {
    const kept = new Set(sysIds.map(shortHash));
    for (const [key, values] of this.values) {
      if (kept.has(key)) continue;
      this.values.delete(key);
      this.bytes -= size(key, values);
    }
  }

  /** @throws ServiceNowError of kind `usage` when the values need more than the bytes there are */
  checkRoom(): void {
    if (this.isFull) {
      throw usageError(
        `The values of ${this.values.size} records of ${this.table} do not fit into this source's memory, and without them a change cannot be told from no change`,
        "Narrow the query (for example active=true), watch fewer fields, or connect an account that may read sys_audit, which needs no memory",
      );
    }
  }

  toJSON(): Record<string, string[]> {
    return Object.fromEntries(this.values);
  }
}

const size = (key: string, values: string[]) => JSON.stringify(values).length + key.length + 4;
