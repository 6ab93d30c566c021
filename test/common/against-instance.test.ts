import {
  bulkCreate,
  bulkDelete,
  bulkUpdate,
  copyRecord,
  createClient,
  exportTable,
  findByNumber,
  upsert,
  where,
  isServiceNowError,
  type ServiceNow,
} from "../../common";
import { duringTests, startInstance } from "../helpers/instance";
import { byPassword } from "./apis/support";

const instance = duringTests(startInstance, { incidents: 300 });
let client: ServiceNow;
const oauth = byPassword();

beforeAll(async () => {
  client = createClient({ instance: instance.url, auth: oauth });
});

const incident = () => client.table("incident");

describe("PS-44, S1, S3: signing in", () => {
  it("by password grant, with the client in the form or by Basic", async () => {
    await expect(incident().page({ limit: 1 })).resolves.toMatchObject({ total: expect.any(Number) });
    const basic = createClient({ instance: instance.url, auth: { ...oauth, clientAuthentication: "basic" } });
    await expect(basic.table("incident").page({ limit: 1 })).resolves.toBeDefined();
  });
  it("PS-03: by user name and password", async () => {
    const basic = createClient({
      instance: instance.url,
      auth: { type: "basic", username: "admin", password: "admin" },
    });
    await expect(basic.table("incident").page({ limit: 1 })).resolves.toBeDefined();
  });
  it("a wrong password, a wrong secret and a wrong token each say so", async () => {
    for (const auth of [
      { ...oauth, password: "wrong" },
      { ...oauth, clientSecret: "wrong" },
    ]) {
      await expect(
        createClient({ instance: instance.url, auth }).table("incident").page(),
      ).rejects.toMatchObject({ kind: "sign-in", status: 401 });
    }
    await expect(
      createClient({ instance: instance.url, auth: { type: "token", token: "wrong" } })
        .table("incident")
        .page(),
    ).rejects.toMatchObject({ kind: "unauthenticated" });
  });
});

