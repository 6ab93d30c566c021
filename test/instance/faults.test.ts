import { duringTests } from "../helpers/instance";
import { buildInstance } from "../../instance/src/build";
import { testInstance } from "./client";
import { demo, password, token } from "./oauth";
import { present } from "../helpers/present";

const instance = duringTests(testInstance, { incidents: 30 });
afterEach(async () => {
  await instance.control("PUT", "faults", { faults: [] });
  await instance.control("POST", "clock", { real: true });
});

const plan = (...faults: object[]) => instance.control("PUT", "faults", { faults });
const get = (query = "sysparm_limit=5") => instance.call("GET", `/api/now/table/incident?${query}`);

describe("the fault plan", () => {
  test("status with headers and body, by count and after", async () => {
    await plan({
      match: { method: "GET" },
      after: 1,
      count: 1,
      status: 429,
      headers: { "Retry-After": "7" },
      body: { error: "slow down" },
    });
    const statuses = [(await get()).status, (await get()).status, (await get()).status];
    expect(statuses).toEqual([200, 429, 200]);
    expect((await instance.control("GET", "state")).faults).toEqual([{ id: "fault-1", seen: 3, struck: 1 }]);
  });

  test("a share of the requests, the same ones every time", async () => {
    const run = async (): Promise<number[]> => {
      await instance.control("PUT", "faults", { faults: [{ share: 0.5, status: 503 }], seed: 5 });
      const statuses = [];
      for (let at = 0; at < 12; at += 1) statuses.push((await get("sysparm_limit=1")).status);
      return statuses;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set([200, 503]));
    expect(await run()).toEqual(first);
  });

  test.each(["before", "during", "after"])("a reset %s the commit", async (reset) => {
    await plan({ match: { method: "POST" }, count: 1, reset });
    await expect(instance.create("incident", { short_description: `reset ${reset}` })).rejects.toThrow(
      /fetch failed|terminated/,
    );
    const rows = await instance.rows("incident", `short_description=reset ${reset}`);
    expect(rows).toHaveLength(reset === "before" ? 0 : 1);
  });

  test("a body that is cut off, and the broken 200 of 6.2", async () => {
    await plan({ cutAfterBytes: 100, count: 1 });
    const cut = await get();
    expect([cut.status, cut.text.length]).toEqual([200, 100]);
    await plan({ brokenQuota: true, count: 1 });
    const broken = await get();
    expect(broken.status).toBe(200);
    expect(broken.text).toMatch(/^\{"result":\[.*,\],"error":\{"detail":"Transaction cancelled/s);
    expect(() => broken.json()).toThrow(/JSON/);
    await plan({ delayMs: 120_000, count: 1 });
    const late = await get();
    expect([late.status, late.text]).toEqual([
      500,
      expect.stringContaining("maximum execution time exceeded"),
    ]);
  });

  test("pages that are no answer", async () => {
    for (const [page, status, text] of [
      ["hibernation", 200, "Instance Hibernating page"],
      ["waking", 200, "Your instance is currently offline"],
      ["maintenance", 503, "maintenance"],
      ["login", 302, ""],
    ] as const) {
      await plan({ page });
      const answer = await get();
      expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(text)]);
    }
    await plan();
    await instance.control("PATCH", "config", { hibernating: true });
    const token = await fetch(`${instance.url}/oauth_token.do`, { method: "POST" });
    expect([token.status, token.headers.get("content-type")]).toEqual([200, "text/html;charset=UTF-8"]);
    await instance.control("PATCH", "config", { hibernating: false });
  });

  test("pages emptied as by row access, with the count unchanged", async () => {
    await plan({ match: { table: "incident" }, hideRows: 1, count: 1 });
    const answer = await get("sysparm_limit=5&sysparm_query=numberSTARTSWITHINC00000");
    expect([answer.result, answer.headers.get("x-total-count")]).toEqual([[], "30"]);
    expect(((await get()).result as unknown[]).length).toBe(5);
  });

  test("a share of the rows is hidden, the same ones for the same seed", async () => {
    const numbers = async (): Promise<string[]> => {
      await instance.control("PUT", "faults", { faults: [{ hideRows: 0.5 }], seed: 3 });
      const rows = await instance.rows<{ number: string }>("incident", "ORDERBYnumber");
      return rows.map((row) => row.number);
    };
    const first = await numbers();
    expect(first.length).toBeGreaterThan(5);
    expect(first.length).toBeLessThan(25);
    expect(await numbers()).toEqual(first);
  });

  test("a fault strikes only what fits its path, query, table, method and user", async () => {
    await plan(
      { id: "path", match: { path: "/stats/" }, status: 500 },
      { id: "query", match: { query: "sysparm_offset=5" }, status: 501 },
      { id: "table", match: { table: "problem", method: ["POST", "PATCH"] }, status: 502 },
      { id: "user", match: { user: "reader" }, status: 503 },
    );
    const status = async (method: string, path: string, as = "admin") =>
      (await instance.call(method, `/api/now/${path}`, { as, body: method === "POST" ? {} : undefined }))
        .status;
    expect([
      await status("GET", "table/incident?sysparm_limit=1"),
      await status("GET", "v1/stats/incident?sysparm_count=true"),
      await status("GET", "table/incident?sysparm_limit=1&sysparm_offset=5"),
      await status("GET", "table/problem?sysparm_limit=1"),
      await status("POST", "v2/table/problem"),
      await status("GET", "table/incident?sysparm_limit=1", "reader"),
    ]).toEqual([200, 500, 501, 200, 502, 503]);
  });

  test("the control endpoint is not there unless it was asked for", async () => {
    const built = buildInstance({ seed: "empty" });
    const url = await built.app.listen({ port: 0, host: "127.0.0.1" });
    const answer = await fetch(`${url}/control/faults`, { method: "PUT", body: "{}" });
    await answer.body?.cancel();
    await built.close();
    expect([answer.status, answer.headers.get("content-type")]).toEqual([404, "text/html;charset=UTF-8"]);
  });

  test("a token that is revoked in the middle", async () => {
    const { body } = await token(instance, { ...demo, ...password, username: "itil", password: "itil" });
    const call = () =>
      instance.call("GET", "/api/now/table/incident?sysparm_limit=1", {
        headers: { authorization: `Bearer ${body.access_token}` },
      });
    expect((await call()).status).toBe(200);
    await plan({ match: { user: "itil" }, count: 1, revokeToken: true });
    expect((await call()).status).toBe(401);
  });

  test("a pattern that is none is refused by name", async () => {
    await expect(plan({ id: "mine", match: { path: "(" } })).rejects.toThrow("Fault mine");
    await expect(instance.control("PATCH", "config", { nonsense: 1 })).rejects.toThrow("There is no switch");
  });
});

describe("late commits and clocks", () => {
  test("a late row appears N seconds after its timestamp, as it was answered", async () => {
    await instance.control("POST", "clock", { set: "2026-05-01 10:00:00", freeze: true });
    await plan({ match: { method: "POST" }, commitDelaySeconds: 30 });
    const row = await instance.create<Record<string, string>>("incident", { short_description: "late" });
    expect(row.sys_created_on).toBe("2026-05-01 10:00:00");
    expect(await instance.rows("incident", "short_description=late")).toHaveLength(0);
    await instance.control("POST", "clock", { advanceSeconds: 29 });
    expect(await instance.rows("incident", "short_description=late")).toHaveLength(0);
    await instance.control("POST", "clock", { advanceSeconds: 1 });
    expect(await instance.rows("incident", "short_description=late")).toEqual([
      expect.objectContaining({
        sys_id: row.sys_id,
        number: row.number,
        sys_updated_on: "2026-05-01 10:00:00",
      }),
    ]);
  });

  test("a late update shows the old version until then; a second write comes after the first", async () => {
    await instance.control("POST", "clock", { set: "2026-05-02 10:00:00", freeze: true });
    const { sys_id } = await instance.create<{ sys_id: string }>("incident", { short_description: "v0" });
    await plan({ match: { method: "PATCH" }, commitDelaySeconds: 30, count: 1 });
    expect(await instance.update("incident", sys_id, { short_description: "v1" })).toMatchObject({
      short_description: "v1",
      sys_mod_count: "1",
    });
    expect(await instance.rows("incident", `sys_id=${sys_id}`)).toMatchObject([
      { short_description: "v0", sys_mod_count: "0" },
    ]);
    await instance.control("POST", "clock", { advanceSeconds: 5 });
    expect(await instance.update("incident", sys_id, { description: "more" })).toMatchObject({
      short_description: "v1",
      sys_mod_count: "2",
      sys_updated_on: "2026-05-02 10:00:05",
    });
  });

  test("a skewed node stamps ahead of the Date header", async () => {
    await instance.control("POST", "clock", { set: "2026-05-03 10:00:00", freeze: true });
    await instance.control("PATCH", "config", { skewSeconds: 20 });
    const row = await instance.create<Record<string, string>>("incident", {});
    await instance.control("PATCH", "config", { skewSeconds: 0 });
    expect(row.sys_updated_on).toBe("2026-05-03 10:00:20");
    expect((await get()).headers.get("date")).toBe("Sun, 03 May 2026 10:00:00 GMT");
  });
});

describe("limits", () => {
  test("a rate limit rule for a user, with its headers", async () => {
    const [user] = await instance.rows<{ sys_id: string }>("sys_user", "user_name=reader");
    await instance.create("sys_rate_limit_rules", {
      name: "r",
      type: "user",
      user: present(user).sys_id,
      rest_resource: "Table API",
      request_limit_per_hour: 2,
    });
    const call = () => instance.call("GET", "/api/now/table/incident?sysparm_limit=1", { as: "reader" });
    await instance.control("POST", "clock", { set: "2026-05-04 10:30:00", freeze: true });
    expect((await call()).headers.get("x-ratelimit-limit")).toBe("2");
    await call();
    const refused = await call();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1800"]);
    expect(refused.json()).toEqual({
      error: {
        message: "Rate limit exceeded",
        detail: "Rate limit of 2 requests per hour for Table API exceeded",
      },
      status: "failure",
    });
    expect((await get()).headers.get("x-ratelimit-limit")).toBeNull();
    await instance.control("POST", "clock", { advanceSeconds: 1800 });
    expect((await call()).status).toBe(200);
  });
});
