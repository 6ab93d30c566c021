import { dedupeEvents } from "../../host/src/triggers/dedupe";
import { backOnSchedule, nextPoll, nextRun, schedulesOf, timerEvent } from "../../host/src/triggers/schedule";

/** When a source is polled next, after polls that worked and after polls that failed. Times are in milliseconds. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const every = (seconds: number) => ({ intervalSeconds: seconds });
const hourly = { cron: "0 * * * *" };
const at = (text: string) => Date.parse(`2026-03-10T${text}Z`);
const clock = (time: number) => new Date(time).toISOString().slice(11, 19);

describe("a poll that worked", () => {
  test.each([
    ["just in time", 0, 60_000],
    ["a little late", 500, 60_000],
    ["one grid point late", 60_000, 120_000],
    ["just before a grid point", 119_999, 120_000],
    ["many late", 605_000, 660_000],
    ["early, as by hand", -1, 0],
  ])("%s is followed by the next point of the grid", (_when, now, next) => {
    expect(nextRun(every(60), 0, now)).toBe(next);
    expect(nextPoll(every(60), 0, now, 0)).toBe(next);
  });
  test("stays on the grid that its own first time stands on", () => {
    expect(nextRun(every(60), 10_000, 75_000)).toBe(130_000);
    expect(nextRun(every(60), 10_000, 10_000)).toBe(70_000);
    expect(nextPoll(every(60), 10_000, 75_000, 6)).toBe(190_000);
    expect(nextPoll(every(400), 10_000, 20_000, 10)).toBe(810_000);
  });
  test("an interval below a second counts as one, and a broken one is rounded", () => {
    expect(nextRun(every(0.2), 0, 0)).toBe(1000);
    expect(nextRun(every(1.5004), 0, 0)).toBe(1500);
    expect(nextRun(every(1.5005), 0, 0)).toBe(1501);
  });
  test("by cron comes at the next time of its zone that is not now", () => {
    expect(clock(nextRun(hourly, at("10:00:00"), at("10:00:00")))).toBe("11:00:00");
    expect(clock(nextRun(hourly, at("10:00:00"), at("09:59:59")))).toBe("10:00:00");
    expect(clock(nextRun({ cron: "30 * * * *", timezone: "Asia/Kolkata" }, 0, at("10:10:00")))).toBe(
      "11:00:00",
    );
  });
});

describe("polls that failed", () => {
  test("come ever less often: two seconds, four, … and never more than a quarter of an hour apart", () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 50].map(
      (failures) => nextPoll(every(1), 0, 0, failures) / SECOND,
    );
    expect(waits).toEqual([3, 5, 9, 17, 33, 65, 129, 257, 513, 900, 900, 900]);
  });
  test("stay on the grid of their schedule", () => {
    for (const failures of [1, 3, 6, 8])
      for (const now of [0, 1, 29_000, 61_234])
        expect(nextPoll(every(30), 0, now, failures) % 30_000).toBe(0);
  });
  test("come no sooner than their schedule says", () => {
    expect(nextPoll(every(300), 0, 10, 1)).toBe(300_000);
    expect(nextPoll(every(3600), 0, 0, 10)).toBe(3_600_000);
    expect(nextPoll(every(60), 0, 0, 5)).toBe(60_000);
    expect(nextPoll(every(60), 0, 0, 6)).toBe(120_000);
  });
  test("come at the last point of the grid within the quarter of an hour, where the next one lies behind it", () => {
    expect(nextPoll(every(400), 0, 0, 10)).toBe(800_000);
    expect(nextPoll(every(400), 0, 100_000, 10)).toBe(800_000);
    expect(nextPoll(every(700), 0, 0, 10)).toBe(700_000);
    expect(nextPoll(every(450), 0, 0, 10)).toBe(900_000);
  });
  test("by cron likewise", () => {
    const minutely = { cron: "* * * * *" };
    expect(clock(nextPoll(minutely, at("10:00:00"), at("10:00:10"), 1))).toBe("10:01:00");
    expect(clock(nextPoll(minutely, at("10:00:00"), at("10:00:10"), 7))).toBe("10:03:00");
    expect(clock(nextPoll({ cron: "*/10 * * * *" }, at("10:00:00"), at("10:00:10"), 10))).toBe("10:10:00");
    expect(clock(nextPoll(hourly, at("10:00:00"), at("10:00:10"), 10))).toBe("11:00:00");
  });
});

describe("a trigger whose next time was put off, once polls work again", () => {
  test("is due at the first point of its grid, where that is to come", () => {
    expect(backOnSchedule(every(60), 10 * MINUTE, 9.5 * MINUTE)).toBe(10 * MINUTE);
    expect(backOnSchedule(every(60), 10 * MINUTE, 5.5 * MINUTE)).toBe(6 * MINUTE);
    expect(backOnSchedule(every(60), 10 * MINUTE, 5 * MINUTE)).toBe(6 * MINUTE);
    expect(backOnSchedule(every(60), 10 * MINUTE, 11 * MINUTE)).toBe(10 * MINUTE);
    expect(clock(backOnSchedule(hourly, at("15:00:00"), at("10:20:00")))).toBe("11:00:00");
  });
});