describe("reading", () => {
  it("PS-25, PS-26, PS-30: all rows, by key, each once", async () => {
    const { rows, total, complete, hidden } = await incident().list({ fields: ["number"], pageSize: 70 });
    expect(new Set(rows.map((row) => row.number)).size).toBe(rows.length);
    expect({ total, complete, hidden }).toEqual({ total: rows.length, complete: true, hidden: 0 });
    expect(Object.keys(rows[0] ?? {})).toEqual(["number"]);
  });
  it("PS-19, PS-60: in an order of its own, with empties and ties, the same rows in the order the instance gives", async () => {
    for (const orderBy of [["priority"], ["-priority"], ["-opened_at", "number"], ["close_code"]]) {
      const { rows } = await incident().list({ fields: ["sys_id"], orderBy, pageSize: 37 });
      const query = `${orderBy.map((c) => (c.startsWith("-") ? `ORDERBYDESC${c.slice(1)}` : `ORDERBY${c}`)).join("^")}^ORDERBYsys_id`;
      const whole = await incident().page({ fields: ["sys_id"], query, limit: 5000 });
      expect(rows).toEqual(whole.rows);
    }
  });
  it("an order by a reference falls back to positions and still gives every row once", async () => {
    const { rows, total } = await incident().list({
      fields: ["sys_id"],
      orderBy: ["caller_id"],
      pageSize: 50,
    });
    expect(new Set(rows.map((r) => r.sys_id)).size).toBe(total);
  });
  it("display values in an order of its own are display values", async () => {
    const { rows } = await incident().list({
      fields: ["priority", "caller_id"],
      displayValue: "true",
      orderBy: ["priority"],
      max: 5,
      pageSize: 2,
    });
    expect(rows).toHaveLength(5);
    expect(rows[0]?.priority).toMatch(/^\d - /);
    expect(Object.keys(rows[0] ?? {}).sort()).toEqual(["caller_id", "priority"]);
  });
  it("PS-21, PS-22: the result's type follows the display value", async () => {
    const plain = await incident().first({ fields: ["number", "caller_id"], query: "caller_idISNOTEMPTY" });
    const text: string | undefined = plain?.caller_id;
    expect(text).toMatch(/^[0-9a-f]{32}$/);
    const all = await incident().first({
      fields: ["caller_id"],
      query: "caller_idISNOTEMPTY",
      displayValue: "all",
    });
    const pair: string | null | undefined = all?.caller_id.display_value;
    expect(pair).toEqual(expect.any(String));
    const linked = await incident().first({
      fields: ["caller_id"],
      query: "caller_idISNOTEMPTY",
      referenceLinks: true,
    });
    expect(linked?.caller_id).toEqual({
      link: expect.stringContaining("/api/now/table/sys_user/"),
      value: text,
    });
  });
  it("PS-13: the builder's queries find what they say", async () => {
    const query = where("priority")
      .lessOrEqual(2)
      .and(where("state").in([1, 2]).or(where("assigned_to").isEmpty()))
      .orderBy("-number");
    const { rows } = await incident().list({ query, fields: ["priority", "state", "assigned_to"] });
    expect(rows).not.toEqual([]);
    for (const row of rows) {
      expect(Number(row.priority)).toBeLessThanOrEqual(2);
      expect(["1", "2"].includes(row.state) || row.assigned_to === "").toBe(true);
    }
  });
  it("reads an IN list longer than an address over several calls", async () => {
    const { rows } = await incident().list({ fields: ["sys_id"] });
    const ids = rows.map((row) => row.sys_id);
    const { rows: again, complete } = await incident().list({
      query: where("sys_id").in(ids),
      fields: ["sys_id"],
    });
    expect(new Set(again.map((r) => r.sys_id))).toEqual(new Set(ids));
    expect(complete).toBe(true);
    await expect(
      incident().list({ query: where("sys_id").in(ids), orderBy: ["number"] }),
    ).rejects.toMatchObject({ kind: "url-too-long" });
  });
  it("exports with several readers: every row once", async () => {
    const ids: string[] = [];
    const pages = exportTable(client, "incident", { fields: ["sys_id"], readers: 4, pageSize: 10 });
    let facts;
    for (;;) {
      const step = await pages.next();
      if (step.done) {
        facts = step.value;
        break;
      }
      ids.push(...step.value.rows.map((row) => row.sys_id));
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(facts).toEqual({ total: ids.length, complete: true, hidden: 0 });
  });
  it("what does not exist says so", async () => {
    await expect(client.table("no_such_table").page()).rejects.toMatchObject({ kind: "invalid-table" });
    await expect(incident().get("0".repeat(32))).rejects.toMatchObject({ kind: "not-found" });
    await expect(client.request({ path: "/api/now/nonsense" })).rejects.toMatchObject({
      kind: "unknown-path",
    });
  });
});

describe("writing", () => {
  it("PS-31, PS-32, PS-33, PS-35: create, update, replace, delete", async () => {
    const caller = await client
      .table("sys_user")
      .one({ query: "user_name=admin", fields: ["sys_id", "name"] });
    const made = await incident().create({
      short_description: "A ^ and ü",
      caller_id: caller,
      urgency: 1,
      impact: 1,
    });
    expect(made).toMatchObject({
      short_description: "A ^ and ü",
      caller_id: caller.sys_id,
      priority: "1",
      number: expect.stringMatching(/^INC\d+/),
    });
    const changed = await incident().update(
      made,
      { short_description: "B" },
      { fields: ["short_description", "sys_mod_count"] },
    );
    expect(changed).toMatchObject({ short_description: "B" });
    await incident().replace(made, { urgency: 3 });
    expect(await incident().get(made, { fields: ["short_description", "urgency"] })).toEqual({
      short_description: "B",
      urgency: "3",
    });
    await incident().delete(made);
    await expect(incident().delete(made)).rejects.toMatchObject({ kind: "not-found" });
  });
  it("display values go in as well", async () => {
    const made = await incident().create(
      { short_description: "x", caller_id: "System Administrator" },
      { inputDisplayValue: true, displayValue: "true", fields: ["caller_id", "sys_id"] },
    );
    expect(made.caller_id).toBe("System Administrator");
  });
  it("finds by number, the prefix naming the table", async () => {
    const any = await incident().first({ fields: ["number", "sys_id"] });
    const found = await findByNumber(client, ` ${any?.number.toLowerCase()} `, { fields: ["sys_id"] });
    expect(found).toEqual({ table: "incident", record: { sys_id: any?.sys_id } });
    await expect(findByNumber(client, "INC9999999")).rejects.toMatchObject({ kind: "no-match" });
    await expect(findByNumber(client, "hello")).rejects.toMatchObject({ kind: "usage" });
  });
  it("upserts by key", async () => {
    const first = await upsert(client, "incident", ["correlation_id"], {
      correlation_id: "up-1",
      short_description: "one",
    });
    const second = await upsert(client, "incident", ["correlation_id"], {
      correlation_id: "up-1",
      short_description: "two",
    });
    expect([first.created, second.created]).toEqual([true, false]);
    expect(second.record).toMatchObject({ sys_id: first.record["sys_id"], short_description: "two" });
    await incident().create({ correlation_id: "up-1", short_description: "three" });
    await expect(
      upsert(client, "incident", ["correlation_id"], { correlation_id: "up-1" }),
    ).rejects.toMatchObject({ kind: "several-matches" });
    await expect(
      upsert(client, "incident", ["correlation_id"], { short_description: "x" }),
    ).rejects.toMatchObject({ kind: "usage" });
  });
  it("finds nothing by a column the table does not have, where a query would give any record", async () => {
    const groups = client.table("sys_user_group");
    const before = (await groups.page({ limit: 1 })).total;
    const refused = { kind: "query-rights", fields: ["correlation_id"] };
    await expect(
      upsert(client, "sys_user_group", ["correlation_id"], { correlation_id: "g-1", name: "Overwritten" }),
    ).rejects.toMatchObject(refused);
    await expect(groups.firstMade("correlation_id", "g-1")).rejects.toMatchObject(refused);
    await expect(groups.byKey({ correlation_id: "g-1", name: "Network" })).rejects.toMatchObject(refused);
    await expect(groups.getByNumber("INC0010001")).rejects.toMatchObject({
      kind: "query-rights",
      fields: ["number"],
    });
    expect((await groups.page({ limit: 1 })).total).toBe(before);
    expect((await groups.page({ query: "name=Overwritten" })).rows).toEqual([]);
    const found = await groups.byKey({ name: "Network" }, { fields: ["sys_id"] });
    expect(Object.keys(found ?? {})).toEqual(["sys_id"]);
    expect(await groups.byKey({ name: "No such group" })).toBeNull();
  });

  it("PS-61: copies a record without its number and its life", async () => {
    const original = await incident().create({
      short_description: "Original",
      urgency: 1,
      impact: 2,
      category: "network",
      comments: "hello",
    });
    const copy = await copyRecord(client, "incident", original, { changes: { short_description: "Copy" } });
    expect(copy).toMatchObject({ short_description: "Copy", urgency: "1", impact: "2", category: "network" });
    expect(copy["number"]).not.toBe(original["number"]);
    expect(copy["sys_id"]).not.toBe(original["sys_id"]);
  });
});

describe("bulk", () => {
  const rows = Array.from({ length: 130 }, (_, i) => ({
    short_description: `Bulk ${i}`,
    correlation_id: `bulk-${i}`,
  }));
  it("creates in few requests, results in the input's order, and the same input again creates nothing", async () => {
    const dry = await bulkCreate(client, "incident", rows, { correlation: "correlation_id", dryRun: true });
    expect(dry.results.every(({ outcome }) => outcome === "would be done")).toBe(true);
    const made = await bulkCreate(client, "incident", rows, { correlation: "correlation_id" });
    expect(made).toMatchObject({ done: 130, failed: 0, existed: 0 });
    expect(made.requests).toBeLessThanOrEqual(3);
    const third = await incident().get(made.results[3]?.sysId ?? "", { fields: ["short_description"] });
    expect(third.short_description).toBe("Bulk 3");
    const again = await bulkCreate(client, "incident", rows, { correlation: "correlation_id" });
    expect(again).toMatchObject({ done: 0, existed: 130, requests: 0 });
    expect(again.results[3]?.sysId).toBe(made.results[3]?.sysId);
  });
  it("updates and deletes, and reports each failure by itself", async () => {
    const { rows: found } = await incident().list({
      query: "correlation_idSTARTSWITHbulk-",
      fields: ["sys_id"],
    });
    const ids = found.map((row) => row.sys_id);
    const changes = [...ids.slice(0, 5), "0".repeat(32)].map((record) => ({
      record,
      values: { urgency: 1 },
    }));
    const dry = await bulkUpdate(client, "incident", changes, { dryRun: true });
    expect(dry).toMatchObject({ failed: 1, requests: 0 });
    const updated = await bulkUpdate(client, "incident", changes);
    expect(updated).toMatchObject({ done: 5, failed: 1 });
    expect(updated.results[5]).toMatchObject({ index: 5, outcome: "failed", error: { kind: "not-found" } });
    const deleted = await bulkDelete(client, "incident", ids);
    expect(deleted).toMatchObject({ done: ids.length, failed: 0 });
    expect((await incident().page({ query: "correlation_idSTARTSWITHbulk-", limit: 1 })).total).toBe(0);
  });
});

it("a token that the instance revoked is renewed, and the call goes through", async () => {
  const admin = createClient({ instance: instance.url, auth: oauth });
  await admin.table("incident").page({ limit: 1 });
  let first = true;
  const watched = createClient({
    instance: instance.url,
    auth: {
      ...oauth,
      onTokenUpdate: async (token) => {
        if (!first) return;
        first = false;
        await fetch(`${instance.url}/oauth_revoke_token.do?token=${token.accessToken}`);
      },
    },
  });
  await expect(watched.table("incident").page({ limit: 1 })).resolves.toBeDefined();
});

it("errors carry ServiceNow's words and the request id", async () => {
  const error: unknown = await client
    .table("no_such_table")
    .page()
    .catch((e: unknown) => e);
  expect(isServiceNowError(error) && error.serverMessage).toBe("Invalid table no_such_table");
  expect(isServiceNowError(error) && error.requestId).toEqual(expect.any(String));
});
