import { testInstance, type Row, type TestInstance } from "./client";

let instance: TestInstance;
beforeAll(async () => {
  instance = await testInstance({ incidents: 73 });
});
afterAll(() => instance.stop());

const beth = "46d44a23a9fe19810012d100cca80666";

async function shown(
  id: string,
  display: string,
  more: Record<string, string> = {},
  as = "admin",
): Promise<Row> {
  const query = new URLSearchParams({ sysparm_display_value: display, ...more });
  return (await instance.call("GET", `/api/now/table/incident/${id}?${query}`, { as })).result as Row;
}

describe("3.3 value shapes", () => {
  let id: string;
  beforeAll(async () => {
    ({ sys_id: id } = await instance.create<{ sys_id: string }>("incident", {
      short_description: "x",
      impact: "2",
      urgency: "1",
      caller_id: beth,
      watch_list: `${beth},admin@example.com`,
      business_duration: "1970-01-02 04:23:17",
      calendar_stc: "102197",
      opened_at: "2026-07-01 10:00:00",
      work_notes: "first",
    }));
    await instance.update("incident", id, { comments: "second" }, "itil");
  });

  test("false: everything is text, references are a link and a value", async () => {
    const row = await shown(id, "false");
    expect(row).toMatchObject({
      priority: "2",
      active: "true",
      calendar_stc: "102197",
      business_duration: "1970-01-02 04:23:17",
      comments: "",
      assigned_to: "",
      caller_id: { link: `${instance.url}/api/now/table/sys_user/${beth}`, value: beth },
      sys_domain: { link: `${instance.url}/api/now/table/sys_user_group/global`, value: "global" },
      sys_class_name: "incident",
    });
    for (const value of Object.values(row))
      if (typeof value !== "object") expect(typeof value).toBe("string");
  });

  test("true: display values, references without a value", async () => {
    const row = await shown(id, "true");
    expect(row).toMatchObject({
      priority: "2 - High",
      calendar_stc: "102,197",
      business_duration: "1 Day 4 Hours 23 Minutes",
      sys_class_name: "Incident",
      sla_due: "UNKNOWN",
      assigned_to: "",
      watch_list: "Beth Anglin, admin@example.com",
      caller_id: { display_value: "Beth Anglin", link: `${instance.url}/api/now/table/sys_user/${beth}` },
      subcategory: null,
      hold_reason: "",
    });
    expect(row.comments_and_work_notes).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d - ITIL User \(Additional comments\)\nsecond\n\n.* - System Administrator \(Work notes\)\nfirst\n\n$/,
    );
  });

  test("all: pairs; links can be left out", async () => {
    expect(await shown(id, "all", { sysparm_exclude_reference_link: "true" })).toMatchObject({
      caller_id: { display_value: "Beth Anglin", value: beth },
      assigned_to: { display_value: "", value: "" },
      sla_due: { display_value: "UNKNOWN", value: "" },
      subcategory: { display_value: null, value: "" },
      work_notes: { value: "" },
      priority: { display_value: "2 - High", value: "2" },
    });
    expect((await shown(id, "false", { sysparm_exclude_reference_link: "true" })).caller_id).toBe(beth);
    expect((await shown(id, "true", { sysparm_exclude_reference_link: "true" })).caller_id).toBe(
      "Beth Anglin",
    );
  });

  test("dates are shown in the reader's zone and format", async () => {
    expect((await shown(id, "true", {}, "sydney")).opened_at).toBe("01/07/2026 08:00:00 PM");
    expect((await shown(id, "true", {}, "newyork")).opened_at).toBe("2026-07-01 06:00:00");
    expect((await shown(id, "false", {}, "sydney")).opened_at).toBe("2026-07-01 10:00:00");
  });

  test("a reference to nobody keeps its value and shows nothing; an object is cut to 32 signs", async () => {
    await instance.update("incident", id, { assigned_to: "glide.maint" });
    expect((await shown(id, "all")).assigned_to).toEqual({ display_value: "", value: "glide.maint" });
    const row = await instance.update("incident", id, {
      assigned_to: { link: "https://instance.service-now.com/x", value: "y" },
    });
    expect((row.assigned_to as Row).value).toBe("{link=https://instance.service-n");
  });

  test("currency has its own display", async () => {
    const { sys_id } = await instance.create<{ sys_id: string }>("sc_cat_item", {
      name: "x",
      price: "509.95",
    });
    const answer = await instance.call(
      "GET",
      `/api/now/table/sc_cat_item/${sys_id}?sysparm_display_value=all&sysparm_fields=price`,
    );
    expect(answer.result).toEqual({
      price: { display_value: "$509.95", currency_display_value: "USD;509.95", value: "509.95" },
    });
  });

  test("dot-walked columns are flat keys; unknown ones are passed over; links keep the version", async () => {
    const answer = await instance.call(
      "GET",
      `/api/now/v2/table/incident/${id}?sysparm_fields=number,caller_id.email,caller_id.company,nonsense,caller_id.nonsense`,
    );
    const row = answer.result as Row;
    expect(Object.keys(row)).toEqual(["number", "caller_id.email", "caller_id.company"]);
    expect(row["caller_id.email"]).toBe("beth.anglin@example.com");
    expect((row["caller_id.company"] as { link: string }).link).toContain("/api/now/v2/table/core_company/");
  });

  test("a parent table gives its own columns and the real class", async () => {
    const [row] = await instance.rows("task", `sys_id=${id}`);
    expect(row).toMatchObject({ sys_class_name: "incident" });
    expect(row).not.toHaveProperty("caller_id");
  });

  test("sys_dictionary is keyed by name", async () => {
    const [row] = await instance.rows<Record<string, Row>>(
      "sys_dictionary",
      "name=incident^element=caller_id",
    );
    expect(row).toMatchObject({
      internal_type: {
        link: `${instance.url}/api/now/table/sys_glide_object?name=reference`,
        value: "reference",
      },
      reference: { value: "sys_user" },
    });
  });
});

