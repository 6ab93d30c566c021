import { duringTests } from "../helpers/instance";
import { testInstance } from "./client";
import { demo, password, token } from "./oauth";
import { present } from "../helpers/present";

const instance = duringTests(testInstance, { incidents: 60 });

async function list(
  table: string,
  as: string,
  query = "",
): Promise<{ status: number; rows: number; total: string | null }> {
  const answer = await instance.call(
    "GET",
    `/api/now/table/${table}?sysparm_limit=20&sysparm_query=${encodeURIComponent(query)}`,
    { as },
  );
  return {
    status: answer.status,
    rows: answer.status === 200 ? (answer.result as unknown[]).length : 0,
    total: answer.headers.get("x-total-count"),
  };
}

describe("what different users see", () => {
  test.each([
    ["incident", "norole", 200, 0],
    ["incident", "reader", 200, 20],
    ["incident", "itil", 200, 20],
    ["incident", "admin", 200, 20],
    ["task", "norole", 200, 0],
    ["task", "itil", 200, 20],
    ["task", "admin", 200, 20],
    ["sys_db_object", "norole", 403, 0],
    ["sys_db_object", "reader", 403, 0],
    ["sys_db_object", "itil", 200, 20],
    ["sys_db_object", "admin", 200, 20],
    ["sys_dictionary", "norole", 200, 0],
    ["sys_dictionary", "reader", 200, 0],
    ["sys_dictionary", "itil", 200, 0],
    ["sys_dictionary", "admin", 200, 20],
    ["sys_choice", "norole", 200, 20],
    ["sys_choice", "reader", 200, 20],
    ["sys_choice", "itil", 200, 20],
    ["sys_choice", "admin", 200, 20],
    ["sys_properties", "norole", 200, 0],
    ["sys_properties", "reader", 200, 0],
    ["sys_properties", "itil", 200, 0],
    ["metric_instance", "norole", 403, 0],
    ["metric_instance", "reader", 403, 0],
    ["sys_history_line", "norole", 200, 0],
    ["sys_history_line", "itil", 200, 0],
    ["sys_audit_delete", "itil", 200, 0],
  ] as const)("%s as %s: %s with %s rows", async (table, as, status, rows) => {
    expect(await list(table, as)).toMatchObject({ status, rows });
  });

  test("task for who reads incidents holds incidents; state spans are for staff", async () => {
    const { sys_id } = await instance.create<{ sys_id: string }>("incident", {});
    expect((await list("task", "reader", `sys_id=${sys_id}`)).rows).toBe(1);
    for (const as of ["itil", "admin"])
      expect((await list("metric_instance", as, `id=${sys_id}`)).rows).toBe(1);
    await instance.call("DELETE", `/api/now/table/incident/${sys_id}`);
  });

  test("the administrator reads the properties", async () => {
    expect((await list("sys_properties", "admin")).rows).not.toBe(0);
  });

  test("who may query sys_choice sees all of it", async () => {
    const [row] = await instance.rows("sys_choice", "name=incident^element=state^value=1", {}, "itil");
    expect(row).toMatchObject({ label: "New", value: "1" });
  });

  test("sys_choice without a role shows labels only, and cannot be queried by name", async () => {
    const [row] = await instance.rows("sys_choice", "", { sysparm_limit: "1" }, "employee");
    expect(row).toHaveProperty("label");
    expect(row).not.toHaveProperty("element");
    const refused = await instance.call("GET", "/api/now/table/sys_choice?sysparm_query=name=incident", {
      as: "employee",
    });
    expect(refused.status).toBe(403);
    expect(refused.json()).toMatchObject({
      error: {
        message: "Insufficient rights to query records",
        detail: "Field(s) present in the query do not have permission to be read",
      },
    });
  });

  test("the count knows nothing of access", async () => {
    expect(await list("incident", "norole")).toMatchObject({ rows: 0, total: "60" });
  });

  test("people see what they opened or called about", async () => {
    await instance.create("incident", { short_description: "mine" }, "employee");
    expect(await list("incident", "employee", "short_description=mine")).toMatchObject({ rows: 1 });
  });
});

describe("rules of the configuration", () => {
  test("rows, columns, query and range rules", async () => {
    await instance.control("PATCH", "config", {
      acls: [
        { table: "incident", operation: "read", roles: ["itil"], condition: "priority!=5" },
        { table: "incident", operation: "read", field: "description", roles: ["admin"] },
        { table: "incident", operation: "query_range", field: "sys_updated_on", roles: ["admin"] },
      ],
    });
    const page = await list("incident", "itil", "ORDERBYnumber");
    expect(page.total).not.toBe(String(page.rows));
    expect(page.rows).toBeLessThan(20);
    const [row] = await instance.rows("incident", "ORDERBYnumber", {}, "itil");
    expect(row).not.toHaveProperty("description");
    expect(await list("incident", "itil", "descriptionLIKEx")).toMatchObject({ status: 403 });
    expect(await list("incident", "itil", "ORDERBYdescription")).toMatchObject({ status: 403 });
    expect(await list("incident", "itil", "sys_updated_on>2020-01-01 00:00:00")).toMatchObject({
      status: 403,
    });
    expect(await list("incident", "itil", "sys_updated_on=2020-01-01 00:00:00")).toMatchObject({
      status: 200,
    });
    await instance.control("PATCH", "config", { queryAcl: "drop", unreadableFields: "empty" });
    expect(await list("incident", "itil", "sys_updated_on>2999-01-01 00:00:00")).toMatchObject({
      total: "61",
    });
    const [shown] = await instance.rows("incident", "ORDERBYnumber", {}, "itil");
    expect(shown).toHaveProperty("description", "");
    await instance.control("PATCH", "config", { acls: [], queryAcl: "error", unreadableFields: "omit" });
  });

  test("a user cannot make himself administrator", async () => {
    const [me] = await instance.rows<{ sys_id: string }>("sys_user", "user_name=employee");
    const row = await instance.update<{ user_name: string; title: string }>(
      "sys_user",
      present(me).sys_id,
      { user_name: "root", title: "Boss" },
      "employee",
    );
    expect(row).toMatchObject({ user_name: "employee", title: "Boss" });
    const grant = await instance.call("POST", "/api/now/table/sys_user_has_role", {
      as: "employee",
      body: { user: present(me).sys_id },
    });
    expect(grant.status).toBe(403);
  });
});

