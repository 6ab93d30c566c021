import { duringTests } from "../helpers/instance";
import { testInstance } from "./client";
import { present } from "../helpers/present";

const instance = duringTests(testInstance, { incidents: 30 });

type Texts = Record<string, string>;
const incident = (values: object = {}, as = "admin") =>
  instance.create<Texts>("incident", { short_description: "x", ...values }, as);

describe("aggregates", () => {
  const stats = async (query: string): Promise<unknown> =>
    (await instance.call("GET", `/api/now/stats/incident?${query}`)).result;

  test("count without groups is an object, groups are a list", async () => {
    expect(await stats("sysparm_count=True&sysparm_query=numberSTARTSWITHINC00000")).toEqual({
      stats: { count: "30" },
    });
    const groups = (await stats(
      "sysparm_count=true&sysparm_avg_fields=reassignment_count&sysparm_group_by=state&sysparm_query=numberSTARTSWITHINC00000&sysparm_order_by=state^DESC",
    )) as { stats: { count: string; avg: { reassignment_count: string } }; groupby_fields: Texts[] }[];
    expect(groups.map((group) => group.groupby_fields[0])).toEqual(
      ["7", "6", "3", "2", "1"].map((value) => ({ field: "state", value })),
    );
    expect(groups.reduce((sum, group) => sum + Number(group.stats.count), 0)).toBe(30);
    expect(present(groups[0]).stats.avg.reassignment_count).toMatch(/^\d\.\d{4}$/);
  });

  test("having, order by count, display values, several groups", async () => {
    const groups = (await stats(
      "sysparm_count=true&sysparm_group_by=state,assigned_to&sysparm_display_value=all&sysparm_having=count^state^>^0&sysparm_order_by=COUNT^DESC&sysparm_min_fields=opened_at&sysparm_max_fields=opened_at&sysparm_sum_fields=impact",
    )) as { stats: { count: string; min: Texts; sum: Texts }; groupby_fields: Texts[] }[];
    const counts = groups.map((group) => Number(group.stats.count));
    expect(counts).toEqual([...counts].sort((x, y) => y - x));
    expect(present(groups[0]).groupby_fields[0]).toHaveProperty("display_value");
    expect(present(groups[0]).stats.min.opened_at).toMatch(/^\d{4}-/);
    expect(
      await stats("sysparm_count=true&sysparm_group_by=state&sysparm_having=count^state^>^1000"),
    ).toEqual([]);
  });
});

