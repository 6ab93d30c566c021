import { dedupeEvents, type DedupeMemory } from "../../host/src/triggers/dedupe";
import { nextRun, schedulesOf, timerEvent } from "../../host/src/triggers/schedule";
import type { Dedupe, EmittedEvent } from "../../host/src/execution/protocol";
import { redactor, secretsOf } from "../../host/src/execution/redact";
import { loadEncryption, Encryption } from "../../host/src/encryption";

const event = (id: string | undefined, ts?: number): EmittedEvent => ({ payload: `"${id}"`, id, ts });
/** Ids that come through, slice after slice. */
function through(mode: Dedupe, ...slices: EmittedEvent[][]): (string | undefined)[][] {
  let memory: DedupeMemory = {};
  return slices.map((slice) => {
    const result = dedupeEvents(mode, memory, slice);
    memory = result.memory;
    return result.events.map(({ id }) => id);
  });
}

describe("dedupe", () => {
  test("unique emits an id once, compared by its first 64 characters", () => {
    const long = "x".repeat(64);
    expect(
      through(
        "unique",
        [event("a"), event("b"), event("a")],
        [event("b"), event(`${long}1`), event(`${long}2`)],
      ),
    ).toEqual([["a", "b"], [`${long}1`]]);
  });
  test("unique remembers a hundred ids, the oldest goes first", () => {
    const many = Array.from({ length: 100 }, (_, at) => event(`n${at}`));
    expect(through("unique", [event("first")], many, [event("n50"), event("first")])[2]).toEqual(["first"]);
  });
  test("greatest emits what is higher than all before", () => {
    expect(through("greatest", [event("3"), event("2"), event("10")], [event("9"), event("11")])).toEqual([
      ["3", "10"],
      ["11"],
    ]);
  });
  test("last emits what comes after the newest of before, and all when it is not there", () => {
    const list = (...ids: string[]): EmittedEvent[] => ids.map((id) => event(id));
    expect(through("last", list("1", "2"), list("1", "2", "3"), list("7", "8"))).toEqual([
      ["1", "2"],
      ["3"],
      ["7", "8"],
    ]);
  });
  test("events with a time are ordered from oldest to newest, others stay as they came", () => {
    expect(through(null, [event("b", 2), event("a", 1), event("c", 2)])).toEqual([["a", "b", "c"]]);
    expect(through(null, [event("b"), event("a")])).toEqual([["b", "a"]]);
  });
  test("an event without an id is emitted each time", () => {
    expect(through("unique", [event(undefined)], [event(undefined)])).toEqual([[undefined], [undefined]]);
  });
});

