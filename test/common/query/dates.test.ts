import fc from "fast-check";
import { dayBounds, formatDateTime, parseDateTime, where } from "../../../common";

describe("PS-17: dates", () => {
  it("are UTC unless a zone is named", () => {
    const date = new Date("2026-07-01T12:00:00Z");
    expect(formatDateTime(date)).toBe("2026-07-01 12:00:00");
    expect(formatDateTime(date, "Australia/Sydney")).toBe("2026-07-01 22:00:00");
    expect(String(where("x", { zone: "Australia/Sydney" }).greaterThan(date))).toBe("x>2026-07-01 22:00:00");
    expect(() => formatDateTime(date, "Nowhere/Land")).toThrow(/time zone/);
  });
  it("read back what they write, in any zone, but for the hour that a zone has twice", () => {
    const zones = fc.constantFrom(
      "UTC",
      "Europe/Berlin",
      "America/New_York",
      "Australia/Lord_Howe",
      "Asia/Kolkata",
      "Pacific/Apia",
    );
    fc.assert(
      fc.property(
        fc.date({ min: new Date("2000-01-01"), max: new Date("2040-01-01"), noInvalidDate: true }),
        zones,
        (date, zone) => {
          const seconds = Math.floor(date.getTime() / 1000) * 1000;
          const back = parseDateTime(formatDateTime(date, zone), zone)?.getTime() ?? NaN;
          expect([0, 1_800_000, 3_600_000]).toContain(seconds - back);
        },
      ),
      { numRuns: 2000 },
    );
  });
  it("of a skipped and of a doubled hour", () => {
    expect(parseDateTime("2026-03-29 02:30:00", "Europe/Berlin")?.toISOString()).toBe(
      "2026-03-29T01:30:00.000Z",
    );
    expect(parseDateTime("2026-10-25 02:30:00", "Europe/Berlin")?.toISOString()).toBe(
      "2026-10-25T00:30:00.000Z",
    );
  });
  it.each(["", "x", "2026-13-01", "2026-02-30", "2026-01-01 25:00:00", "01.02.2026"])(
    "refuses %j",
    (text) => {
      expect(parseDateTime(text)).toBeNull();
    },
  );
  it("a day is 23 or 25 hours long when the clocks change", () => {
    const hours = (day: string): number => {
      const { from, to } = dayBounds(day, "Europe/Berlin");
      return (to.getTime() + 1000 - from.getTime()) / 3_600_000;
    };
    expect([hours("2026-03-28"), hours("2026-03-29"), hours("2026-10-25")]).toEqual([24, 23, 25]);
    for (const none of ["tomorrow", "0050-01-01"]) expect(() => dayBounds(none)).toThrow(/YYYY-MM-DD/);
  });
});
