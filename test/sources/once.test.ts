import { shortHash } from "../../common/change-feed";
import { canBeSince, keyOf, keysBefore } from "../../sources/common/dedupe";
import { makeFilter } from "../../sources/common/filter";
import { KEYS, ProcessedKeys } from "../../sources/common/processed-keys";
import { recordSource } from "../../sources/common/record-source";
import { RememberedValues } from "../../sources/common/remembered-values";
import { InMemorySource, Tables } from "./in-memory";

/** Records that are told once, however often they change, and what is remembered for that. */

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

const NOW = Date.UTC(2026, 10, 21, 7) / 1000;

describe("what matched before a source began", () => {
  const setup = (count: number) => {
    const tables = new Tables();
    for (const n of numbers(count)) tables.put("incident", `N${n}`, n, { state: "1" });
    const known = async (now = NOW, query = "state=1") =>
      keysBefore(
        tables.client,
        { table: "incident", column: "sys_updated_on", filter: makeFilter(query) },
        { key: (row) => String(row.number), columns: ["number"] },
        now,
      );
    return { tables, known };
  };
  beforeEach(() => void jest.spyOn(console, "log").mockImplementation(() => undefined));
  afterEach(() => jest.restoreAllMocks());

  test.each([0, 1, 499, 500, 501, 1_200, 1_500])(
    "%i records are all known, the longest unchanged first",
    async (count) => {
      const { known } = setup(count);
      expect(await known()).toEqual(numbers(count).map((n) => `N${n}`));
      expect(console.log).not.toHaveBeenCalled();
    },
  );

  test("of more than are remembered, those changed last are known, and the log says so", async () => {
    const { known } = setup(1_501);
    expect(await known()).toEqual(numbers(1_500).map((n) => `N${n + 1}`));
    expect(console.log).toHaveBeenCalledWith(expect.stringContaining("More than 1500 records match already"));
  });

  test("only what meets the filter, in each page that is read, and with the columns that the key needs", async () => {
    const { tables, known } = setup(600);
    tables.put("incident", "other", 700, { state: "2" });
    expect(await known()).toHaveLength(600);
    expect(tables.asked.map(({ searchParams }) => searchParams.get("sysparm_offset"))).toEqual([null, "500"]);
    for (const { searchParams } of tables.asked)
      expect(searchParams.get("sysparm_fields")).toBe("sys_id,sys_updated_on,number");
  });

  test("of an instance that does not count, every page is read", async () => {
    const { tables, known } = setup(600);
    tables.counted = false;
    expect(await known()).toEqual(numbers(600).map((n) => `N${n}`));
  });

  test("what changed within the last minute is left to the feed, which may still see it", async () => {
    const { tables, known } = setup(0);
    const start = Date.UTC(2026, 10, 21) / 1000;
    for (const age of [60, 61, 62, 300]) tables.put("incident", `age ${age}`, 1_000 - age, { state: "1" });
    expect(await known(start + 1_000)).toEqual(["age 300", "age 62"]);
  });
});

describe("a moment that a record names", () => {
  const since = (text: string, began: string) =>
    canBeSince({ at: text }, "at", Date.parse(`${began}Z`) / 1000);
  test("counts from the second on at which the source began", () => {
    expect(since("2026-11-21 07:00:00", "2026-11-21T07:00:00")).toBe(true);
    expect(since("2026-11-21 06:59:59", "2026-11-21T07:00:00")).toBe(false);
    expect(since("2026-11-21 07:00:01", "2026-11-21T07:00:00")).toBe(true);
  });
  test("that is a date lasts until it has ended everywhere on earth", () => {
    expect(since("2026-11-20", "2026-11-21T11:59:59")).toBe(true);
    expect(since("2026-11-20", "2026-11-21T12:00:00")).toBe(false);
    expect(since("2026-11-21", "2026-11-21T11:59:59")).toBe(true);
  });
  test("that is missing may be any", () => expect(since("", "2026-11-21T07:00:00")).toBe(true));
});

test("a record is known by its sys_id, or by the key that the source makes", () => {
  expect(keyOf({}, { sys_id: "1" })).toBe("1");
  expect(keyOf({ key: (row) => `${String(row.a)}!` }, { sys_id: "1", a: "x" })).toBe("x!");
});

