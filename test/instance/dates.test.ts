import { duringTests } from "../helpers/instance";
import { testInstance } from "./client";

const instance = duringTests(testInstance, { seed: "demo", incidents: 5 });
let id: string;
beforeAll(async () => {
  ({ sys_id: id } = await instance.create<{ sys_id: string }>("problem", { correlation_id: "dates" }));
  await instance.control("POST", "clock", { set: "2026-03-08 11:20:30", freeze: true });
});

/** Whether the record is found by the query when it was opened at that time. */
async function found(openedAt: string, query: string, as = "admin"): Promise<boolean> {
  await instance.update("problem", id, { opened_at: openedAt });
  const rows = await instance.rows(
    "problem",
    `correlation_id=dates^${query}`,
    { sysparm_fields: "sys_id" },
    as,
  );
  return rows.length === 1;
}

const second = (stamp: string, by: number): string =>
  new Date(Date.parse(`${stamp.replace(" ", "T")}Z`) + by * 1000)
    .toISOString()
    .slice(0, 19)
    .replace("T", " ");
const day = (from: string, to = from) => [`${from} 00:00:00`, `${to} 23:59:59`] as const;

describe("named ranges at 2026-03-08 11:20:30, a Sunday", () => {
  test.each<[name: string, from: string, to: string]>([
    ["Today", ...day("2026-03-08")],
    ["Yesterday", ...day("2026-03-07")],
    ["Tomorrow", ...day("2026-03-09")],
    ["ThisWeek", ...day("2026-03-02", "2026-03-08")],
    ["LastWeek", ...day("2026-02-23", "2026-03-01")],
    ["NextWeek", ...day("2026-03-09", "2026-03-15")],
    ["ThisMonth", ...day("2026-03-01", "2026-03-31")],
    ["LastMonth", ...day("2026-02-01", "2026-02-28")],
    ["NextMonth", ...day("2026-04-01", "2026-04-30")],
    ["ThisQuarter", ...day("2026-01-01", "2026-03-31")],
    ["LastQuarter", ...day("2025-10-01", "2025-12-31")],
    ["NextQuarter", ...day("2026-04-01", "2026-06-30")],
    ["ThisYear", ...day("2026-01-01", "2026-12-31")],
    ["LastYear", ...day("2025-01-01", "2025-12-31")],
    ["NextYear", ...day("2027-01-01", "2027-12-31")],
    ["Last3Months", ...day("2025-12-01", "2026-03-31")],
    ["Last6Months", ...day("2025-09-01", "2026-03-31")],
    ["Last9Months", ...day("2025-06-01", "2026-03-31")],
    ["Last12Months", ...day("2025-03-01", "2026-03-31")],
    ["Last2Quarters", ...day("2025-07-01", "2025-12-31")],
    ["Next2Quarters", ...day("2026-04-01", "2026-09-30")],
    ["Last2Years", ...day("2024-01-01", "2026-12-31")],
    ["Last7Days", ...day("2026-03-01", "2026-03-08")],
    ["Last30Days", ...day("2026-02-06", "2026-03-08")],
    ["Last60Days", ...day("2026-01-07", "2026-03-08")],
    ["Last90Days", ...day("2025-12-08", "2026-03-08")],
    ["Last120Days", ...day("2025-11-08", "2026-03-08")],
    ["CurrentHour", "2026-03-08 11:00:00", "2026-03-08 11:59:59"],
    ["LastHour", "2026-03-08 10:00:00", "2026-03-08 10:59:59"],
    ["Last2Hours", "2026-03-08 09:00:00", "2026-03-08 10:59:59"],
    ["CurrentMinute", "2026-03-08 11:20:00", "2026-03-08 11:20:59"],
    ["LastMinute", "2026-03-08 11:19:00", "2026-03-08 11:19:59"],
    ["Last15Minutes", "2026-03-08 11:05:00", "2026-03-08 11:20:59"],
    ["Last30Minutes", "2026-03-08 10:50:00", "2026-03-08 11:20:59"],
    ["Last45Minutes", "2026-03-08 10:35:00", "2026-03-08 11:20:59"],
    ["OneYearAgo", ...day("2025-03-08")],
  ])("gs.beginningOf%s() and gs.endOf%s() are %s and %s", async (name, from, to) => {
    const [start, end] = [`javascript:gs.beginningOf${name}()`, `javascript:gs.endOf${name}()`];
    const between = `opened_at>=${start}^opened_at<=${end}`;
    expect([
      await found(second(from, -1), between),
      await found(from, between),
      await found(to, between),
      await found(second(to, 1), between),
    ]).toEqual([false, true, true, false]);
    expect(await found(from, `opened_atBETWEEN${start}@${end}`)).toBe(true);
    expect(await found(second(from, -1), `opened_atON${name}@${start}@${end}`)).toBe(false);
    expect(await found(second(from, -1), `opened_atNOTON${name}@${start}@${end}`)).toBe(true);
  });

  test("they lie in the user's own zone", async () => {
    const today = "opened_atONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()";
    expect(await found("2026-03-07 12:59:59", today, "sydney")).toBe(false);
    expect(await found("2026-03-07 13:00:00", today, "sydney")).toBe(true);
    expect(await found("2026-03-08 04:59:59", today, "newyork")).toBe(false);
    expect(await found("2026-03-08 05:00:00", today, "newyork")).toBe(true);
  });
});

