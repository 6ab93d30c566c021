import { makeFilter } from "../../sources/common/filter";
import { Matching } from "../../sources/common/matching";
import { Threshold, type ThresholdSettings } from "../../sources/common/threshold";
import type { CommonProps } from "../../sources/common/this";
import { idOf, InMemorySource, Tables, type Event } from "./in-memory";

/** What sources remember between polls, and what becomes of it when their settings change or a poll dies. */

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
const names = (events: Event[]) => events.map(({ data }) => data.number);

describe("New Matching Record", () => {
  const setup = (props: CommonProps = {}) => {
    const tables = new Tables();
    const source = Object.assign(new InMemorySource(tables), props);
    const of = (query: string) => new Matching(source, "incident", makeFilter(query));
    const step =
      (name: "deploy" | "activate" | "run") =>
      (query = "state=1") =>
        source.during(() => of(query)[name]());
    const put = (name: string, seconds: number, values: Record<string, string> = {}) =>
      tables.put("incident", name, seconds, { state: "1", ...values });
    return { tables, source, put, deploy: step("deploy"), activate: step("activate"), poll: step("run") };
  };

  test("a deployment shows the 25 records changed last, oldest first, and knows the others", async () => {
    const { put, deploy, poll, activate } = setup();
    // Made in another order than changed.
    for (const n of numbers(30)) put(`N${(n * 7) % 30}`, 100 + ((n * 7) % 30));
    expect(names(await deploy())).toEqual(numbers(25).map((n) => `N${n + 5}`));
    expect(await activate()).toEqual([]);
    expect(await poll()).toEqual([]);
    put("later", 500);
    expect(names(await poll())).toEqual(["later"]);
    expect(await poll()).toEqual([]);
  });

  test("records of one second come in the order of their ids, and each time is told", async () => {
    const { put, deploy, poll } = setup();
    await deploy();
    for (const name of ["a", "b", "c", "d"]) put(name, 60);
    const events = await poll();
    expect(events.map(({ data }) => data.sys_id)).toEqual(["a", "b", "c", "d"].map(idOf).sort());
    expect(new Set(events.map(({ ts }) => ts))).toEqual(new Set([Date.UTC(2026, 10, 21, 0, 1)]));
  });

  test("many at once come once each, slice by slice, and are known afterwards", async () => {
    const { put, deploy, poll, source } = setup();
    await deploy();
    for (const n of numbers(101)) put(`N${n}`, 100 + n);
    expect(names(await poll())).toEqual(numbers(101).map((n) => `N${n}`));
    expect(source.logs.at(-1)).toBe("101 records came to match, 0 no longer do.");
    expect(await poll()).toEqual([]);
  });

  test("a poll that dies after some slices goes on behind them, with the same ids for what comes again", async () => {
    const { put, deploy, poll, source } = setup();
    await deploy();
    for (const n of numbers(120)) put(`N${n}`, 100 + n);
    source.savesLeft = 1;
    await expect(poll()).rejects.toThrow("killed while it saved");
    source.savesLeft = Infinity;
    const again = await poll();
    expect(names(again)).toEqual(numbers(70).map((n) => `N${n + 50}`));
    const ids = source.events.map(({ id }) => id);
    expect(new Set(ids).size).toBe(120);
    expect(ids.slice(50, 100)).toEqual(again.slice(0, 50).map(({ id }) => id));
  });

  test("what leaves and comes back is news with another id, however little of it changed", async () => {
    const { put, deploy, poll, source, tables } = setup();
    put("a", 100);
    const [first] = await deploy();
    put("a", 100, { state: "2" });
    expect(await poll()).toEqual([]);
    put("a", 100);
    const [second] = await poll();
    expect(second?.data.number).toBe("a");
    expect(second?.id).not.toBe(first?.id);
    tables.remove("incident", "a");
    put("b", 200);
    expect(names(await poll())).toEqual(["b"]);
    expect(source.logs.at(-1)).toBe("1 records came to match, 1 no longer do.");
    put("a", 100);
    const [third] = await poll();
    expect(new Set([first?.id, second?.id, third?.id]).size).toBe(3);
  });

  test("a record that only changed while it matches is no news", async () => {
    const { put, deploy, poll } = setup();
    put("a", 100);
    await deploy();
    put("a", 500, { sys_mod_count: "7" });
    expect(await poll()).toEqual([]);
  });

  test("another query begins with what matches it now, whether or not the hook ran", async () => {
    for (const hook of [true, false]) {
      const { put, deploy, activate, poll, source } = setup();
      put("one", 100);
      put("two", 100, { state: "2" });
      await deploy("state=1");
      if (hook) expect(await activate("state=2")).toEqual([]);
      expect(await poll("state=2")).toEqual([]);
      expect(source.logs.some((line) => line.includes("starts again"))).toBe(!hook);
      put("three", 100, { state: "2" });
      expect(names(await poll("state=2"))).toEqual(["three"]);
    }
  });

  test("a poll without any memory begins, in silence", async () => {
    const { put, poll, source } = setup();
    put("one", 100);
    expect(await poll()).toEqual([]);
    expect(source.logs).toEqual([]);
    put("two", 100);
    expect(names(await poll())).toEqual(["two"]);
  });

  test("activating again keeps what is known", async () => {
    const { put, deploy, activate, poll } = setup();
    await deploy();
    put("new", 100);
    await activate();
    expect(names(await poll())).toEqual(["new"]);
  });

  test("records that stop to match between the list and their reading are not told, and are news later", async () => {
    const { put, deploy, poll, tables } = setup();
    await deploy();
    put("here", 100);
    put("gone", 101);
    const { rows } = tables;
    const all = rows.incident ?? [];
    let lists = 0;
    Object.defineProperty(rows, "incident", {
      get: () => (lists++ === 0 ? all : all.filter(({ number }) => number !== "gone")),
      configurable: true,
    });
    expect(names(await poll())).toEqual(["here"]);
    Object.defineProperty(rows, "incident", { value: all, writable: true });
    expect(names(await poll())).toEqual(["gone"]);
  });

  test.each([
    [2, 1, "stay known"],
    [3, 1, "are gone"],
    [1, 1, "stay known"],
    [1, 0, "are gone"],
  ])("of %i known records that are missing, while %i more are hidden, all %s", async (left, more, fate) => {
    const { put, deploy, poll, tables, source } = setup();
    for (const n of numbers(6)) put(`N${n}`, 100 + n);
    await deploy();
    const away = new Set(numbers(left).map((n) => `N${n}`));
    tables.hidden = ({ number = "" }) => away.has(number) && Number(number.slice(1)) < more;
    for (const n of numbers(left)) if (n >= more) put(`N${n}`, 100 + n, { state: "2" });
    expect(await poll()).toEqual([]);
    const said = `${left} known records are out of sight, and access rules hide ${more} more than before`;
    expect(source.logs.some((line) => line.startsWith(said))).toBe(fate === "stay known");
    tables.hidden = () => false;
    for (const n of numbers(left)) put(`N${n}`, 100 + n);
    expect(names(await poll())).toEqual(fate === "are gone" ? numbers(left).map((n) => `N${n}`) : []);
  });

  test("chosen fields and format are asked for, and are what the event holds", async () => {
    const { put, deploy, tables } = setup({ fields: ["short_description"], format: "true" });
    put("a", 100, { short_description: "words", description: "long" });
    const [event] = await deploy();
    expect(event?.data).toEqual({
      sys_id: idOf("a"),
      short_description: "Shown words",
      sys_created_on: "2026-11-21 00:01:40",
      sys_updated_on: "2026-11-21 00:01:40",
      sys_mod_count: "0",
    });
    expect(event?.summary).toBe("a – words");
    const [list, reading] = tables.asked.map(({ searchParams }) => searchParams);
    expect(list?.get("sysparm_fields")).toBe("sys_id,sys_updated_on,sys_created_on,sys_mod_count");
    expect(reading?.get("sysparm_display_value")).toBe("all");
    expect(reading?.get("sysparm_fields")?.split(",")).toEqual(
      expect.arrayContaining(["short_description", "state"]),
    );
    expect(reading?.get("sysparm_fields")).not.toContain(",description");
  });

  test("a table whose records have no time of change tells that of their creation, or none", async () => {
    const { put, deploy } = setup();
    put("a", 100, { sys_updated_on: "" });
    put("b", 50, { sys_updated_on: "", sys_created_on: "" });
    expect((await deploy()).map(({ ts, data }) => [data.number, ts])).toEqual([
      ["b", 0],
      ["a", Date.UTC(2026, 10, 21, 0, 1, 40)],
    ]);
  });

  test.each([
    ["of another version", { v: 2 }],
    ["without its records", { k: undefined }],
    ["with a count that is none", { g: 0.5 }],
  ])("a memory %s is not taken over", async (_what, damage) => {
    const { put, deploy, poll, source } = setup();
    put("a", 100);
    await deploy();
    put("b", 100);
    source.db.set("state", { ...(source.db.get("state") as object), ...damage });
    expect(await poll()).toEqual([]);
    put("c", 100);
    expect(names(await poll())).toEqual(["c"]);
  });

  test("no query is refused, as is one that too many records meet", async () => {
    const { deploy, tables } = setup();
    expect(() => new Matching(new InMemorySource(tables), "incident", makeFilter(""))).toThrow(
      "No query is given",
    );
    for (const n of numbers(5_601)) tables.put("incident", `N${n}`, n, { state: "1" });
    await expect(deploy()).rejects.toThrow("More than 5600 records of incident match the query");
    tables.remove("incident", "N0");
    expect(await deploy()).toHaveLength(25);
  });
});

