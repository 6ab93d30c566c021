import { usageError } from "../../common";
import { fingerprint, STARTS_ANEW, parseStamp, shortHash } from "../../common/change-feed";
import type { Filter } from "./filter";
import { asFormat, label, readFields, readFormat, shape } from "./payload";
import { readByIds } from "./related";
import { loadState, log, saveState, type CommonProps, type SourceThis } from "./this";

const ENTRY = 8;
/** 45,000 bytes of hashes: with the rest of the state below the 48 KB a source may keep. */
const CAPACITY = 5_600;
const SLICE = 50;
const FIRST = 25;

interface State {
  v: 1;
  f: string;
  /** Hashes of the records that match and are known. */
  k: string;
  /** Raised when records leave, so that coming back is another event and a repeated slice is not. */
  g: number;
  /** Matching records that access rules hid when all known ones were in sight. */
  h?: number;
}

interface Match {
  sysId: string;
  updatedOn: string;
  modCount: string;
}

/**
 * Records that come to match a filter: the ids that match are listed at each poll and compared with those known. That sees every way
 * of coming to match, also without a change of the record itself (a reference's field, or time going by).
 */
export class Matching {
  constructor(
    private readonly source: SourceThis & CommonProps,
    private readonly table: string,
    private readonly filter: Filter,
  ) {
    if (filter.query === "")
      throw usageError(
        "No query is given",
        "Set Query to the conditions that a record has to come to meet; for all records there is New Record",
      );
  }

  private get print(): string {
    const { origin } = this.source.servicenow.client();
    return fingerprint({
      instance: origin,
      table: this.table,
      column: "matching",
      groups: this.filter.groups,
    });
  }

  private state(): State | undefined {
    const state = loadState(this.source) as Partial<State> | null | undefined;
    if (state?.v !== 1 || state.f !== this.print) return undefined;
    const { k, g = 0, h } = state;
    if (typeof k !== "string" || k.length % ENTRY !== 0 || !Number.isSafeInteger(g)) return undefined;
    return { v: 1, f: this.print, k, g, ...(Number.isSafeInteger(h) ? { h } : {}) };
  }

  /** Takes what matches now as known; emits the newest 25. */
  async deploy(): Promise<void> {
    await this.begin(FIRST);
  }

  async activate(): Promise<void> {
    if (!this.state()) await this.begin(0);
  }

  private async begin(first: number): Promise<void> {
    const { matches, hidden } = await this.list();
    const state: State = { v: 1, f: this.print, k: "", g: 0, h: hidden };
    const newest = first > 0 ? matches.slice(-first) : [];
    state.k = matches
      .slice(0, matches.length - newest.length)
      .map(({ sysId }) => shortHash(sysId))
      .join("");
    await this.emit(newest, state);
    saveState(this.source, state);
  }

  async run(): Promise<void> {
    const state = this.state();
    if (!state) {
      if (loadState(this.source)) log(STARTS_ANEW);
      return this.begin(0);
    }
    const known = new Set<string>();
    for (let at = 0; at < state.k.length; at += ENTRY) known.add(state.k.slice(at, at + ENTRY));
    const { matches, hidden } = await this.list();
    const present = new Set(matches.map(({ sysId }) => shortHash(sysId)));
    const left = [...known].filter((hash) => !present.has(hash));
    const before = state.h ?? hidden;
    // Records that were not hidden before and known ones that are missing are likely the same; only hashes are kept, so nobody can ask.
    const isRoom = matches.length + left.length <= CAPACITY;
    const veiled = isRoom && left.length > 0 && 2 * Math.max(0, hidden - before) >= left.length;
    if (veiled) {
      log(
        `${left.length} known records are out of sight, and access rules hide ${hidden - before} more than before; they stay known, so that none is emitted when it comes back into sight.`,
      );
    } else if (left.length > 0 || state.h !== hidden) {
      state.h = hidden;
      if (left.length > 0) state.g++;
      for (const hash of left) known.delete(hash);
      state.k = [...known].join("");
      saveState(this.source, state);
    }
    const fresh = matches.filter(({ sysId }) => !known.has(shortHash(sysId)));
    await this.emit(fresh, state);
    if (fresh.length > 0)
      log(`${fresh.length} records came to match, ${veiled ? 0 : left.length} no longer do.`);
  }

  /** The records that match, in the order of their last change. */
  private async list(): Promise<{ matches: Match[]; hidden: number }> {
    const client = this.source.servicenow.client();
    const found = await client.table(this.table).list({
      query: this.filter.query,
      fields: ["sys_id", "sys_updated_on", "sys_created_on", "sys_mod_count"],
      max: CAPACITY + 1,
    });
    if (found.rows.length > CAPACITY || found.stoppedAt) {
      throw usageError(
        `More than ${CAPACITY} records of ${this.table} match the query, and this source has to remember them all`,
        "Narrow the query, or use New or Updated Record with it",
      );
    }
    const matches = found.rows
      .map((row) => ({
        sysId: row.sys_id ?? "",
        // Some tables, sys_audit among them, are only written once.
        updatedOn: row.sys_updated_on || row.sys_created_on || "",
        modCount: row.sys_mod_count ?? "",
      }))
      // They came by sys_id, which stays the order within a second.
      .sort((a, b) => (a.updatedOn < b.updatedOn ? -1 : Number(a.updatedOn > b.updatedOn)));
    return { matches, hidden: found.hidden ?? 0 };
  }

  private async emit(matches: Match[], state: State): Promise<void> {
    const { source, table, filter } = this;
    const format = asFormat(source.format);
    const fields = readFields(source.fields);
    for (let at = 0; at < matches.length; at += SLICE) {
      const slice = matches.slice(at, at + SLICE);
      const ids = slice.map(({ sysId }) => sysId);
      const byId = await readByIds(source.servicenow.client(), table, ids, filter, {
        fields,
        displayValue: readFormat(format),
      });
      for (const match of slice) {
        const row = byId.get(match.sysId);
        // It stopped matching meanwhile: not known, so that coming back is seen.
        if (!row) continue;
        const seconds = parseStamp(match.updatedOn);
        source.$emit(shape(row, source.fields, format), {
          id: `${match.sysId}-${(seconds || 0).toString(36)}-${match.modCount}-${state.g.toString(36)}`.slice(
            0,
            64,
          ),
          summary: label(row),
          ts: (seconds || 0) * 1000,
        });
        state.k += shortHash(match.sysId);
      }
      saveState(source, state);
    }
  }
}
