import fc from "fast-check";
import type { FeedOptions, SavedFeedState, Version } from "../../../common/change-feed";
import { createFeed, FeedError } from "../../../common/change-feed";
import { FakeTable } from "./fake-table";
import type { Write } from "./fake-table";

const WINDOW = 60;

const hexId = (n: number) =>
  ((BigInt(n + 1) * 0x9e3779b97f4a7c15f39cc0605cedc835n) % (1n << 128n)).toString(16).padStart(32, "0");

interface Emission {
  id: string;
  time: number;
  pollBegan: number;
}

/** A platform around a feed: keeps the state as JSON, commits events and state together at a save. */
class Platform {
  state: string | undefined;
  events: Emission[] = [];
  crash: (where: "emit" | "save" | "saved") => void = () => {};
  /** Delivers events at once and forgets nothing of them when a run is killed, but for a memory of 100 ids. */
  apart = false;
  moved = false;
  private recent: string[] = [];
  private buffer: Emission[] = [];
  largest = 0;

  get memory(): number {
    return this.options.memory ?? 42_000;
  }

  constructor(
    readonly table: FakeTable,
    readonly options: Partial<FeedOptions> = {},
  ) {}

  feed() {
    this.buffer = [];
    const pollBegan = Math.floor(this.table.clock / 1000);
    return createFeed({
      read: this.table.read,
      load: () => (this.state === undefined ? undefined : (JSON.parse(this.state) as unknown)),
      save: (state: SavedFeedState) => {
        this.crash("save");
        this.state = JSON.stringify(state);
        this.largest = Math.max(this.largest, this.state.length);
        this.events.push(...this.buffer);
        this.buffer = [];
        this.crash("saved");
      },
      emit: (versions: Version[]) => {
        expect(versions.length).toBeLessThanOrEqual(50);
        for (const version of versions) {
          this.crash("emit");
          const event = { id: version.id, time: version.time, pollBegan };
          if (this.apart) this.deliver(event);
          else this.buffer.push(event);
        }
      },
      instance: "https://example.service-now.com",
      table: "incident",
      column: "sys_updated_on",
      stopwatch: () => this.table.clock,
      ...this.options,
    });
  }

  private deliver(event: Emission): void {
    if (this.recent.includes(event.id)) return;
    this.recent = [...this.recent, event.id].slice(-100);
    this.events.push(event);
  }

  async poll() {
    return this.feed().poll();
  }
}

function expectPromise(platform: Platform, wanted: (id: string) => boolean = () => true) {
  const { events, table } = platform;
  const ids = events.map((event) => event.id);
  const seen = new Set(ids);
  expect(platform.largest).toBeLessThan(platform.memory + 1_000);
  expect(ids.length - seen.size).toBe(0);
  for (const [id, versions] of table.history) {
    const last = versions.at(-1);
    if (!last || table.hidden(last) || !wanted(id)) continue;
    const key = `${id}-${last.time.toString(36)}-${last.mod}`;
    if (!seen.has(key)) throw new Error(`lost: ${key}`);
  }
  let before = { time: 0, id: "" };
  for (const event of events) {
    if (event.time > event.pollBegan - WINDOW - 2) continue;
    const id = event.id.slice(0, 32);
    const ascending = event.time > before.time || (event.time === before.time && id >= before.id);
    if (!ascending) throw new Error(`out of order: ${event.time} ${id} after ${before.time} ${before.id}`);
    before = { time: event.time, id };
  }
}

/** A poll; undefined where it is refused because the table has only records that the account may not read. The cursor stays then. */
async function pollOf(platform: Platform) {
  const { table } = platform;
  const versions = [...table.history.keys()].map((id) => table.current(id));
  const isBlind = versions.every((version) => !version || table.hidden(version));
  try {
    return await platform.poll();
  } catch (error) {
    if (!(error instanceof FeedError && error.problem === "unreadable" && isBlind)) throw error;
    return undefined;
  }
}

async function drain(platform: Platform) {
  platform.crash = () => {};
  platform.table.onRead = () => {};
  platform.table.finish();
  for (let round = 0; round < 400; round++) {
    const report = await pollOf(platform);
    // All is visible by now, so what is hidden stays hidden.
    if (!report) return;
    if (report.waiting !== 0) continue;
    // An account that has moved to a zone further west is noticed by an idle feed after ten minutes.
    if (!platform.moved) return;
    platform.moved = false;
    platform.table.advance(7 * 3_600_000);
  }
  throw new Error("The feed never came to an end.");
}

const writes = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 200 }),
    record: fc.integer({ min: 0, max: 40 }),
    delay: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 58_000 }), fc.constant(59_900)),
    burst: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 30 })),
  }),
  { minLength: 1, maxLength: 60 },
);

