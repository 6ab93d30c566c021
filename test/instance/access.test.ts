import { testInstance, type TestInstance } from "./client";

let instance: TestInstance;
beforeAll(async () => {
  instance = await testInstance({ incidents: 60 });
});
afterAll(() => instance.stop());

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

describe("3.12 what different users see", () => {
  test.each([
    ["incident", "norole", 200, 0],
    ["incident", "reader", 200, 20],
    ["incident", "itil", 200, 20],
    ["incident", "admin", 200, 20],
    ["task", "norole", 200, 0],
    ["task", "itil", 200, 20],
    ["sys_db_object", "norole", 403, 0],
    ["sys_db_object", "reader", 403, 0],
    ["sys_db_object", "itil", 200, 20],
    ["sys_dictionary", "norole", 200, 0],
    ["sys_dictionary", "itil", 200, 0],
    ["sys_dictionary", "admin", 200, 20],
    ["sys_choice", "norole", 200, 20],
    ["sys_properties", "itil", 200, 0],
    ["sys_properties", "admin", 200, 6],
    ["metric_instance", "reader", 403, 0],
    ["sys_audit_delete", "itil", 200, 0],
  ] as const)("%s as %s: %s with %s rows", async (table, as, status, rows) => {
    expect(await list(table, as)).toMatchObject({ status, rows });
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

describe("3.9 rules of the configuration", () => {
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
      me!.sys_id,
      { user_name: "root", title: "Boss" },
      "employee",
    );
    expect(row).toMatchObject({ user_name: "employee", title: "Boss" });
    const grant = await instance.call("POST", "/api/now/table/sys_user_has_role", {
      as: "employee",
      body: { user: me!.sys_id },
    });
    expect(grant.status).toBe(403);
  });
});

test("1.7 the basic-auth gate refuses interactive users and lets integrations in", async () => {
  await instance.control("PATCH", "config", { basicAuthGate: true });
  expect((await list("incident", "itil")).status).toBe(401);
  expect((await list("incident", "integration")).status).toBe(200);
  await instance.control("PATCH", "config", { basicAuthGate: false });
});

test("1.8 an API key acts as its user until it ends", async () => {
  const [user] = await instance.rows<{ sys_id: string }>("sys_user", "user_name=itil");
  await instance.create("api_key", {
    name: "k",
    token: "key-123",
    user: user!.sys_id,
    expires: "2999-01-01 00:00:00",
  });
  const asked = (key: string) =>
    instance.call("GET", "/api/now/table/incident?sysparm_limit=1", {
      headers: { authorization: "", "x-sn-apikey": key },
    });
  expect((await asked("key-123")).status).toBe(200);
  expect((await asked("key-124")).status).toBe(401);
});
