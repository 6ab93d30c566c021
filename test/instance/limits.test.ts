import { duringTests } from "../helpers/instance";
import { testInstance, type Answer, type Row } from "./client";
import { demo, password, token } from "./oauth";
import { present } from "../helpers/present";

const instance = duringTests(testInstance, { incidents: 10 });
afterEach(async () => {
  await instance.control("PUT", "faults", { faults: [] });
  await instance.control("POST", "clock", { real: true });
});

const page = "/api/now/table/incident?sysparm_limit=1";
const call = (as = "admin", headers: Record<string, string> = {}) =>
  instance.call("GET", page, { as, headers });
const slow = (delayMs: number) => instance.control("PUT", "faults", { faults: [{ delayMs }] });
const statuses = (answers: Answer[]): number[] => answers.map((answer) => answer.status).sort();

describe("rate limit rules", () => {
  const rule = (values: Row) =>
    instance.create<Record<string, string>>("sys_rate_limit_rules", {
      name: "r",
      rest_resource: "Table API",
      ...values,
    });
  const limitOf = async (as: string) => (await call(as)).headers.get("x-ratelimit-limit");

  test("a default instance has none and sends none of their headers", async () => {
    const names = [...(await call()).headers.keys()];
    expect(names.filter((name) => name.includes("ratelimit"))).toEqual([]);
  });

  test("a user's rule comes before his roles', and these before everybody's; of several roles the lowest counts", async () => {
    const user = await instance.rows<{ sys_id: string }>("sys_user", "user_name=sydney");
    const roles = await instance.rows<{ sys_id: string; name: string }>(
      "sys_user_role",
      "nameINitil,snc_internal,admin",
    );
    const role = (name: string) => present(roles.find((row) => row.name === name)).sys_id;
    const made = [
      await rule({ type: "all", request_limit_per_hour: 1000 }),
      await rule({ type: "role", role: role("itil"), request_limit_per_hour: 500 }),
      await rule({ type: "role", role: role("snc_internal"), request_limit_per_hour: 600 }),
      await rule({ type: "user", user: present(user[0]).sys_id, request_limit_per_hour: 700 }),
    ];
    expect(await limitOf("norole")).toBe("1000");
    expect(await limitOf("employee")).toBe("600");
    expect(await limitOf("itil")).toBe("500");
    expect(await limitOf("sydney")).toBe("700");
    expect((await call("sydney")).headers.get("x-ratelimit-rule")).toBe(present(made[3]).sys_id);
    // Another API is another resource.
    const stats = await instance.call("GET", "/api/now/stats/incident?sysparm_count=true", { as: "sydney" });
    expect(stats.headers.get("x-ratelimit-limit")).toBeNull();
    for (const { sys_id } of made)
      await instance.update("sys_rate_limit_rules", present(sys_id), { active: "false" });
    expect(await limitOf("sydney")).toBeNull();
  });
});

describe("transaction quota", () => {
  test.each([
    ["/api/now/table/incident", { transactionQuotaSeconds: 5 }],
    ["/api/now/stats/incident?sysparm_count=true", { transactionQuotaSeconds: 5 }],
    ["/api/now/attachment", { transactionQuotaSeconds: 5 }],
    ["/api/now/v1/batch", { batchQuotaSeconds: 5 }],
  ])("%s beyond its quota: 500", async (path, settings) => {
    await instance.control("PATCH", "config", settings);
    await slow(5001);
    const answer = await instance.call("GET", path);
    await instance.control("PATCH", "config", { transactionQuotaSeconds: 60, batchQuotaSeconds: 30 });
    expect([answer.status, answer.json()]).toEqual([
      500,
      {
        error: {
          detail:
            "Transaction cancelled: maximum execution time exceeded. Check logs for error trace or enable glide.rest.debug property to verify REST request processing",
          message: "Transaction cancelled: maximum execution time exceeded",
        },
        status: "failure",
      },
    ]);
  });
});