describe("a schedule", () => {
  const timer = { name: "timer", type: "$.interface.timer", default: { intervalSeconds: 900 } };
  test("comes from the author's fixed value, the configured one, or the default", () => {
    expect(schedulesOf([timer], {})).toEqual([{ intervalSeconds: 900 }]);
    expect(schedulesOf([timer], { timer: { cron: "0 9 * * 1", timezone: "Europe/Berlin" } })).toEqual([
      { cron: "0 9 * * 1", timezone: "Europe/Berlin" },
    ]);
    expect(
      schedulesOf([{ ...timer, static: { intervalSeconds: 60 } }], { timer: { intervalSeconds: 5 } }),
    ).toEqual([{ intervalSeconds: 60 }]);
    expect(schedulesOf([], {})).toEqual([]);
    const nightly = { name: "nightly", type: "$.interface.timer", optional: true };
    expect(schedulesOf([timer, nightly], { nightly: { cron: "0 2 * * *" } })).toEqual([
      { intervalSeconds: 900 },
      { cron: "0 2 * * *" },
    ]);
    expect(schedulesOf([timer, nightly], {})).toEqual([{ intervalSeconds: 900 }]);
  });
  test.each([
    [{ cron: "61 * * * *" }, /cron expression "61/],
    [{ cron: "0 0 30 2 *" }, /cannot be read/],
    [{ cron: "*/5" }, /has one field; it takes five fields/],
    [{ cron: "* * * * * *" }, /has 6 fields; it takes five fields/],
    [{ cron: "*/5", timezone: "Mars/Base" }, /names the time zone "Mars\/Base", which does not exist/],
    [{ cron: "* * * * *", timezone: 2 }, /timezone a text such as "Europe\/Berlin", and has 2/],
    [{ intervalSeconds: 0 }, /from 1 to 31622400 \(366 days\), and has 0/],
    [{ intervalSeconds: -5 }, /and has -5/],
    [{ intervalSeconds: 1e13 }, /and has 10000000000000/],
    [{ intervalSeconds: true }, /and has true/],
    [{ intervalSeconds: [5] }, /and has a list/],
    [{}, /has neither/],
    ["60", /and is "60"/],
  ])("%j is refused", (value, words) => {
    expect(() => schedulesOf([timer], { timer: value })).toThrow(words);
  });
  test.each(["", "  "])("with the zone %j is read in UTC, also where it was stored before", (timezone) => {
    const cron = "0 9 * * *";
    expect(schedulesOf([timer], { timer: { cron, timezone } })).toEqual([{ cron }]);
    expect(nextRun({ cron, timezone }, 0, 0)).toBe(9 * 3600_000);
    expect(timerEvent({ cron, timezone }, 0)).toMatchObject({ timezone_configured: { timezone: "UTC" } });
  });
  test("with blanks around its parts is taken as meant, and a broken interval stays on whole milliseconds", () => {
    expect(schedulesOf([timer], { timer: { cron: " 0 9 * * 1 ", timezone: " Europe/Berlin " } })).toEqual([
      { cron: "0 9 * * 1", timezone: "Europe/Berlin" },
    ]);
    expect(nextRun({ intervalSeconds: 1.00005 }, 0, 0)).toBe(1000);
  });
  test("keeps its grid: a late poll shifts none, missed ones are left out, one by hand changes nothing", () => {
    const minute = { intervalSeconds: 60 };
    expect(nextRun(minute, 0, 1000)).toBe(60_000);
    expect(nextRun(minute, 0, 190_000)).toBe(240_000);
    expect(nextRun(minute, 500_000, 190_000)).toBe(500_000);
  });
  test("of cron is read in its time zone, across daylight saving", () => {
    const nine = { cron: "0 9 * * *", timezone: "Europe/Berlin" };
    const after = Date.parse("2026-03-28T08:00:00Z");
    expect(new Date(nextRun(nine, after, after)).toISOString()).toBe("2026-03-29T07:00:00.000Z");
  });
  test("gives the event that components look at", () => {
    expect(timerEvent({ intervalSeconds: 60 }, 5500)).toEqual({ timestamp: 5, interval_seconds: 60 });
    expect(timerEvent({ cron: "* * * * *" }, 5500)).toMatchObject({
      timestamp: 5,
      cron: "* * * * *",
      timezone_utc: { timezone: "UTC" },
    });
  });
});

describe("secrets", () => {
  test("are masked however they are written, and short or open values are left alone", () => {
    const secret = 'a"b/c+d e';
    const mask = redactor([secret, "ab"]);
    for (const form of [
      secret,
      JSON.stringify(secret),
      encodeURIComponent(secret),
      Buffer.from(secret).toString("base64"),
    ])
      expect(mask(`x ${form} y`)).not.toContain(form.replaceAll('"', ""));
    expect(mask("ab stays")).toBe("ab stays");
    expect(mask("authorization: Bearer abcdefghijklmnopqrstuvwxyz")).toBe("authorization: Bearer ********");
  });
  test("are found in an $auth by their names", () => {
    expect(
      secretsOf({ host: "db.example", api_key: "k1", password: "p1", oauth_access_token: "t1" }),
    ).toEqual(["k1", "p1", "t1"]);
  });
  test("open only where they were sealed, and with the key they were sealed with", () => {
    const encryption = loadEncryption("B5aDSud4rVSV71ADH2cw0Dj53yUGbiwM2cZXMrFUptE=", "/nowhere");
    const sealed = encryption.encrypt({ token: "t" }, "account 1");
    expect(sealed).not.toContain("token");
    expect(encryption.decrypt(sealed, "account 1")).toEqual({ token: "t" });
    expect(() => encryption.decrypt(sealed, "account 2")).toThrow(/cannot be decrypted/);
    expect(() => new Encryption(Buffer.alloc(32)).decrypt(sealed, "account 1")).toThrow(/encryption key/);
    expect(() => loadEncryption("short", "/nowhere")).toThrow(/exactly 32 bytes/);
  });
});