const scenario = fc.record({
  writes,
  pageSize: fc.integer({ min: 1, max: 40 }),
  hiddenShare: fc.constantFrom(0, 0, 2, 3, 10),
  polls: fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 1, maxLength: 12 }),
  crashes: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 8 }),
  latency: fc.constantFrom(0, 300, 4_000, 25_000),
  memory: fc.constantFrom(200, 1_000, 42_000),
  rows: fc.constantFrom(3, 50, 5_000),
  requests: fc.constantFrom(2, 10, 500, 500),
  filtered: fc.boolean(),
  place: fc.constantFrom<Place>(
    { reading: "utc", start: Date.UTC(2026, 7, 1, 12) },
    // The minutes around the change of the clocks, both ways.
    { reading: "America/New_York", start: Date.UTC(2026, 10, 1, 5, 56) },
    { reading: "America/New_York", start: Date.UTC(2026, 10, 1, 4, 58) },
    { reading: "America/New_York", start: Date.UTC(2026, 2, 8, 6, 58) },
    { reading: "Australia/Sydney", start: Date.UTC(2026, 3, 4, 15, 57) },
    { reading: "Australia/Sydney", start: Date.UTC(2026, 9, 3, 15, 57) },
    { reading: "Asia/Kolkata", start: Date.UTC(2026, 9, 3, 15, 57) },
  ),
  ambiguous: fc.constantFrom<"first" | "second">("first", "second"),
  counts: fc.constantFrom(true, true, true, false),
  apart: fc.boolean(),
  /** The account's user moves to another zone before this poll. */
  move: fc.record({
    before: fc.integer({ min: 0, max: 12 }),
    to: fc.constantFrom(
      undefined,
      undefined,
      "America/Los_Angeles",
      "Asia/Kathmandu",
      "Asia/Kolkata",
      "Pacific/Auckland",
      "utc",
    ),
  }),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

interface Place {
  reading: string;
  start: number;
}

/** Scenarios that once failed. */
const FOUND: Scenario[] = [
  // Unreadable rows were crossed with a bound that the account's new zone reads four hours early.
  {
    ...{ pageSize: 1, hiddenShare: 10, polls: [0, 1, 0], crashes: [], latency: 0, memory: 200, rows: 3 },
    ...{ requests: 2, filtered: false, ambiguous: "first", counts: true, apart: false },
    writes: [
      { at: 0, record: 0, delay: 0, burst: 7 },
      { at: 0, record: 0, delay: 59_900, burst: 1 },
    ],
    place: { reading: "America/New_York", start: Date.UTC(2026, 10, 1, 4, 58) },
    move: { before: 2, to: "utc" },
  },
];

test("emits every version that stays exactly once and in order, whatever the pages, crashes and late commits", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      const table = new FakeTable(given.place.start);
      table.reading = given.place.reading;
      table.ambiguous = given.ambiguous;
      table.counts = given.counts;
      const hide = given.counts ? given.hiddenShare : 0;
      table.hidden = (row) => hide > 0 && parseInt(row.sys_id.slice(-4), 16) % hide !== 0;
      table.latency = () => given.latency;
      const platform = new Platform(table, {
        pageSize: given.pageSize,
        memory: given.memory,
        budget: { rows: given.rows, requests: given.requests },
        groups: given.filtered ? ["kind=a"] : [],
        filterColumns: given.filtered ? ["kind"] : [],
        columns: async () => new Set(["kind", "sys_updated_on"]),
        zone: async () => table.reading,
      });
      await platform.feed().start({ first: 0 });
      const made: Write[] = given.writes.flatMap(({ at, record, delay, burst }) =>
        Array.from({ length: burst }, (_, n) => ({
          at: table.clock + at * 1000 + (n % 3),
          id: hexId(record + n),
          delay,
          columns: { kind: given.filtered && (record + n) % 2 === 0 ? "b" : "a" },
        })),
      );
      table.schedule(made);
      const crashes = [...given.crashes];
      let steps = 0;
      platform.crash = () => {
        steps++;
        if (crashes[0] !== undefined && steps >= crashes[0]) {
          crashes.shift();
          steps = 0;
          throw new Error("killed");
        }
      };
      platform.apart = given.apart;
      for (const [index, pause] of given.polls.entries()) {
        if (index === given.move.before && given.move.to) {
          table.reading = given.move.to;
          platform.moved = true;
        }
        table.advance(pause * 1000);
        await pollOf(platform).catch((error: Error) => {
          if (error.message !== "killed") throw error;
        });
      }
      await drain(platform);
      expectPromise(platform, (id) => table.history.get(id)?.at(-1)?.columns.kind === "a");
    }),
    { numRuns: Number(process.env.FEED_RUNS ?? 300), examples: FOUND.map((given) => [given]) },
  );
}, 120_000);