describe("semaphores and sessions", () => {
  test("semaphores and semaphoreQueue: what finds no place in the queue gets 429 at once", async () => {
    await instance.control("PATCH", "config", { semaphores: 2, semaphoreQueue: 3 });
    await slow(200);
    const answers = await Promise.all(Array.from({ length: 8 }, () => call()));
    expect(statuses(answers)).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    const refused = present(answers.find((answer) => answer.status === 429));
    expect(refused.headers.get("retry-after")).toBeNull();
    expect(refused.json()).toMatchObject({ status: "failure" });
    // All places are free again afterwards.
    expect(statuses(await Promise.all(Array.from({ length: 5 }, () => call())))).toEqual([
      200, 200, 200, 200, 200,
    ]);
    await instance.control("PATCH", "config", { semaphores: 0, semaphoreQueue: 50 });
  });

  test("sessionQueue: calls of one session run one by one, beyond the queue they get 202", async () => {
    const cookie = (await call()).headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    await instance.control("PATCH", "config", { sessionQueue: 2 });
    await slow(100);
    const started = Date.now();
    const answers = await Promise.all(Array.from({ length: 5 }, () => call("admin", { cookie })));
    expect(statuses(answers)).toEqual([200, 200, 200, 202, 202]);
    expect(Date.now() - started).toBeGreaterThanOrEqual(290);
    // Calls without the cookie have sessions of their own.
    expect(statuses(await Promise.all(Array.from({ length: 5 }, () => call())))).toEqual([
      200, 200, 200, 200, 200,
    ]);
    await instance.control("PATCH", "config", { sessionQueue: 0 });
  });
});

describe("what a client cannot see", () => {
  test("afterWork: a time-out is told although the record was committed", async () => {
    await instance.control("PUT", "faults", {
      faults: [
        { match: { method: "POST" }, status: 500, body: { error: "timeout" }, afterWork: true, count: 1 },
      ],
    });
    const answer = await instance.call("POST", "/api/now/table/incident", {
      body: { short_description: "was made" },
    });
    expect([answer.status, answer.json()]).toEqual([500, { error: "timeout" }]);
    expect(await instance.rows("incident", "short_description=was made")).toHaveLength(1);
  });

  test("dateSkewSeconds moves the Date header of an answer", async () => {
    await instance.control("POST", "clock", { set: "2026-05-01 10:00:00", freeze: true });
    await instance.control("PUT", "faults", { faults: [{ dateSkewSeconds: -90, count: 1 }] });
    expect((await call()).headers.get("date")).toBe("Fri, 01 May 2026 09:58:30 GMT");
    expect((await call()).headers.get("date")).toBe("Fri, 01 May 2026 10:00:00 GMT");
  });

  test('revokeToken "grant" ends the refresh token as well', async () => {
    const { body } = await token(instance, { ...demo, ...password });
    await instance.control("PUT", "faults", { faults: [{ revokeToken: "grant", count: 1 }] });
    const refused = await call("admin", { authorization: `Bearer ${body.access_token}` });
    expect(refused.status).toBe(401);
    const refresh = { ...demo, grant_type: "refresh_token", refresh_token: present(body.refresh_token) };
    expect((await token(instance, refresh)).status).toBe(401);
  });

  test("commitDelaySeconds for every write", async () => {
    await instance.control("POST", "clock", { set: "2026-05-01 10:00:00", freeze: true });
    await instance.control("PATCH", "config", { commitDelaySeconds: 10 });
    await instance.create("incident", { short_description: "comes late" });
    await instance.control("PATCH", "config", { commitDelaySeconds: 0 });
    const found = () => instance.rows("incident", "short_description=comes late");
    expect(await found()).toHaveLength(0);
    await instance.control("POST", "clock", { advanceSeconds: 10 });
    expect(await found()).toHaveLength(1);
  });

  test("a key that a fault does not know is refused by name", async () => {
    await expect(instance.control("PUT", "faults", { faults: [{ dealyMs: 1 }] })).rejects.toThrow(
      'there is no key \\"dealyMs\\"',
    );
  });
});
