import { duringTests } from "../helpers/instance";
import { testInstance } from "./client";
import { present, toRow, toRows } from "../helpers/present";

const instance = duringTests(testInstance, { incidents: 73 });

describe("methods, versions, media types", () => {
  test.each(["", "v1/", "v2/"])("each method has its status, under /api/now/%stable", async (version) => {
    const path = `/api/now/${version}table/incident`;
    const made = await instance.call("POST", path, { body: { short_description: "x", description: "y" } });
    const { sys_id } = made.result as { sys_id: string };
    expect([made.status, made.headers.get("location")]).toEqual([201, `${instance.url}${path}/${sys_id}`]);
    for (const method of ["PUT", "PATCH"]) {
      const answer = await instance.call(method, `${path}/${sys_id}`, {
        body: { short_description: method },
      });
      expect([answer.status, answer.result]).toEqual([
        200,
        expect.objectContaining({ short_description: method, description: "y" }),
      ]);
    }
    expect((await instance.call("GET", `${path}/${sys_id}`)).result).toMatchObject({ sys_id });
    for (const suffix of ["", `/${sys_id}`]) {
      const head = await instance.call("HEAD", path + suffix);
      expect([head.status, head.text]).toEqual([200, ""]);
    }
    const gone = await instance.call("DELETE", `${path}/${sys_id}`);
    expect([gone.status, gone.text]).toEqual([204, ""]);
  });

  test("no rows: 404 under v1, an empty list otherwise", async () => {
    for (const [version, status] of [
      ["v1/", 404],
      ["v2/", 200],
      ["", 200],
    ] as const) {
      const answer = await instance.call(
        "GET",
        `/api/now/${version}table/incident?sysparm_query=number=none`,
      );
      expect([answer.status, answer.json()]).toEqual([
        status,
        status === 200
          ? { result: [] }
          : {
              error: {
                message: "No Record found",
                detail: "Records matching query not found. Check query parameter or offset parameter",
              },
              status: "failure",
            },
      ]);
    }
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

  test("media types: nonsense is 400, an unsupported one 406 or 415, none at all is JSON", async () => {
    const get = (accept: string) =>
      instance.call("GET", "/api/now/table/incident?sysparm_limit=1", { headers: { accept } });
    expect((await get("nonsense")).status).toBe(400);
    expect((await get("text/html")).status).toBe(406);
    expect((await get("")).headers.get("content-type")).toBe("application/json;charset=UTF-8");
    const post = (type: string) =>
      instance.call("POST", "/api/now/table/incident", { body: "{}", headers: { "content-type": type } });
    expect((await post("nonsense")).status).toBe(400);
    expect((await post("application/pdf")).status).toBe(415);
    expect((await post("application/json; charset=utf-8")).status).toBe(201);
  });
});

describe("parameters, headers and pages", () => {
  const links = (header: string | null): string[] =>
    [...(header ?? "").matchAll(/rel="(\w+)"/g)].map(([, rel]) => present(rel));

  test("Link and X-Total-Count follow the page", async () => {
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

  test("the headers of a real answer, and the instance's clock in Date", async () => {
    await instance.control("POST", "clock", { set: "2026-03-29 00:59:30", freeze: true });
    const answer = await instance.call("GET", "/api/now/table/incident?sysparm_limit=1");
    await instance.control("POST", "clock", { real: true });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      server: "ServiceNow",
      date: "Sun, 29 Mar 2026 00:59:30 GMT",
      "x-is-logged-in": "true",
      "x-transaction-id": expect.stringMatching(/^[0-9a-f]{12}$/) as string,
      pragma: "no-store,no-cache",
      "cache-control": "no-cache,no-store,must-revalidate,max-age=-1",
      expires: "0",
      "content-type": "application/json;charset=UTF-8",
      "server-timing": "sem_wait;dur=0, sesh_wait;dur=0",
      "strict-transport-security": "max-age=63072000; includeSubDomains",
      "x-content-type-options": "nosniff",
    });
    expect(answer.headers.getSetCookie().map((cookie) => cookie.split("=")[0])).toEqual([
      "JSESSIONID",
      "glide_user_route",
      "glide_session_store",
    ]);
  });

  test("a list of attachments has a count and no Link", async () => {
    const answer = await instance.call("GET", "/api/now/attachment?sysparm_limit=1");
    expect(answer.headers.get("x-total-count")).toMatch(/^\d+$/);
    expect(answer.headers.get("link")).toBeNull();
  });

  test("name-value pairs filter attachments as well", async () => {
    const upload = async (file_name: string): Promise<string> => {
      const { sys_id } = await instance.create<{ sys_id: string }>("incident", {});
      const query = new URLSearchParams({ table_name: "incident", table_sys_id: sys_id, file_name });
      await instance.call("POST", `/api/now/attachment/file?${query}`, {
        body: "x",
        headers: { "content-type": "text/plain" },
      });
      return sys_id;
    };
    const [one] = [await upload("one.txt"), await upload("two.txt")];
    for (const pairs of [`table_sys_id=${one}`, `table_name=incident&table_sys_id=${one}&sysparm_offset=0`]) {
      const answer = await instance.call("GET", `/api/now/attachment?${pairs}`);
      expect(toRows(answer.result).map((row) => row.file_name)).toEqual(["one.txt"]);
    }
  });

  test("access thins out the middle page; count and Link tell that there is more", async () => {
    const seen: [rows: number, more: boolean][] = [];
    await instance.control("PATCH", "config", {
      acls: [
        {
          table: "incident",
          operation: "read",
          roles: ["itil"],
          condition: "number<INC0000021^ORnumber>INC0000040",
        },
      ],
    });
    for (const offset of [0, 20, 40, 60]) {
      const answer = await instance.call(
        "GET",
        `/api/now/table/incident?sysparm_query=numberSTARTSWITHINC00000^ORDERBYnumber&sysparm_limit=20&sysparm_offset=${offset}`,
        { as: "itil" },
      );
      expect(answer.headers.get("x-total-count")).toBe("73");
      seen.push([toRows(answer.result).length, present(answer.headers.get("link")).includes('rel="next"')]);
    }
    await instance.control("PATCH", "config", { acls: [] });
    expect(seen).toEqual([
      [20, true],
      [0, true],
      [20, true],
      [13, false],
    ]);
  });

  test("unstableTies: offset paging over ties loses rows and doubles others, the same ones each time", async () => {
    const sweep = async (order: string): Promise<string[]> => {
      const ids: string[] = [];
      for (let offset = 0, total = 1; offset < total; offset += 5) {
        const answer = await instance.call(
          "GET",
          `/api/now/table/sys_user_role?sysparm_query=${order}&sysparm_fields=sys_id&sysparm_limit=5&sysparm_offset=${offset}`,
        );
        total = Number(answer.headers.get("x-total-count"));
        ids.push(...(answer.result as { sys_id: string }[]).map((row) => row.sys_id));
      }
      return ids;
    };
    const calm = await sweep("ORDERBYsys_created_on");
    expect(new Set(calm).size).toBe(calm.length);
    await instance.control("PATCH", "config", { unstableTies: true });
    const lossy = await sweep("ORDERBYsys_created_on");
    const again = await sweep("ORDERBYsys_created_on");
    const whole = await sweep("ORDERBYsys_created_on^ORDERBYsys_id");
    await instance.control("PATCH", "config", { unstableTies: false });
    expect(lossy).toHaveLength(calm.length);
    expect(new Set(lossy).size).toBeLessThan(calm.length);
    expect(again).toEqual(lossy);
    expect(new Set(whole).size).toBe(calm.length);
  });

  test("a list has 10,000 rows unless told otherwise", async () => {
    const large = await testInstance({ incidents: 10_020 });
    const all = await large.call("GET", "/api/now/table/incident?sysparm_fields=number");
    expect([toRows(all.result).length, all.headers.get("x-total-count")]).toEqual([10_000, "10020"]);
    const more = await large.call("GET", "/api/now/table/incident?sysparm_fields=number&sysparm_limit=20000");
    expect(more.result).toHaveLength(10_020);
    await large.stop();
  });

  test("one record takes the parameters of its shape, and so does the answer to a write", async () => {
    const shape = "sysparm_fields=caller_id&sysparm_display_value=true&sysparm_exclude_reference_link=true";
    const made = await instance.call("POST", `/api/now/table/incident?sysparm_fields=sys_id`, {
      body: { caller_id: "Beth Anglin" },
    });
    expect(Object.keys(toRow(made.result))).toEqual(["sys_id"]);
    const path = `/api/now/table/incident/${(made.result as { sys_id: string }).sys_id}?${shape}`;
    expect((await instance.call("GET", path)).result).toEqual({ caller_id: "Beth Anglin" });
    expect((await instance.call("PATCH", path, { body: { urgency: 1 } })).result).toEqual({
      caller_id: "Beth Anglin",
    });
  });

  test.each([
    "sysparm_query_category=reporting",
    "sysparm_query_no_domain=true",
    "sysparm_order_by=number",
    "sysparm_nonsense=1",
  ])("%s changes nothing", async (parameter) => {
    const query =
      "sysparm_query=numberSTARTSWITHINC00000^ORDERBYDESCnumber&sysparm_fields=number&sysparm_limit=2";
    const answer = await instance.call("GET", `/api/now/table/incident?${query}&${parameter}`);
    expect(answer.result).toEqual([{ number: "INC0000073" }, { number: "INC0000072" }]);
  });

  test("empty parameters count as absent, and name-value pairs filter when there is no query", async () => {
    const empty = await instance.call(
      "GET",
      "/api/now/table/incident?sysparm_query=&sysparm_fields=&sysparm_view=&sysparm_limit=1",
    );
    expect(Object.keys(present(toRows(empty.result)[0])).length).toBeGreaterThan(90);
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
});
