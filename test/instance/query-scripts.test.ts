import { evaluateScript } from "../../instance/src/query/script";
import { shift, spanNames, startOf, type Unit } from "../../instance/src/query/ranges";
import type { User } from "../../instance/src/users/users";

const user: User = {
  sysId: "1".repeat(32),
  userName: "ada",
  name: "Ada Able",
  email: "ada@example.com",
  roles: new Set(),
  groups: new Set(),
  admin: false,
  timeZone: "UTC",
  dateFormat: "yyyy-MM-dd",
  timeFormat: "HH:mm:ss",
  row: {},
};
/** A Wednesday. */
const now = Date.UTC(2026, 4, 20, 13, 45, 30);
const value = (script: string, timeZone = "UTC", at = now): string | undefined =>
  evaluateScript(`javascript:${script}`, { ...user, timeZone }, at)?.value;

const day = (from: string, to = from): [string, string] => [`${from} 00:00:00`, `${to} 23:59:59`];
const today = (from: string, to: string): [string, string] => [`2026-05-20 ${from}`, `2026-05-20 ${to}`];
const spans: Record<string, [string, string]> = {
  Today: day("2026-05-20"),
  Yesterday: day("2026-05-19"),
  Tomorrow: day("2026-05-21"),
  ThisWeek: day("2026-05-18", "2026-05-24"),
  LastWeek: day("2026-05-11", "2026-05-17"),
  NextWeek: day("2026-05-25", "2026-05-31"),
  ThisMonth: day("2026-05-01", "2026-05-31"),
  LastMonth: day("2026-04-01", "2026-04-30"),
  NextMonth: day("2026-06-01", "2026-06-30"),
  Last3Months: day("2026-02-01", "2026-05-31"),
  Last6Months: day("2025-11-01", "2026-05-31"),
  Last9Months: day("2025-08-01", "2026-05-31"),
  Last12Months: day("2025-05-01", "2026-05-31"),
  ThisQuarter: day("2026-04-01", "2026-06-30"),
  LastQuarter: day("2026-01-01", "2026-03-31"),
  NextQuarter: day("2026-07-01", "2026-09-30"),
  Last2Quarters: day("2025-10-01", "2026-03-31"),
  LastTwoQuarters: day("2025-10-01", "2026-03-31"),
  Next2Quarters: day("2026-07-01", "2026-12-31"),
  NextTwoQuarters: day("2026-07-01", "2026-12-31"),
  ThisYear: day("2026-01-01", "2026-12-31"),
  LastYear: day("2025-01-01", "2025-12-31"),
  NextYear: day("2027-01-01", "2027-12-31"),
  Last2Years: day("2024-01-01", "2026-12-31"),
  LastTwoYears: day("2024-01-01", "2026-12-31"),
  Last7Days: day("2026-05-13", "2026-05-20"),
  Last30Days: day("2026-04-20", "2026-05-20"),
  Last60Days: day("2026-03-21", "2026-05-20"),
  Last90Days: day("2026-02-19", "2026-05-20"),
  Last120Days: day("2026-01-20", "2026-05-20"),
  CurrentHour: today("13:00:00", "13:59:59"),
  LastHour: today("12:00:00", "12:59:59"),
  Last2Hours: today("11:00:00", "12:59:59"),
  CurrentMinute: today("13:45:00", "13:45:59"),
  LastMinute: today("13:44:00", "13:44:59"),
  Last15Minutes: today("13:30:00", "13:45:59"),
  Last30Minutes: today("13:15:00", "13:45:59"),
  Last45Minutes: today("13:00:00", "13:45:59"),
  OneYearAgo: day("2025-05-20"),
};

test.each(spanNames)("a span has its beginning and its end: %s", (name) => {
  expect([value(`gs.beginningOf${name}()`), value(`gs.endOf${name}()`)]).toEqual(spans[name]);
});