describe("attachments", () => {
  const bytes = Buffer.from([0, 1, 2, 250, 13, 10, 45, 45]);

  async function upload(id: string): Promise<Texts> {
    const response = await fetch(
      `${instance.url}/api/now/attachment/file?table_name=incident&table_sys_id=${id}&file_name=a%20b.bin`,
      {
        method: "POST",
        headers: { authorization: `Basic ${btoa("admin:admin")}`, "content-type": "image/png" },
        body: bytes,
      },
    );
    expect(response.status).toBe(201);
    expect(response.headers.get("location")).toMatch(/\/api\/now\/attachment\/[0-9a-f]{32}\/file$/);
    return ((await response.json()) as { result: Texts }).result;
  }

  test("raw upload, list, file by id and by name, rename, delete", async () => {
    const { sys_id: id } = await incident();
    const meta = await upload(present(id));
    expect(meta).toMatchObject({
      file_name: "a b.bin",
      size_bytes: "8",
      table_name: "incident",
      table_sys_id: id,
      content_type: "image/png",
      state: "available",
    });
    const list = await instance.call("GET", `/api/now/attachment?sysparm_query=table_sys_id=${id}`);
    expect([
      list.headers.get("x-total-count"),
      list.headers.get("link"),
      (list.result as Texts[]).length,
    ]).toEqual(["1", null, 1]);
    for (const path of [`${meta.sys_id}/file`, `${id}/a%20b.bin/file`]) {
      const file = await fetch(`${instance.url}/api/now/attachment/${path}`, {
        headers: { authorization: `Basic ${btoa("admin:admin")}` },
      });
      expect(Buffer.from(await file.arrayBuffer())).toEqual(bytes);
      expect(JSON.parse(present(file.headers.get("x-attachment-metadata")))).toMatchObject({
        sys_id: meta.sys_id,
      });
    }
    expect(
      (await instance.call("PATCH", `/api/now/attachment/${meta.sys_id}`, { body: { file_name: "c.bin" } }))
        .status,
    ).toBe(204);
    expect((await instance.call("GET", `/api/now/attachment/${meta.sys_id}`)).result).toMatchObject({
      file_name: "c.bin",
    });
    expect((await instance.call("GET", `/api/now/attachment/${meta.sys_id}`, { as: "norole" })).status).toBe(
      404,
    );
    expect((await instance.call("DELETE", `/api/now/attachment/${meta.sys_id}`)).status).toBe(204);
    expect((await instance.call("GET", `/api/now/attachment/${meta.sys_id}/file`)).status).toBe(404);
  });

  test("multipart; without a boundary it is refused", async () => {
    const { sys_id: id } = await incident();
    const form = new FormData();
    form.set("table_name", "incident");
    form.set("table_sys_id", present(id));
    form.set("uploadFile", new Blob([bytes], { type: "text/csv" }), "data.csv");
    const auth = { authorization: `Basic ${btoa("admin:admin")}` };
    const response = await fetch(`${instance.url}/api/now/attachment/upload`, {
      method: "POST",
      headers: auth,
      body: form,
    });
    expect(response.status).toBe(201);
    expect(((await response.json()) as { result: Texts }).result).toMatchObject({
      file_name: "data.csv",
      size_bytes: "8",
      content_type: "text/csv",
    });
    const bare = await fetch(`${instance.url}/api/now/attachment/upload`, {
      method: "POST",
      headers: { ...auth, "content-type": "multipart/form-data" },
      body: "x",
    });
    expect(bare.status).toBe(400);
    expect(
      (await instance.call("POST", "/api/now/attachment/file?table_name=incident", { body: "x" })).status,
    ).toBe(400);
  });

  test("attributes", async () => {
    const { sys_id } = await upload(present((await incident()).sys_id));
    expect(
      (await instance.call("POST", `/api/now/attachment/${sys_id}/attributes`, { body: { colour: "red" } }))
        .status,
    ).toBe(201);
    expect((await instance.call("GET", `/api/now/attachment/${sys_id}/attributes/colour`)).result).toEqual({
      colour: "red",
    });
    expect((await instance.call("DELETE", `/api/now/attachment/${sys_id}/attributes/colour`)).status).toBe(
      204,
    );
    expect((await instance.call("GET", `/api/now/attachment/${sys_id}/attributes`)).result).toEqual({});
  });
});

describe("batch", () => {
  type Served = { id: string; status_code: number; body: string; headers: object[] };
  const batch = async (
    rest_requests: object[],
    as = "admin",
  ): Promise<{ serviced_requests: Served[]; unserviced_requests: string[] }> =>
    (
      await instance.call("POST", "/api/now/v1/batch", { as, body: { batch_request_id: "1", rest_requests } })
    ).json() as never;
  const read = (served: Served): unknown => JSON.parse(Buffer.from(served.body, "base64").toString());

  test("parts run in order as the caller, with base64 bodies", async () => {
    const body = Buffer.from(JSON.stringify({ short_description: "in a batch" })).toString("base64");
    const answer = await batch([
      {
        id: "a",
        method: "POST",
        url: "/api/now/table/incident",
        headers: [{ name: "Content-Type", value: "application/json" }],
        body,
      },
      {
        id: "b",
        method: "GET",
        url: "/api/now/table/incident?sysparm_query=short_description=in a batch&sysparm_fields=short_description",
        exclude_response_headers: true,
      },
      { id: "c", method: "GET", url: "/api/now/table/none" },
      { id: "d", method: "DELETE", url: "api/now/nonsense" },
    ]);
    expect(answer.serviced_requests.map((part) => [part.id, part.status_code])).toEqual([
      ["a", 201],
      ["b", 200],
      ["c", 400],
      ["d", 400],
    ]);
    expect(read(present(answer.serviced_requests[1]))).toEqual({
      result: [{ short_description: "in a batch" }],
    });
    expect(present(answer.serviced_requests[1]).headers).toEqual([]);
    expect(answer.unserviced_requests).toEqual([]);
    const other = await batch([{ id: "x", method: "GET", url: "/api/now/table/sys_db_object" }], "norole");
    expect(present(other.serviced_requests[0]).status_code).toBe(403);
  });

  test("what does not fit the quota is left unserviced", async () => {
    await instance.control("PATCH", "config", { batchQuotaSeconds: 0 });
    const part = (id: string) => ({ id, method: "GET", url: "/api/now/table/incident?sysparm_limit=1" });
    const answer = await batch([part("1"), part("2"), part("3")]);
    expect([answer.serviced_requests.map((served) => served.id), answer.unserviced_requests]).toEqual([
      ["1"],
      ["2", "3"],
    ]);
    await instance.control("PATCH", "config", { batchQuotaSeconds: 30 });
  });
});