describe("basic auth and its gate", () => {
  const asked = (headers: Record<string, string>) =>
    instance.call("GET", "/api/now/table/incident?sysparm_limit=1", { headers });

  test("the gate refuses interactive users as if the password were wrong, and lets integrations in", async () => {
    await instance.control("PATCH", "config", { basicAuthGate: true });
    const refused = await asked({ authorization: `Basic ${Buffer.from("itil:itil").toString("base64")}` });
    const wrong = await asked({ authorization: `Basic ${Buffer.from("itil:wrong").toString("base64")}` });
    const same = ({ headers }: typeof refused) =>
      [...headers].filter(([name]) => !["x-transaction-id", "date"].includes(name));
    expect([refused.status, refused.text, same(refused)]).toEqual([wrong.status, wrong.text, same(wrong)]);
    expect(refused.status).toBe(401);
    expect((await list("incident", "integration")).status).toBe(200);
    await instance.control("PATCH", "config", { basicAuthGate: false });
  });

  test("the role snc_basic_auth_api_access opens it, and bearer tokens pass it", async () => {
    const { body } = await token(instance, { ...demo, ...password, username: "itil", password: "itil" });
    await instance.control("PATCH", "config", { basicAuthGate: true });
    expect((await asked({ authorization: `Bearer ${body.access_token}` })).status).toBe(200);
    await instance.control("PATCH", "config", { basicAuthGate: false });
    const [user] = await instance.rows<{ sys_id: string }>("sys_user", "user_name=itil");
    const [role] = await instance.rows<{ sys_id: string }>("sys_user_role", "name=snc_basic_auth_api_access");
    const grant = await instance.create<{ sys_id: string }>("sys_user_has_role", {
      user: present(user).sys_id,
      role: present(role).sys_id,
    });
    await instance.control("PATCH", "config", { basicAuthGate: true });
    expect((await list("incident", "itil")).status).toBe(200);
    await instance.control("PATCH", "config", { basicAuthGate: false });
    await instance.call("DELETE", `/api/now/table/sys_user_has_role/${grant.sys_id}`);
  });
});

describe("keys and sessions", () => {
  const key = (more: Record<string, string>) =>
    instance.call("GET", "/api/now/table/incident?sysparm_limit=1", {
      headers: { authorization: "", ...more },
    });

  test("an API key acts as its user until it ends", async () => {
    const [user] = await instance.rows<{ sys_id: string }>("sys_user", "user_name=itil");
    await instance.control("POST", "clock", { set: "2026-05-01 10:00:00", freeze: true });
    await instance.create("api_key", {
      name: "k",
      token: "key-123",
      user: present(user).sys_id,
      expires: "2026-05-01 11:00:00",
    });
    expect((await key({ "x-sn-apikey": "key-123" })).status).toBe(200);
    expect((await key({ "x-sn-apikey": "key-124" })).status).toBe(401);
    await instance.control("POST", "clock", { advanceSeconds: 3600 });
    expect((await key({ "x-sn-apikey": "key-123" })).status).toBe(401);
    await instance.control("POST", "clock", { real: true });
  });

  test("a cookie alone needs the user token that a refusal tells, and ends after half an hour", async () => {
    const cookie = (await instance.call("GET", "/api/now/table/incident?sysparm_limit=1")).headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    const refused = await key({ cookie });
    expect(refused.status).toBe(401);
    const userToken = present(refused.headers.get("x-usertoken-response"));
    expect((await key({ cookie, "X-UserToken": userToken })).status).toBe(200);
    await instance.control("POST", "clock", { advanceSeconds: 1801 });
    expect((await key({ cookie, "X-UserToken": userToken })).status).toBe(401);
    await instance.control("POST", "clock", { real: true });
  });
});

test("the body of a 401, also for a token that has ended", async () => {
  const { body } = await token(instance, { ...demo, ...password, username: "reader", password: "reader" });
  await instance.control("POST", "clock", { advanceSeconds: 1801 });
  const answer = await instance.call("GET", "/api/now/table/incident", {
    headers: { authorization: `Bearer ${body.access_token}` },
  });
  await instance.control("POST", "clock", { real: true });
  expect([answer.status, answer.headers.get("www-authenticate"), answer.json()]).toEqual([
    401,
    'BASIC realm="Service-now"',
    {
      error: { message: "User is not authenticated", detail: "Required to provide Auth information" },
      status: "failure",
    },
  ]);
});

test("a user without a role is answered with an empty list, and every role opens more", async () => {
  const counts = await Promise.all(
    ["norole", "reader", "itil", "admin"].map(async (as) => [
      (await list("incident", as)).rows > 0,
      (await list("problem", as)).rows > 0,
      (await list("sys_dictionary", as)).rows > 0,
    ]),
  );
  expect(counts).toEqual([
    [false, false, false],
    [true, false, false],
    [true, true, false],
    [true, true, true],
  ]);
});