describe("literals", () => {
  test("a date alone is its midnight", async () => {
    expect(await found("2026-03-01 23:59:59", "opened_at>=2026-03-02")).toBe(false);
    expect(await found("2026-03-02 00:00:00", "opened_at>=2026-03-02")).toBe(true);
    expect(await found("2026-03-02 00:00:01", "opened_at<=2026-03-02")).toBe(false);
  });

  test("what is no date finds nothing", async () => {
    expect(await found("2026-03-02 00:00:00", "opened_at>=yesterday")).toBe(false);
    expect(await found("2026-03-02 00:00:00", "opened_at>=2026-02-30 00:00:00")).toBe(false);
  });
});

describe("scripts on the list", () => {
  test.each<[script: string, bound: string]>([
    ["gs.dateGenerate('2026-03-01','12:00:00')", "2026-03-01 12:00:00"],
    ['gs.dateGenerate("2026-03-01 12:00:00")', "2026-03-01 12:00:00"],
    ["gs.dateGenerate('2026-03-01','start')", "2026-03-01 00:00:00"],
    ["gs.dateGenerate('2026-03-01','end')", "2026-03-01 23:59:59"],
    ["gs.daysAgoStart(2)", "2026-03-06 00:00:00"],
    ["gs.daysAgoEnd(2)", "2026-03-06 23:59:59"],
    ["gs.daysAgo(2)", "2026-03-06 11:20:30"],
    ["gs.hoursAgo(1)", "2026-03-08 10:20:30"],
    ["gs.hoursAgoStart(1)", "2026-03-08 10:00:00"],
    ["gs.minutesAgo(5)", "2026-03-08 11:15:30"],
    ["gs.minutesAgoStart(5)", "2026-03-08 11:15:00"],
    ["gs.monthsAgoStart(1)", "2026-02-08 00:00:00"],
    ["gs.nowDateTime()", "2026-03-08 11:20:30"],
  ])("%s", async (script, bound) => {
    const query = `opened_at>=javascript:${script}`;
    expect([await found(bound, query), await found(second(bound, -1), query)]).toEqual([true, false]);
  });

  test("who the user is", async () => {
    const me = async (field: string, script: string, as: string) =>
      (await instance.rows<{ user_name: string }>("sys_user", `${field}=javascript:${script}`, {}, as)).map(
        (row) => row.user_name,
      );
    for (const [field, script] of [
      ["sys_id", "gs.getUserID()"],
      ["sys_id", "gs.getUser().getID()"],
      ["user_name", "gs.getUserName()"],
      ["name", "gs.getUserDisplayName()"],
    ] as const)
      expect(await me(field, script, "itil")).toEqual(["itil"]);
  });

  test.each(["new GlideRecord('x').query()", "gs.sleep(9)", "eval('1')", "gs.getUserID", "while(true){}"])(
    "%s is not on it, and its clause vanishes",
    async (script) => {
      expect(await found("2020-01-01 00:00:00", `opened_at>=javascript:${script}`)).toBe(true);
    },
  );
});
