import type { FeedOptions, SavedFeedState, Version } from "../../../common/change-feed";
import { createFeed } from "../../../common/change-feed";
import { FakeTable } from "./fake-table";

export const START = Date.UTC(2026, 7, 1, 12, 0, 0);
export const id = (n: number) => n.toString(16).padStart(32, "0");

/** A feed on a platform that keeps its state as JSON. */
export class Source {
  state: string | undefined;
  emitted: Version[] = [];
  saves = 0;
  logs: string[] = [];

  constructor(
    readonly table: FakeTable,
    readonly options: Partial<FeedOptions> = {},
  ) {}

  get feed() {
    return createFeed({
      read: this.table.read,
      load: () => (this.state === undefined ? undefined : (JSON.parse(this.state) as unknown)),
      save: (state: SavedFeedState) => {
        this.saves++;
        this.state = JSON.stringify(state);
      },
      emit: (versions) => void this.emitted.push(...versions),
      instance: "https://example.service-now.com",
      table: "incident",
      column: "sys_updated_on",
      stopwatch: () => this.table.clock,
      log: (message) => void this.logs.push(message),
      ...this.options,
    });
  }

  get ids() {
    return this.emitted.map(({ sysId }) => sysId);
  }
}

export const write = (table: FakeTable, numbers: number[], delay = 0) =>
  table.schedule(numbers.map((n) => ({ at: table.clock, id: id(n), delay, columns: { kind: "a" } })));

/** A source that has started on a table with some records of long ago. */
export async function started(options?: Partial<FeedOptions>, rows = 5, reading = "utc") {
  const table = new FakeTable(START - 3_600_000);
  table.reading = reading;
  write(
    table,
    Array.from({ length: rows }, (_, n) => n),
  );
  table.advance(3_600_000);
  const source = new Source(table, { zone: async () => table.reading, ...options });
  await source.feed.start({ first: 0 });
  table.requests = 0;
  return { table, source };
}