describe("3.5 writes", () => {
  test("insert: 201, Location, number, defaults; X-no-response-body leaves the body out", async () => {
    const answer = await instance.call("POST", "/api/now/v1/table/incident", {
      as: "itil",
      body: { short_description: "x" },
    });
    const row = answer.result as Record<string, string>;
    expect(answer.status).toBe(201);
    expect(answer.headers.get("location")).toBe(`${instance.url}/api/now/v1/table/incident/${row.sys_id}`);
    expect(row.number).toMatch(/^INC001\d{4}$/);
    expect(row).toMatchObject({
      state: "1",
      priority: "5",
      impact: "3",
      sys_mod_count: "0",
      sys_created_by: "itil",
    });
    const silent = await instance.call("POST", "/api/now/table/incident", {
      body: {},
      headers: { "X-no-response-body": "true" },
    });
    expect([silent.status, silent.text]).toEqual([201, ""]);
  });

  test("S14 PUT leaves other columns alone; what changes nothing keeps the stamps", async () => {
    const row = await instance.create<Record<string, string>>("incident", {
      short_description: "a",
      description: "b",
    });
    const put = await instance.call("PUT", `/api/now/table/incident/${row.sys_id}`, {
      body: { short_description: "c" },
    });
    expect(put.result).toMatchObject({ short_description: "c", description: "b", sys_mod_count: "1" });
    expect(await instance.update("incident", row.sys_id!, { short_description: "c" })).toMatchObject({
      sys_mod_count: "1",
    });
  });

  test("what cannot be applied is passed over in silence", async () => {
    const row = await instance.create<Record<string, string>>("incident", {
      short_description: "x".repeat(300),
      nonsense: 1,
      close_code: "Solved (Permanently)",
      category: "no such category",
      priority: "1",
      number: "",
    });
    expect(row).toMatchObject({ close_code: "", category: "inquiry", priority: "5" });
    expect(row.short_description).toHaveLength(160);
    await instance.control("PATCH", "config", { strictChoices: false });
    expect(await instance.update("incident", row.sys_id!, { category: "my own" })).toMatchObject({
      category: "my own",
    });
    await instance.control("PATCH", "config", { strictChoices: true });
  });

  test("state and incident_state mirror each other", async () => {
    const { sys_id } = await instance.create<{ sys_id: string }>("incident", {});
    expect(await instance.update("incident", sys_id, { incident_state: "2" })).toMatchObject({
      state: "2",
      incident_state: "2",
    });
    expect(await instance.update("incident", sys_id, { state: "3" })).toMatchObject({
      state: "3",
      incident_state: "3",
    });
  });

  test.each([
    [1, 1, "1"],
    [1, 2, "2"],
    [1, 3, "3"],
    [2, 1, "2"],
    [2, 2, "3"],
    [2, 3, "4"],
    [3, 1, "3"],
    [3, 2, "4"],
    [3, 3, "5"],
  ])("priority of impact %s and urgency %s is %s", async (impact, urgency, priority) => {
    expect(await instance.create("incident", { impact, urgency })).toMatchObject({ priority });
  });

  test("sysparm_input_display_value reads labels, names and local times", async () => {
    const answer = await instance.call("POST", "/api/now/table/incident?sysparm_input_display_value=true", {
      as: "sydney",
      body: { caller_id: "Beth Anglin", state: "In Progress", opened_at: "01/07/2026 08:00:00 PM" },
    });
    expect(answer.result).toMatchObject({
      caller_id: { value: beth },
      state: "2",
      opened_at: "2026-07-01 10:00:00",
    });
  });

  test("1.7 a password written plainly is unusable, as a display value it works", async () => {
    const { sys_id } = await instance.create<{ sys_id: string }>("sys_user", {
      user_name: "fresh",
      user_password: "fresh",
    });
    expect(
      (await instance.call("GET", "/api/now/table/sys_user?sysparm_limit=1", { as: "fresh" })).status,
    ).toBe(401);
    await instance.call("PATCH", `/api/now/table/sys_user/${sys_id}?sysparm_input_display_value=true`, {
      body: { user_password: "fresh" },
    });
    expect(
      (await instance.call("GET", "/api/now/table/sys_user?sysparm_limit=1", { as: "fresh" })).status,
    ).toBe(200);
  });

  test("backdating: automatic columns win with sysparm_suppress_auto_sys_field, and an update then leaves no trace", async () => {
    const answer = await instance.call(
      "POST",
      "/api/now/table/incident?sysparm_suppress_auto_sys_field=true",
      {
        body: {
          sys_created_on: "2020-01-01 00:00:00",
          sys_updated_on: "2020-01-02 00:00:00",
          sys_id: "a".repeat(32),
        },
      },
    );
    expect(answer.result).toMatchObject({
      sys_id: "a".repeat(32),
      sys_created_on: "2020-01-01 00:00:00",
      sys_updated_on: "2020-01-02 00:00:00",
    });
    await instance.call(
      "PATCH",
      `/api/now/table/incident/${"a".repeat(32)}?sysparm_suppress_auto_sys_field=true`,
      { body: { short_description: "quiet" } },
    );
    const [row] = await instance.rows("incident", `sys_id=${"a".repeat(32)}`);
    expect(row).toMatchObject({
      short_description: "quiet",
      sys_updated_on: "2020-01-02 00:00:00",
      sys_mod_count: "0",
    });
    const plain = await instance.create("incident", { sys_created_on: "2020-01-01 00:00:00" });
    expect(plain.sys_created_on).not.toBe("2020-01-01 00:00:00");
  });

  test("7 a class change keeps the sys_id", async () => {
    const { sys_id } = await instance.create<{ sys_id: string }>("cmdb_ci_computer", { name: "moves" });
    await instance.update("cmdb_ci", sys_id, { sys_class_name: "cmdb_ci_linux_server" });
    expect(await instance.rows("cmdb_ci_linux_server", `sys_id=${sys_id}`)).toHaveLength(1);
    expect(await instance.rows("cmdb_ci_netgear", `sys_id=${sys_id}`)).toHaveLength(0);
  });

  test("the method can be overridden, and XML comes and goes", async () => {
    const { sys_id } = await instance.create<{ sys_id: string }>("incident", { short_description: "a" });
    const patched = await instance.call("POST", `/api/now/table/incident/${sys_id}`, {
      body: { short_description: "b" },
      headers: { "X-HTTP-Method-Override": "PATCH" },
    });
    expect(patched.result).toMatchObject({ short_description: "b" });
    const xml = await instance.call(
      "PUT",
      `/api/now/table/incident/${sys_id}?sysparm_fields=short_description`,
      {
        body: "<request><entry><short_description>a &lt; b</short_description></entry></request>",
        headers: { "content-type": "application/xml", accept: "application/xml" },
      },
    );
    expect(xml.headers.get("content-type")).toContain("application/xml");
    expect(xml.text).toContain("<result><short_description>a &lt; b</short_description></result>");
  });
});