describe("the schedule of a source", () => {
  const timer = { name: "timer", type: "$.interface.timer" };
  test("that is missing or of another kind is refused by the prop's name", () => {
    expect(() => schedulesOf([timer], {})).toThrow(/^timer /);
    expect(() => schedulesOf([timer], { timer: "60" })).toThrow(/^timer /);
    expect(schedulesOf([{ name: "other", type: "string" }], { timer: every(60) })).toEqual([]);
  });
  test("is told to the component with the time in both zones", () => {
    const now = Date.UTC(2026, 2, 10, 23, 5, 6, 789);
    expect(timerEvent({ cron: "* * * * *", timezone: "Asia/Kolkata" }, now)).toEqual({
      timestamp: Math.floor(now / 1000),
      cron: "* * * * *",
      timezone_configured: {
        timezone: "Asia/Kolkata",
        iso8601: { date: "2026-03-11", time: "04:35:06", timestamp: "2026-03-11T04:35:06" },
      },
      timezone_utc: {
        timezone: "UTC",
        iso8601: { date: "2026-03-10", time: "23:05:06", timestamp: "2026-03-10T23:05:06" },
      },
    });
    expect(timerEvent(null, 5999)).toEqual({ timestamp: 5 });
  });
});

describe("what a source emitted before", () => {
  const event = (id: string | undefined, ts?: number) => ({ payload: "1", id, ts });
  const ids = (events: { id?: string | undefined }[]) => events.map(({ id }) => id);

  test("without dedupe everything comes, also twice, and nothing is remembered", () => {
    const memory = { ids: ["a"] };
    const result = dedupeEvents(null, memory, [event("a"), event("a")]);
    expect(ids(result.events)).toEqual(["a", "a"]);
    expect(result.memory).toBe(memory);
  });
  test("greatest: numbers that rise, whatever stands between, and the highest is kept", () => {
    const first = dedupeEvents("greatest", {}, [
      event("5"),
      event("x"),
      event(undefined),
      event("5"),
      event("7"),
    ]);
    expect(ids(first.events)).toEqual(["5", "x", undefined, "7"]);
    expect(first.memory).toEqual({ greatest: 7 });
    expect(ids(dedupeEvents("greatest", first.memory, [event("7"), event("6"), event("8")]).events)).toEqual([
      "8",
    ]);
    expect(dedupeEvents("greatest", {}, [event("x")]).memory).toEqual({});
    expect(ids(dedupeEvents("greatest", {}, [event("-3"), event("-4")]).events)).toEqual(["-3"]);
  });
  test("last: what stands behind the last known one; its id is cut as ids are, and events without one keep it", () => {
    const long = "y".repeat(70);
    const first = dedupeEvents("last", {}, [event("a"), event(long)]);
    expect(first.memory).toEqual({ last: "y".repeat(64) });
    const second = dedupeEvents("last", first.memory, [
      event("b"),
      event(`${"y".repeat(64)}!`),
      event("c"),
      event(undefined),
    ]);
    expect(ids(second.events)).toEqual(["c", undefined]);
    expect(second.memory).toEqual({ last: "c" });
    expect(dedupeEvents("last", second.memory, [event(undefined)]).memory).toEqual({ last: "c" });
    expect(
      ids(dedupeEvents("last", { last: "a" }, [event("a"), event("b"), event("a"), event("z")]).events),
    ).toEqual(["z"]);
  });
  test("unique: an event without an id is no repetition, and is remembered by nothing", () => {
    const result = dedupeEvents("unique", {}, [event(undefined), event("a"), event(undefined)]);
    expect(ids(result.events)).toEqual([undefined, "a", undefined]);
    expect(result.memory).toEqual({ ids: ["a"] });
  });
  test("unique: the hundred newest ids, those that were left out not counted again", () => {
    const hundred = Array.from({ length: 100 }, (_, n) => event(`n${n}`));
    const { memory } = dedupeEvents("unique", {}, hundred);
    expect(memory.ids).toHaveLength(100);
    expect(dedupeEvents("unique", memory, [event("n0"), event("n99")])).toEqual({ events: [], memory });
    const next = dedupeEvents("unique", memory, [event("new"), event("n0"), event("n1")]);
    expect(ids(next.events)).toEqual(["new", "n0", "n1"]);
    expect(next.memory.ids).toEqual([...hundred.slice(3).map(({ id }) => id), "new", "n0", "n1"]);
  });
  test("are put in order by their time; one without a time comes last, ties as they came", () => {
    const given = [event("late", 9), event("none"), event("b", 1), event("a", 1)];
    expect(ids(dedupeEvents(null, {}, given).events)).toEqual(["b", "a", "late", "none"]);
    expect(ids(given)).toEqual(["late", "none", "b", "a"]);
  });
});