describe("New Count Threshold", () => {
  const setup = (settings: Partial<ThresholdSettings> = {}) => {
    const tables = new Tables();
    const source = new InMemorySource(tables);
    const given: ThresholdSettings = { table: "incident", threshold: 3, direction: "both", ...settings };
    const of = (more: Partial<ThresholdSettings> = {}) => new Threshold(source, { ...given, ...more });
    let made = 0;
    /** So many records, with a value each. */
    const set = (count: number, value = "1") => {
      tables.rows.incident = [];
      for (let n = 0; n < count; n++) tables.put("incident", `N${made++}`, 1, { cost: value });
    };
    const poll = async (more: Partial<ThresholdSettings> = {}) =>
      (await source.during(() => of(more).run())).map(({ data }) => [
        data.direction,
        data.value,
        data.previous_value,
      ]);
    return { tables, source, set, of, poll, deploy: () => source.during(() => of().deploy()) };
  };

  test("a poll without a usable memory takes the present as known", async () => {
    for (const memory of [undefined, null, 5, "text", {}, { f: "another", value: { side: "below" } }]) {
      const { source, set, poll } = setup();
      if (memory !== undefined) source.db.set("state", memory);
      set(9);
      expect(await poll()).toEqual([]);
      set(1);
      expect(await poll()).toEqual([["below", 1, 9]]);
    }
  });

  test("above means more than the threshold; below means no more than it", async () => {
    const { set, deploy, poll, source } = setup();
    set(3);
    await deploy();
    expect(source.logs).toEqual(["The number is 3 now."]);
    set(4);
    expect(await poll()).toEqual([["above", 4, 3]]);
    set(3);
    expect(await poll()).toEqual([["below", 3, 4]]);
    expect(source.events.map(({ summary }) => summary)).toEqual([
      "incident: count rose above 3 (4)",
      "incident: count fell to or below 3 (3)",
    ]);
    expect(source.events.map(({ id }) => id.split("-").at(-1))).toEqual(["1", "2"]);
  });

  test("within its hysteresis a number stays where it was, both ends told apart", async () => {
    const { set, deploy, poll } = setup({ threshold: 5, hysteresis: 2 });
    await deploy();
    set(5);
    expect(await poll()).toEqual([]);
    set(6);
    expect(await poll()).toEqual([["above", 6, 5]]);
    set(4);
    expect(await poll()).toEqual([]);
    set(3);
    expect(await poll()).toEqual([["below", 3, 4]]);
    set(5);
    expect(await poll()).toEqual([]);
  });

  test.each([
    [undefined, ["above", "above"]],
    ["above", ["above", "above"]],
    ["below", ["below", "below"]],
    ["both", ["above", "below", "above", "below"]],
  ])("direction %s tells of %j", async (direction, told) => {
    const { set, deploy, poll, source } = setup({ direction });
    await deploy();
    for (const count of [4, 3, 4, 3]) {
      set(count);
      await poll();
    }
    expect(source.events.map(({ data }) => data.direction)).toEqual(told);
    expect(new Set(source.events.map(({ id }) => id)).size).toBe(told.length);
  });

  test("a poll that dies before it saves tells the same crossing under the same id", async () => {
    const { set, deploy, poll, source } = setup();
    await deploy();
    set(4);
    source.savesLeft = 0;
    await expect(poll()).rejects.toThrow("killed");
    source.savesLeft = Infinity;
    expect(await poll()).toHaveLength(1);
    expect(source.events[0]?.id).toBe(source.events[1]?.id);
    expect(await poll()).toEqual([]);
  });

  test.each<[string, string | undefined, number, number]>([
    ["sum", "2", 3, 6],
    ["avg", "8", 3, 8],
    ["min", "7", 2, 7],
    ["max", "9", 2, 9],
  ])(
    "%s is computed by the instance, and the event names the field",
    async (measure, value, count, result) => {
      const { set, deploy, poll, source } = setup({ measure, measuredField: " cost " });
      await deploy();
      set(count, value);
      expect(await poll()).toEqual([["above", result, measure === "sum" ? 0 : null]]);
      expect(source.events[0]?.data).toMatchObject({ table: "incident", measure, threshold: 3, query: "" });
      expect(source.events[0]?.data.field).toBe(" cost ");
      set(0);
      expect(await poll()).toEqual(measure === "sum" ? [["below", 0, result]] : []);
    },
  );

  test("a count names no field", async () => {
    const { set, deploy, poll, source } = setup({ query: "cost=1" });
    await deploy();
    set(4);
    await poll();
    expect(source.events[0]?.data).toMatchObject({ measure: "count", query: "cost=1" });
    expect(source.events[0]?.data).not.toHaveProperty("field");
  });

  test("activating keeps the side and the count of crossings, and begins for other settings", async () => {
    const { source, set, of, deploy, poll } = setup();
    await deploy();
    set(4);
    await source.during(() => of().activate());
    expect(await poll()).toEqual([["above", 4, 0]]);
    for (const changed of [{ threshold: 2 }, { hysteresis: 1 }, { query: "cost=1" }]) {
      await source.during(() => of(changed).activate());
      expect(await poll(changed)).toEqual([]);
    }
    set(1);
    expect(await poll({ query: "cost=1" })).toEqual([["below", 1, 4]]);
  });

  test("wrong settings are refused by name", () => {
    const { of } = setup();
    expect(() => of({ measure: "median" })).toThrow('"median" is no measure');
    for (const measuredField of [undefined, "", "  "])
      expect(() => of({ measure: "sum", measuredField })).toThrow("No field is given for sum");
    expect(() => of({ measure: "count", measuredField: undefined })).not.toThrow();
    for (const threshold of [NaN, Infinity]) expect(() => of({ threshold })).toThrow("No threshold is given");
  });

  test("a column that holds no number is named", async () => {
    const { set, of, source } = setup({ measure: "max", measuredField: "cost" });
    set(1, "many");
    await expect(source.during(() => of().deploy())).rejects.toThrow("cost of incident is no number");
  });
});