describe("3.2, 3.6 and 3.7 parameters, headers and pages", () => {
  const links = (header: string | null): string[] =>
    [...(header ?? "").matchAll(/rel="(\w+)"/g)].map(([, rel]) => rel!);

  test("S11 Link and X-Total-Count follow the page", async () => {
    const page = (offset: number, more = "") =>
      instance.call(
        "GET",
        `/api/now/table/incident?sysparm_query=numberSTARTSWITHINC00000&sysparm_limit=10&sysparm_offset=${offset}&mine=kept${more}`,
      );
    const first = await page(0);
    expect(first.headers.get("x-total-count")).toBe("73");
    expect(links(first.headers.get("link"))).toEqual(["first", "next", "last"]);
    expect(first.headers.get("link")).toContain("mine=kept");
    expect(first.headers.get("link")).toMatch(/sysparm_offset=70&mine=kept>;rel="last"$/);
    expect(links((await page(10)).headers.get("link"))).toEqual(["first", "prev", "next", "last"]);
    expect(links((await page(70)).headers.get("link"))).toEqual(["first", "prev", "last"]);
    expect((await page(0, "&sysparm_suppress_pagination_header=True")).headers.get("link")).toBeNull();
    await instance.control("PATCH", "config", { negativePrevLink: true });
    expect((await page(0)).headers.get("link")).toContain('sysparm_offset=-10&mine=kept>;rel="prev"');
  });

  test("sysparm_no_count, in its three ways", async () => {
    const count = async () =>
      (
        await instance.call("GET", "/api/now/table/incident?sysparm_limit=5&sysparm_no_count=true")
      ).headers.get("x-total-count");
    expect(await count()).toBeNull();
    await instance.control("PATCH", "config", { noCountHeader: "rows" });
    expect(await count()).toBe("5");
    await instance.control("PATCH", "config", { noCountHeader: "total" });
    expect(Number(await count())).toBeGreaterThan(70);
  });

  test("HEAD, the headers of a real answer, and the instance's clock in Date", async () => {
    await instance.control("POST", "clock", { set: "2026-03-29 00:59:30", freeze: true });
    const answer = await instance.call("HEAD", "/api/now/table/incident?sysparm_limit=1");
    expect(answer.text).toBe("");
    expect(answer.headers.get("date")).toBe("Sun, 29 Mar 2026 00:59:30 GMT");
    for (const name of [
      "x-total-count",
      "x-transaction-id",
      "x-is-logged-in",
      "strict-transport-security",
      "set-cookie",
    ])
      expect(answer.headers.get(name)).not.toBeNull();
    await instance.control("POST", "clock", { real: true });
  });

  test("S6 empty parameters count as absent, and name-value pairs filter when there is no query", async () => {
    const empty = await instance.call(
      "GET",
      "/api/now/table/incident?sysparm_query=&sysparm_fields=&sysparm_view=&sysparm_limit=1",
    );
    expect(Object.keys((empty.result as Row[])[0]!).length).toBeGreaterThan(90);
    const named = await instance.call(
      "GET",
      "/api/now/table/incident?number=INC0000001&sysparm_fields=number",
    );
    expect(named.result).toEqual([{ number: "INC0000001" }]);
    const display = await instance.call(
      "GET",
      "/api/now/table/sys_user?department=Sales&sysparm_fields=department.name&sysparm_limit=1",
    );
    expect(display.result).toEqual([{ "department.name": "Sales" }]);
  });

  test("a view names the columns, sysparm_fields wins", async () => {
    const [row] = (await instance.call("GET", "/api/now/table/incident?sysparm_view=mobile&sysparm_limit=1"))
      .result as Row[];
    expect(Object.keys(row!).length).toBeLessThan(20);
    const [other] = (
      await instance.call(
        "GET",
        "/api/now/table/incident?sysparm_view=mobile&sysparm_fields=state&sysparm_limit=1",
      )
    ).result as Row[];
    expect(Object.keys(other!)).toEqual(["state"]);
  });

  test("1.8 a cookie alone needs the user token that a refusal tells", async () => {
    const first = await instance.call("GET", "/api/now/table/incident?sysparm_limit=1");
    const cookie = first.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    const refused = await instance.call("GET", "/api/now/table/incident?sysparm_limit=1", {
      headers: { cookie, authorization: "" },
    });
    expect(refused.status).toBe(401);
    const token = refused.headers.get("x-usertoken-response")!;
    const fine = await instance.call("GET", "/api/now/table/incident?sysparm_limit=1", {
      headers: { cookie, authorization: "", "X-UserToken": token },
    });
    expect(fine.status).toBe(200);
  });
});
