import { stamp } from "../../../instance/src/clock/time";
import {
  now,
  incidents,
  comparisons,
  find,
  expectFound,
  type Incident,
  type Plain,
  type Test,
} from "./evaluation";

describe("times", () => {
  const stamps = ["2026-03-08 07:00:00", "2025-11-02 06:00:00", "2026-03-10 15:20:30"];

  test.each(Object.entries(comparisons))("compare in UTC, whatever the zone: %s", (operator, holds) => {
    for (const wanted of stamps)
      for (const zone of ["UTC", "Australia/Sydney"])
        expectFound(
          `opened_at${operator}${wanted}`,
          ({ opened_at: value }) => value !== null && holds(value, wanted),
          zone,
        );
  });

  test("ranges hold both ends; what is no time is in none", () => {
    const [low = "", high = ""] = ["2026-03-08 07:00:00", "2026-03-10 15:20:30"];
    expectFound(
      `opened_atBETWEEN${low}@${high}`,
      ({ opened_at: value }) => value !== null && value >= low && value <= high,
    );
    expectFound(`opened_atBETWEENx@${high}`, () => false);
    expectFound("opened_at>yesterday", () => false);
  });

  test("a date stands for its midnight in UTC", () => {
    expectFound(
      "opened_at>=2026-03-08",
      ({ opened_at: value }) => value !== null && value >= "2026-03-08 00:00:00",
    );
  });

  /** The day that a wall calendar of the zone shows. */
  const dayIn = (zone: string, value: string): string =>
    new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    }).format(Date.parse(`${value}Z`));
  const zones = ["UTC", "America/New_York", "Australia/Sydney", "Asia/Kolkata"];

  test.each(zones)("a day is the user's own, also where clocks change: %s", (zone) => {
    for (const day of [
      "2026-03-07",
      "2026-03-08",
      "2026-03-09",
      "2025-11-01",
      "2025-11-02",
      "2026-04-05",
      "2025-10-05",
    ]) {
      expectFound(
        `opened_atON${day}`,
        ({ opened_at: value }) => value !== null && dayIn(zone, value) === day,
        zone,
      );
      expectFound(
        `opened_atNOTON${day}`,
        ({ opened_at: value }) => value !== null && dayIn(zone, value) !== day,
        zone,
      );
    }
    const today = dayIn(zone, stamp(now));
    expectFound(
      "opened_atONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()",
      ({ opened_at: value }) => value !== null && dayIn(zone, value) === today,
      zone,
    );
  });

  const clocks = new Map(
    zones.map((zone) => [
      zone,
      new Intl.DateTimeFormat("en-US", {
        timeZone: zone,
        hourCycle: "h23",
        year: "numeric",
        month: "numeric",
        day: "numeric",
        hour: "numeric",
        minute: "numeric",
        second: "numeric",
      }),
    ]),
  );
  /** Local time of the zone as if it were UTC. */
  const localIn = (zone: string, at: number): number => {
    const parts = clocks.get(zone)?.formatToParts(at) ?? [];
    const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
    return Date.UTC(
      part("year"),
      part("month") - 1,
      part("day"),
      part("hour"),
      part("minute"),
      part("second"),
    );
  };
  /** The first moment at which the zone's clocks show a local time, found by trying every quarter of an hour. */
  const momentOf = (zone: string, local: number): number => {
    for (let guess = local - 15 * 3_600_000; guess <= local + 15 * 3_600_000; guess += 900_000)
      if (localIn(zone, guess) === local) return guess;
    throw new Error("clocks skip this time");
  };
  const months = { month: 1, quarter: 3, year: 12 } as const;
  const lengths = {
    minute: 60_000,
    hour: 3_600_000,
    day: 86_400_000,
    dayofweek: 86_400_000,
    week: 604_800_000,
  } as const;
  const signs: Record<string, Test<Plain>> = {
    GT: (a, b) => a > b,
    GE: (a, b) => a >= b,
    LT: (a, b) => a < b,
    LE: (a, b) => a <= b,
  };
  const movedBy = (local: number, unit: string, count: number): number => {
    if (unit in lengths) return local + lengths[unit as keyof typeof lengths] * count;
    const date = new Date(local);
    const day = date.getUTCDate();
    date.setUTCDate(1);
    date.setUTCMonth(date.getUTCMonth() + months[unit as keyof typeof months] * count);
    const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    date.setUTCDate(Math.min(day, last));
    return date.getTime();
  };

  test.each([...Object.keys(lengths), ...Object.keys(months)])("relative to now, by %s", (unit) => {
    for (const zone of zones)
      for (const [comparison, holds] of Object.entries(signs))
        for (const direction of ["ago", "ahead"])
          for (const count of [0, 1, 2]) {
            const bound = stamp(
              momentOf(zone, movedBy(localIn(zone, now), unit, direction === "ago" ? -count : count)),
            );
            expectFound(
              `opened_atRELATIVE${comparison}@${unit}@${direction}@${count}`,
              ({ opened_at: value }) => value !== null && holds(value, bound),
              zone,
            );
          }
  });

  test("what the filter builder writes for days: its dayofweek counts days", () => {
    for (const zone of zones) {
      const bound = stamp(momentOf(zone, localIn(zone, now) - 30 * 86_400_000));
      const older = ({ opened_at: value }: Incident) => value !== null && value < bound;
      expectFound("opened_atRELATIVELT@dayofweek@ago@30", older, zone);
      expectFound(
        "opened_atRELATIVEGE@dayofweek@ago@30",
        (row) => row.opened_at !== null && !older(row),
        zone,
      );
      const ahead = stamp(momentOf(zone, localIn(zone, now) + 30 * 86_400_000));
      expectFound(
        "opened_atRELATIVEGT@dayofweek@ahead@30",
        ({ opened_at: value }) => value !== null && value > ahead,
        zone,
      );
    }
  });

  test("within a unit: the hour or day that many units away", () => {
    for (const zone of zones) {
      const local = localIn(zone, now);
      for (const count of [0, 1, 2]) {
        const day = new Date(local - count * 86_400_000).toISOString().slice(0, 10);
        for (const unit of ["day", "dayofweek"])
          expectFound(
            `opened_atRELATIVEEE@${unit}@ago@${count}`,
            ({ opened_at: value }) => value !== null && dayIn(zone, value) === day,
            zone,
          );
      }
    }
  });

  test.each([
    "RELATIVEGT@fortnight@ago@1",
    "RELATIVEGT@day@since@1",
    "RELATIVEGT@day@ago@x",
    "RELATIVEGT@day@ago@",
    "RELATIVEGT@day@ago@-1",
    "RELATIVEGT@day@ago@1.5",
    "RELATIVEGT@toString@ago@1",
    "ONfoo",
    "DATEPARTMonday",
    "DATEPARTMonday@javascript:gs.datePart('century','1','EE')",
    "DATEPARTMonday@javascript:gs.datePart('dayofweek','monday','XX')",
    "DATEPARTMonday@javascript:gs.datePart('year','soon','EE')",
    "BETWEENjavascript:gs.nope()@2026-01-01",
    ">javascript:gs.include('x')",
    "MORETHANwork_start@day@beside@1",
    "MORETHANnot_there@day@before@1",
    "SAMEASnot_there",
    "MATCH_PATx",
    "VALCHANGES",
    "CHANGESFROMx",
  ])("what makes no sense is dropped: opened_at%s", (rest) => {
    const { ids, dropped } = find(`opened_at${rest}`);
    expect(dropped).toEqual([`opened_at${rest}`]);
    expect(ids).toHaveLength(incidents.length);
  });

  const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
  test.each(["UTC", "America/New_York"])("parts of the calendar, at the offset of now: %s", (zone) => {
    const offset = localIn(zone, now) - now;
    const parts: [string, string[], (date: Date) => number, (text: string) => number][] = [
      ["dayofweek", weekdays, (date) => date.getUTCDay(), (text) => weekdays.indexOf(text)],
      [
        "month",
        ["march", "october", "nov"],
        (date) => date.getUTCMonth() + 1,
        (text) => (["march", "october", "nov"].indexOf(text) === 0 ? 3 : text === "october" ? 10 : 11),
      ],
      ["quarter", ["1", "2", "4"], (date) => Math.floor(date.getUTCMonth() / 3) + 1, Number],
      ["year", ["2025", "2026"], (date) => date.getUTCFullYear(), Number],
      ["hour", ["0", "7", "23"], (date) => date.getUTCHours(), Number],
      ["dayofmonth", ["1", "8", "31"], (date) => date.getUTCDate(), Number],
    ];
    const all: Record<string, Test<Plain>> = { ...signs, EE: (a, b) => a === b };
    for (const [part, values, read, number] of parts)
      for (const value of values)
        for (const [comparison, holds] of Object.entries(all))
          expectFound(
            `opened_atDATEPART${value}@javascript:gs.datePart('${part}','${value}','${comparison}')`,
            ({ opened_at: at }) =>
              at !== null && holds(read(new Date(Date.parse(`${at}Z`) + offset)), number(value)),
            zone,
          );
  });
});
