import { createClient, isServiceNowError, ServiceNowError, sysIdOf, utc } from "../../common";
import { stubClient, stubTransport, bodyText, USAGE } from "./stub";

const list = (rows: object[]) => ({
  json: { result: rows },
  headers: { "x-total-count": String(rows.length) },
});
const params = (url = ""): Record<string, string> => Object.fromEntries(new URL(url).searchParams);

it("PS-06, X1, X2: nothing leaks from one call into the next", async () => {
  const transport = stubTransport((request) =>
    request.method === "GET" ? list([]) : { status: 201, json: { result: {} } },
  );
  const { client } = stubClient(transport, { params: { sysparm_query_no_domain: true } });
  const incident = client.table("incident");
  await incident.page({ query: "a=1", fields: ["number"], limit: 3, displayValue: "true" });
  await incident.create({ short_description: "x" });
  await incident.page({});
  expect(params(transport.requests[1]?.url)).toEqual({
    sysparm_exclude_reference_link: "true",
    sysparm_query_no_domain: "true",
  });
  expect(params(transport.requests[2]?.url)).toEqual({
    sysparm_exclude_reference_link: "true",
    sysparm_limit: "100",
    sysparm_query_no_domain: "true",
  });
});

it("PS-20..PS-24: every parameter of the Table API has a name, any other is free", async () => {
  const transport = stubTransport(() => list([]));
  await stubClient(transport)
    .client.table("incident")
    .page({
      query: "active=true",
      fields: ["number", "caller_id.email"],
      limit: 5,
      offset: 10,
      displayValue: "all",
      referenceLinks: true,
      view: "mobile",
      noDomain: true,
      noCount: true,
      suppressPaginationHeader: true,
      queryCategory: "list",
      params: { sysparm_x: "y" },
    });
  expect(params(transport.requests[0]?.url)).toEqual({
    sysparm_query: "active=true",
    sysparm_fields: "number,caller_id.email",
    sysparm_limit: "5",
    sysparm_offset: "10",
    sysparm_display_value: "all",
    sysparm_view: "mobile",
    sysparm_query_no_domain: "true",
    sysparm_no_count: "true",
    sysparm_suppress_pagination_header: "true",
    sysparm_query_category: "list",
    sysparm_x: "y",
  });
});

it("writes take display values and back-dated system columns when asked", async () => {
  const transport = stubTransport(() => ({ status: 201, json: { result: {} } }));
  await stubClient(transport)
    .client.table("incident")
    .create({ a: 1 }, { inputDisplayValue: true, suppressAutoSysField: true });
  expect(params(transport.requests[0]?.url)).toMatchObject({
    sysparm_input_display_value: "true",
    sysparm_suppress_auto_sys_field: "true",
  });
});

it("PS-08: a closed client refuses calls and ends those under way", async () => {
  const { client } = stubClient(
    (request) =>
      new Promise((_resolve, reject) =>
        request.signal?.addEventListener("abort", () => reject(new Error("x"))),
      ),
  );
  const call = client.table("incident").get("1");
  await Promise.resolve();
  client.close();
  await expect(call).rejects.toMatchObject({ kind: "aborted" });
  await expect(client.table("incident").get("1")).rejects.toThrow(/closed/);
});

describe("PS-09, PS-34: any API path", () => {
  it("works under the same sign-in", async () => {
    const transport = stubTransport(() => ({ json: { hello: 1 }, headers: { "x-mine": "y" } }));
    const answer = await stubClient(transport).client.request({
      method: "POST",
      path: "/api/x_acme/v1/things/%2Fa",
      params: { a: "1&2" },
      headers: { "X-Extra": "1" },
      body: { b: 2 },
    });
    expect(answer).toMatchObject({ status: 200, data: { hello: 1 }, headers: { "x-mine": "y" } });
    expect(transport.requests[0]).toMatchObject({
      url: "https://dev1.service-now.com/api/x_acme/v1/things/%2Fa?a=1%262",
      headers: { "x-extra": "1", authorization: "Bearer secret-token" },
      body: '{"b":2}',
    });
  });
  it.each(["api/now", "/api/../x", "/api/now/table/incident?x=1", "/a//b", "/a b", "/a/%2e%2e/b", "/a#b"])(
    "refuses %s",
    async (path) => {
      await expect(
        stubClient(stubTransport(() => ({ json: {} }))).client.request({ path }),
      ).rejects.toMatchObject({ kind: "usage" });
    },
  );
  it.each(["incident/../x", "incident?", "Incident table", ""])("refuses %j as a table", (name) => {
    expect(() => stubClient(stubTransport(() => ({}))).client.table(name)).toThrow(USAGE);
  });
  it("refuses a header that would replace the sign-in", async () => {
    const { client } = stubClient(stubTransport(() => ({ json: {} })));
    await expect(client.request({ path: "/x", headers: { Authorization: "x" } })).rejects.toThrow(/sign-in/);
  });
});