describe("keys that were told", () => {
  const withState = (x?: unknown) => {
    const source = new InMemorySource(new Tables());
    if (x !== undefined) source.db.set("state", { v: 1, x });
    return source;
  };
  const reload = (keys: ProcessedKeys, capacity?: number) =>
    new ProcessedKeys(withState(JSON.parse(JSON.stringify(keys)) as unknown), capacity);

  test("are new once, also after they were saved and loaded", () => {
    const keys = new ProcessedKeys(withState(), 3);
    expect(["a", "b", "a"].map((key) => keys.take(key))).toEqual([true, true, false]);
    const later = reload(keys, 3);
    expect(["a", "b", "c"].map((key) => later.has(key))).toEqual([true, true, false]);
    expect(later.take("b")).toBe(false);
    expect(later.take("c")).toBe(true);
    expect(["a", "b", "c"].map((key) => later.has(key))).toEqual([true, true, true]);
  });
  test("are forgotten when there are too many, the one seen longest ago first", () => {
    const keys = new ProcessedKeys(withState(), 3);
    for (const key of ["a", "b", "c", "a", "d"]) keys.take(key);
    expect(["a", "b", "c", "d"].map((key) => keys.has(key))).toEqual([true, false, true, true]);
    expect(reload(keys, 3).toJSON()).toEqual(keys.toJSON());
  });
  test("are 1,500 unless told otherwise", () => {
    const keys = new ProcessedKeys(withState());
    for (const n of numbers(KEYS + 1)) keys.take(`k${n}`);
    expect([keys.has("k0"), keys.has("k1"), keys.toJSON().k?.length]).toEqual([false, true, 1_500 * 8]);
  });
  test("are news again when another replaced them", () => {
    const keys = new ProcessedKeys(withState());
    keys.take("open");
    expect(keys.take("closed", ["open", "unknown"])).toBe(true);
    expect(keys.take("open", ["closed"])).toBe(true);
    expect(keys.has("closed")).toBe(false);
  });
  test("are saved beside the feed's state, and not before there is one", () => {
    const source = withState();
    new ProcessedKeys(source).begin(5, ["a"]);
    expect(source.db.get("state")).toBeUndefined();
    source.db.set("state", null);
    new ProcessedKeys(source).begin(5, ["a"]);
    expect(source.db.get("state")).toBeNull();
    source.db.set("state", { v: 1, cursor: 7 });
    new ProcessedKeys(source).begin(5, ["a"]);
    expect(source.db.get("state")).toEqual({ v: 1, cursor: 7, x: { s: 5, k: shortHash("a") } });
    expect(new ProcessedKeys(source).began).toBe(5);
    expect(new ProcessedKeys(withState()).toJSON()).toEqual({ k: "" });
  });
  test.each([[{ k: 5 }], [{ k: null }], [null], ["text"]])("from a memory such as %j are none", (x) => {
    expect(new ProcessedKeys(withState(x)).toJSON().k).toBe("");
  });
});

describe("remembered values", () => {
  const load = (x?: unknown) => {
    const source = new InMemorySource(new Tables());
    if (x !== undefined) source.db.set("state", { x });
    return new RememberedValues(source, "incident");
  };
  const big = "x".repeat(6_900);
  test("are kept by record, replaced and forgotten, and their room is counted as it is used", () => {
    const values = load();
    for (const n of numbers(4)) values.set(`r${n}`, [big]);
    expect(values.isFull).toBe(false);
    for (let again = 0; again < 5; again++) values.set("r0", [big]);
    expect(values.isFull).toBe(false);
    values.set("r4", [big]);
    expect(values.isFull).toBe(true);
    expect(() => values.checkRoom()).toThrow("The values of 5 records of incident do not fit");
    values.keepOnly(["r0", "r4", "unknown"]);
    expect(values.isFull).toBe(false);
    expect(() => values.checkRoom()).not.toThrow();
    expect(numbers(5).map((n) => values.get(`r${n}`)?.length)).toEqual([
      1,
      undefined,
      undefined,
      undefined,
      1,
    ]);
    for (const n of [5, 6]) values.set(`r${n}`, [big]);
    expect(values.isFull).toBe(false);
    values.set("r7", [big]);
    expect(values.isFull).toBe(true);
    const loaded = load(JSON.parse(JSON.stringify(values)) as unknown);
    expect(loaded.isFull).toBe(true);
    expect(loaded.get("r7")).toEqual([big]);
    loaded.clear();
    expect([loaded.isFull, loaded.get("r7"), JSON.stringify(loaded)]).toEqual([false, undefined, "{}"]);
  });
  test("of another kind are left out when they are loaded", () => {
    expect(JSON.stringify(load({ s: 5, k: "abc", [shortHash("r")]: ["1"] }))).toBe(
      `{"${shortHash("r")}":["1"]}`,
    );
    for (const odd of [undefined, null, "text"]) expect(JSON.stringify(load(odd))).toBe("{}");
  });
});

describe("a source that tells each record once", () => {
  const source_ = recordSource<InMemorySource & { query?: string }>(() => ({
    table: "incident",
    column: "sys_updated_on",
    dedupe: {},
  }));
  const setup = () => {
    const tables = new Tables();
    const source = Object.assign(new InMemorySource(tables), { query: "state=1", startFrom: "now" });
    const put = (name: string, values: Record<string, string> = {}) =>
      tables.put("incident", name, tables.now / 1000 - Date.UTC(2026, 10, 21) / 1000, {
        state: "1",
        ...values,
      });
    const later = (seconds: number) => void (tables.now += seconds * 1000);
    const poll = async () => {
      later(120);
      return (await source.during(() => source_.run(source))).map(({ data }) => data.number);
    };
    return { tables, source, put, later, poll, deploy: () => source.during(() => source_.deploy(source)) };
  };

  test("beyond 500 earlier matches, old records that change are no news", async () => {
    const { put, later, poll, deploy } = setup();
    for (const n of numbers(620)) put(`N${n}`);
    later(600);
    await deploy();
    for (const n of [0, 300, 619]) put(`N${n}`, { sys_mod_count: "1" });
    put("new");
    expect(await poll()).toEqual(["new"]);
    put("new", { sys_mod_count: "1" });
    put("newer");
    expect(await poll()).toEqual(["newer"]);
  });
});