test.each([
  ["gs.getUserID()", user.sysId],
  ["gs.getUser().getID()", user.sysId],
  ["gs.getUserName();", "ada"],
  ["gs.getUserDisplayName()", "Ada Able"],
  ["gs.now()", "2026-05-20"],
  ["gs.nowDateTime()", "2026-05-20 13:45:30"],
  ["gs.minutesAgo(50)", "2026-05-20 12:55:30"],
  ["gs.minutesAgoStart(50)", "2026-05-20 12:55:00"],
  ["gs.minutesAgoEnd(50)", "2026-05-20 12:55:59"],
  ["gs.hoursAgo(15)", "2026-05-19 22:45:30"],
  ["gs.hoursAgoStart(15)", "2026-05-19 22:00:00"],
  ["gs.hoursAgoEnd(15)", "2026-05-19 22:59:59"],
  ["gs.daysAgo(20)", "2026-04-30 13:45:30"],
  ["gs.daysAgoStart(20)", "2026-04-30 00:00:00"],
  ["gs.daysAgoEnd(20)", "2026-04-30 23:59:59"],
  ["gs.daysAgoEnd(-1)", "2026-05-21 23:59:59"],
  ["gs.daysAgoStart()", "2026-05-20 00:00:00"],
  ["gs.weeksAgoStart(1)", "2026-05-13 00:00:00"],
  ["gs.monthsAgo(3)", "2026-02-20 13:45:30"],
  ["gs.monthsAgoStart(3)", "2026-02-20 00:00:00"],
  ["gs.quartersAgo(1)", "2026-02-20 13:45:30"],
  ["gs.yearsAgoEnd(2)", "2024-05-20 23:59:59"],
  ["gs.dateGenerate('2026-08-01','12:00:00')", "2026-08-01 12:00:00"],
  ['gs.dateGenerate("2026-08-01","start")', "2026-08-01 00:00:00"],
  ["gs.dateGenerate('2026-08-01','end')", "2026-08-01 23:59:59"],
  ["gs.dateGenerate('2026-08-01 01:02:03')", "2026-08-01 01:02:03"],
])("a script that a query may hold: %s", (script, wanted) => {
  expect(value(script)).toBe(wanted);
});

test.each([
  "gs.nope()",
  "gs.daysAgo(x)",
  "gs.daysAgo(1000001)",
  "gs.dateGenerate('2026-13-01','start')",
  "gs.beginningOfNever()",
  "gs.beginningOftoString()",
  "gs.getProperty('x')",
  "new GlideRecord('incident').query()",
  "gs.now(); gs.now()",
  "gs.daysAgo(1, 'x)",
])("any other script is none: %s", (script) => {
  expect(value(script)).toBeUndefined();
});

test.each([
  // Clocks went forward at 02:00 on 8 March 2026 in New York.
  ["gs.beginningOfToday()", "America/New_York", Date.UTC(2026, 2, 8, 15), "2026-03-08 05:00:00"],
  ["gs.endOfToday()", "America/New_York", Date.UTC(2026, 2, 8, 15), "2026-03-09 03:59:59"],
  ["gs.daysAgoStart(1)", "America/New_York", Date.UTC(2026, 2, 9, 2), "2026-03-07 05:00:00"],
  ["gs.beginningOfThisMonth()", "Australia/Sydney", Date.UTC(2026, 3, 30, 15), "2026-04-30 14:00:00"],
  // And back at 03:00 on 5 April 2026 in Sydney.
  ["gs.beginningOfThisWeek()", "Australia/Sydney", Date.UTC(2026, 3, 5, 20), "2026-04-05 14:00:00"],
  ["gs.beginningOfLastWeek()", "Australia/Sydney", Date.UTC(2026, 3, 5, 20), "2026-03-29 13:00:00"],
  ["gs.now()", "Australia/Sydney", Date.UTC(2026, 3, 5, 20), "2026-04-06"],
  ["gs.dateGenerate('2026-08-01','start')", "America/New_York", now, "2026-08-01 04:00:00"],
])("%s is in the zone of the user: %s", (script, zone, at, wanted) => {
  expect(value(script, zone, at)).toBe(wanted);
});

test.each<[string, Unit, number, string]>([
  ["2024-01-31 10:00:00", "month", 1, "2024-02-29 10:00:00"],
  ["2023-01-31 10:00:00", "month", 1, "2023-02-28 10:00:00"],
  ["2024-02-29 10:00:00", "year", 1, "2025-02-28 10:00:00"],
  ["2024-12-31 23:59:59", "quarter", -1, "2024-09-30 23:59:59"],
  ["2024-01-15 00:00:00", "month", -13, "2022-12-15 00:00:00"],
  ["2024-01-15 00:00:00", "week", 2, "2024-01-29 00:00:00"],
  ["1969-12-31 23:00:00", "month", -1, "1969-11-30 23:00:00"],
])("%s moved by %s × %d", (from, unit, count, wanted) => {
  expect(new Date(shift(Date.parse(`${from}Z`), unit, count)).toISOString()).toBe(
    `${wanted.replace(" ", "T")}.000Z`,
  );
});

test.each<[Unit, string]>([
  ["minute", "1969-05-14 13:45:00"],
  ["hour", "1969-05-14 13:00:00"],
  ["day", "1969-05-14 00:00:00"],
  ["week", "1969-05-12 00:00:00"],
  ["month", "1969-05-01 00:00:00"],
  ["quarter", "1969-04-01 00:00:00"],
  ["year", "1969-01-01 00:00:00"],
])("the start of a %s, also before 1970", (unit, wanted) => {
  const start = startOf(Date.UTC(1969, 4, 14, 13, 45, 30), unit);
  expect(new Date(start).toISOString()).toBe(`${wanted.replace(" ", "T")}.000Z`);
});