it("a query too long for an address is refused before it is sent", async () => {
  const transport = stubTransport(() => list([]));
  await expect(
    stubClient(transport)
      .client.table("incident")
      .page({ query: `a=${"x".repeat(9000)}` }),
  ).rejects.toMatchObject({ kind: "url-too-long" });
  expect(transport.requests).toHaveLength(0);
});

it("PS-36, X19: a record, { value } or text stands for a sys_id, and the caller's object stays", async () => {
  const transport = stubTransport(() => ({ json: { result: {} } }));
  const values = {
    caller_id: { value: "u1", link: "https://x" },
    assigned_to: { sys_id: "u2" },
    due_date: new Date(0),
    active: true,
    state: 2,
    gone: undefined,
    empty: null,
  };
  const before = structuredClone(values);
  await stubClient(transport)
    .client.table("incident")
    .update({ sys_id: { value: "abc" } }, values);
  expect(JSON.parse(bodyText(transport.requests[0]))).toEqual({
    caller_id: "u1",
    assigned_to: "u2",
    due_date: "1970-01-01 00:00:00",
    active: "true",
    state: "2",
    empty: "",
  });
  expect(values).toEqual(before);
  expect(sysIdOf({ value: "x" })).toBe("x");
  expect(() => sysIdOf({})).toThrow(/neither/);
});

it("PS-17: dates are always written in UTC", () => {
  expect(utc(new Date("2026-03-29T02:30:00+02:00"))).toBe("2026-03-29 00:30:00");
  expect(() => utc(new Date("x"))).toThrow(/not valid/);
});

it("PS-37: a link to the record's form", () => {
  const { client } = stubClient(stubTransport(() => ({})));
  expect(client.table("incident").link("abc")).toBe("https://dev1.service-now.com/incident.do?sys_id=abc");
});

it("AM-08: with() makes another client that shares the sign-in and leaves this one as it is", async () => {
  let asked = 0;
  const transport = stubTransport(() => list([]));
  const { client } = stubClient(transport, { auth: { type: "token", token: () => `t${++asked}` } });
  const other = client.with({ params: { sysparm_view: "mobile" } });
  await other.table("incident").page();
  await client.table("incident").page();
  expect(transport.requests.map((r) => params(r.url)["sysparm_view"])).toEqual(["mobile", undefined]);
});

it("PS-52: nonsense options are refused before any request", () => {
  const auth = { type: "token", token: "t" } as const;
  expect(() => createClient({ instance: "dev1", auth, timeoutMs: -1 })).toThrow(/timeoutMs/);
  expect(() => createClient({ instance: "dev1", auth, concurrency: 0 })).toThrow(/concurrency/);
  expect(() => createClient({ instance: "dev1", auth: {} as never })).toThrow(/sign-in/);
});

it("an error is known by its name, also from another copy of the code", () => {
  const copy = Object.assign(new Error("x"), { name: "ServiceNowError", kind: "acl" });
  expect(isServiceNowError(copy)).toBe(true);
  expect(isServiceNowError(new Error("x"))).toBe(false);
  expect(new ServiceNowError({ kind: "acl", what: "No", reason: "Why", remedy: "Do" }).message).toBe(
    "No. Why. Do.",
  );
});

describe("PS-28, PS-29: one, first", () => {
  const rows = (n: number) =>
    stubClient(
      stubTransport(() => list(Array.from({ length: n }, (_, i) => ({ sys_id: String(i) })))),
    ).client.table("incident");
  it("one: none and several are errors", async () => {
    expect(await rows(1).one({ query: "a=1" })).toEqual({ sys_id: "0" });
    await expect(rows(0).one({ query: "a=1" })).rejects.toMatchObject({ kind: "no-match" });
    await expect(rows(2).one({ query: "a=1" })).rejects.toMatchObject({ kind: "several-matches" });
    expect(await rows(0).oneOrNone()).toBeNull();
    await expect(rows(2).oneOrNone()).rejects.toMatchObject({ kind: "several-matches" });
  });
  it("first: asks the instance for one row", async () => {
    const transport = stubTransport(() => list([{ sys_id: "1" }]));
    expect(await stubClient(transport).client.table("incident").first({ query: "a=1" })).toEqual({
      sys_id: "1",
    });
    expect(params(transport.requests[0]?.url)["sysparm_limit"]).toBe("1");
    expect(await rows(0).first()).toBeNull();
  });
  it("by number", async () => {
    const transport = stubTransport(() => list([{ sys_id: "1", number: "INC0010001" }]));
    await stubClient(transport).client.table("incident").getByNumber("INC0010001");
    expect(params(transport.requests[0]?.url)["sysparm_query"]).toBe("number=INC0010001");
  });
  it("X15: a number with a ^ cannot widen the query", async () => {
    await expect(rows(1).getByNumber("X^ORnumberISNOTEMPTY")).rejects.toMatchObject({ kind: "usage" });
  });
});
