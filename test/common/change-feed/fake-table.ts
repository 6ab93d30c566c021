import type { ReadPage } from "../../../common/change-feed";
import { formatStamp, offsetAt, parseStamp } from "../../../common/change-feed";

export interface Write {
  /** Milliseconds of the table's clock at which the statement runs: the stamp. */
  at: number;
  id: string;
  /** Milliseconds until others see it. */
  delay: number;
  columns?: Record<string, string>;
}

export interface Stored {
  sys_id: string;
  created: number;
  time: number;
  mod: number;
  visibleAt: number;
  columns: Record<string, string>;
}

/**
 * A table as a poller meets it: stamps of whole seconds, commits that become visible later than their stamp, rows that
 * an access rule takes out of the answer after the limit has counted them, and a clock that moves while pages are read.
 */
export class FakeTable {
  clock: number;
  requests = 0;
  /** Every version of each record, in the order of the writes. */
  readonly history = new Map<string, Stored[]>();
  hidden: (row: Stored) => boolean = () => false;
  latency: () => number = () => 0;
  /** Runs before each answer; may throw. */
  onRead: (query: string) => void = () => {};
  /** `utc`, or the name of a zone. */
  reading = "utc";
  /** Which of the two instants an ambiguous literal means. */
  ambiguous: "first" | "second" = "second";
  counts = true;
  skew = 0;
  private pending: Write[] = [];

  constructor(start: number) {
    this.clock = start;
  }

  schedule(writes: Write[]): void {
    this.pending.push(...writes);
    this.pending.sort((a, b) => a.at - b.at);
  }

  advance(ms: number): void {
    this.clock += ms;
    while (this.pending[0] && this.pending[0].at <= this.clock) this.apply(this.pending.shift() as Write);
  }

  /** Runs on until all writes are made and visible. */
  finish(): void {
    const last = this.pending.at(-1);
    if (last && last.at > this.clock) this.advance(last.at - this.clock);
    this.advance(200_000);
  }

  private apply({ at, id, delay, columns }: Write): void {
    const versions = this.history.get(id) ?? [];
    this.history.set(id, versions);
    const before = versions.at(-1);
    const time = Math.floor(at / 1000);
    versions.push({
      sys_id: id,
      created: before?.created ?? time,
      time: Math.max(time, before?.time ?? 0),
      mod: versions.length,
      visibleAt: Math.max(at + delay, before?.visibleAt ?? 0),
      columns: { ...before?.columns, ...columns },
    });
  }

  /** The version others see at that moment. */
  current(id: string, moment = this.clock): Stored | undefined {
    return (this.history.get(id) ?? []).findLast((version) => version.visibleAt <= moment);
  }

  readonly read: ReadPage = async ({ query, limit, offset = 0, fields }) => {
    this.requests++;
    this.advance(this.latency());
    this.onRead(query);
    const all: Stored[] = [];
    for (const id of this.history.keys()) {
      const version = this.current(id);
      if (version) all.push(version);
    }
    const { test, order } = this.compile(query);
    const matching = all.filter(test).sort(order);
    const page = matching.slice(offset, offset + limit).filter((row) => !this.hidden(row));
    const date = new Date(Math.floor((this.clock + this.skew) / 1000) * 1000);
    this.advance(this.latency());
    return {
      rows: page.map((row) => this.toRow(row, fields)),
      total: this.counts ? matching.length : null,
      date,
    };
  };

  private toRow(row: Stored, fields?: string[]): Record<string, string> {
    const all: Record<string, string> = {
      sys_id: row.sys_id,
      sys_created_on: formatStamp(row.created),
      sys_updated_on: formatStamp(row.time),
      sys_mod_count: String(row.mod),
      ...row.columns,
    };
    if (!fields) return all;
    return Object.fromEntries(Object.entries(all).filter(([name]) => fields.includes(name)));
  }

  private instant(literal: string): number {
    const wall = parseStamp(literal);
    if (this.reading === "utc") return wall;
    const guesses = [
      wall - offsetAt(this.reading, wall - 86_400),
      wall - offsetAt(this.reading, wall + 86_400),
    ]
      .filter((guess) => guess + offsetAt(this.reading, guess) === wall)
      .sort((a, b) => a - b);
    return (this.ambiguous === "first" ? guesses[0] : guesses.at(-1)) ?? wall;
  }

  private compile(query: string) {
    const parts = query.split("^").filter((part) => part.startsWith("ORDERBY"));
    const conditions = query
      .split("^NQ")
      .map((group) => group.replace(/\^?ORDERBY[^^]*/g, "").replace(/^\^/, ""));
    const tests = conditions.map((group) =>
      group
        .split(/\^(?!OR)/)
        .filter((clause) => clause !== "")
        .map((clause) => clause.split("^OR").map((term) => this.term(term))),
    );
    return {
      test: (row: Stored) =>
        tests.some((clauses) => clauses.every((terms) => terms.some((term) => term(row)))),
      order: (a: Stored, b: Stored) => {
        for (const part of parts) {
          const down = part.startsWith("ORDERBYDESC");
          const column = part.replace(/^ORDERBY(DESC)?/, "");
          const [left, right] = [this.value(a, column), this.value(b, column)];
          if (left !== right) return (left < right ? -1 : 1) * (down ? -1 : 1);
        }
        return 0;
      },
    };
  }

  private value(row: Stored, column: string): string | number {
    if (column === "sys_updated_on") return row.time;
    if (column === "sys_created_on") return row.created;
    return column === "sys_id" ? row.sys_id : (row.columns[column] ?? "");
  }

  private term(term: string): (row: Stored) => boolean {
    const match = /^([a-z_]+)(>=|<=|!=|>|<|=)(.*)$/.exec(term);
    if (!match) throw new Error(`The fake table does not know the term ${term}`);
    const [, column = "", operator, text = ""] = match;
    const target = column.endsWith("_on") ? this.instant(text) : text;
    return (row) => {
      const value = this.value(row, column);
      switch (operator) {
        case ">=":
          return value >= target;
        case "<=":
          return value <= target;
        case ">":
          return value > target;
        case "<":
          return value < target;
        case "!=":
          return value !== target;
        default:
          return value === target;
      }
    };
  }
}
