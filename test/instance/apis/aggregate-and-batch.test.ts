import { duringTests } from "../../helpers/instance";
import { errorOf, serve, type Answer, type Json } from "./served";
import { present, toRow, toRows } from "../../helpers/present";

const instance = duringTests(serve, { incidents: 0 });
beforeAll(async () => {
  for (const [state, urgency, reassignment_count] of [
    ["1", "1", "1"],
    ["1", "2", "2"],
    ["1", "3", "4"],
    ["2", "3", "6"],
    ["2", "3", "9"],
    ["3", "1", "0"],
  ])
    await instance.call("POST", "/api/now/table/incident", { state, urgency, reassignment_count });
});

const stats = (query: string, user?: string): Promise<Answer> =>
  instance.call("GET", `/api/now/stats/incident?${query}`, undefined, user);
/** Groups as `value: count`, in the order they came. */
async function groups(query: string): Promise<string[]> {
  const { list } = await stats(`sysparm_count=true&sysparm_group_by=state&${query}`);
  return list.map(
    (group) =>
      `${String(present(toRows(group.groupby_fields)[0]).value)}: ${String(toRow(group.stats).count)}`,
  );
}

describe("every parameter", () => {
  test.each([
    ["sysparm_count=true", { count: "6" }],
    ["sysparm_count=true&sysparm_query=state=1", { count: "3" }],
    ["sysparm_count=true&sysparm_query=state=1&sysparm_query_category=any", { count: "3" }],
    ["sysparm_avg_fields=reassignment_count", { avg: { reassignment_count: "3.6667" } }],
    ["sysparm_min_fields=reassignment_count", { min: { reassignment_count: "0" } }],
    ["sysparm_max_fields=reassignment_count,urgency", { max: { reassignment_count: "9", urgency: "3" } }],
    ["sysparm_sum_fields=reassignment_count", { sum: { reassignment_count: "22" } }],
    ["sysparm_sum_fields=no_such_field&sysparm_count=true", { count: "6" }],
    [
      "sysparm_query=state=8&sysparm_count=true&sysparm_avg_fields=urgency",
      { count: "0", avg: { urgency: "" } },
    ],
  ])("%s", async (query, wanted) => {
    expect((await stats(query)).result).toEqual({ stats: wanted });
  });

  test.each([
    ["", ["1: 3", "2: 2", "3: 1"]],
    ["sysparm_order_by=state^DESC", ["3: 1", "2: 2", "1: 3"]],
    ["sysparm_order_by=COUNT", ["3: 1", "2: 2", "1: 3"]],
    ["sysparm_order_by=COUNT^DESC", ["1: 3", "2: 2", "3: 1"]],
    [
      "sysparm_avg_fields=reassignment_count&sysparm_order_by=AVG^reassignment_count",
      ["3: 1", "1: 3", "2: 2"],
    ],
    ["sysparm_having=count^state^>^1", ["1: 3", "2: 2"]],
    ["sysparm_having=count^state^>^1,count^state^<^3", ["2: 2"]],
    ["sysparm_having=sum^reassignment_count^>=^7", ["1: 3", "2: 2"]],
    ["sysparm_having=nonsense", ["1: 3", "2: 2", "3: 1"]],
  ])("groups by state, %s", async (query, wanted) => {
    expect(await groups(query)).toEqual(wanted);
  });

  test.each([
    ["false", { field: "state", value: "2" }],
    ["true", { field: "state", value: "In Progress", display_value: "In Progress" }],
    ["all", { field: "state", value: "2", display_value: "In Progress" }],
  ])("sysparm_display_value=%s of a group", async (shown, wanted) => {
    const { list } = await stats(
      `sysparm_count=true&sysparm_group_by=state&sysparm_query=state=2&sysparm_display_value=${shown}`,
    );
    expect(list).toEqual([{ stats: { count: "2" }, groupby_fields: [wanted] }]);
  });

  test("an unknown table, a user who sees nothing, a column that may not be read", async () => {
    const unknown = await instance.call("GET", "/api/now/stats/nope?sysparm_count=true");
    expect(errorOf(unknown).message).toBe("Invalid table nope");
    expect((await stats("sysparm_count=true", "case.agent")).result).toEqual({ stats: { count: "0" } });
    await instance.control("PATCH", "config", {
      acls: [{ table: "incident", operation: "read", field: "urgency", roles: ["admin"] }],
    });
    const refused = await stats("sysparm_avg_fields=urgency", "itil");
    expect(refused.status).toBe(403);
    expect(errorOf(refused).message).toBe("Insufficient rights to query records");
    await instance.control("PATCH", "config", { acls: [] });
  });
});

describe("every field of a batch", () => {
  const batch = (rest_requests: unknown[], headers: Record<string, string> = {}): Promise<Json> =>
    fetch(`${instance.url}/api/now/v1/batch`, {
      method: "POST",
      headers: {
        authorization: `Basic ${btoa("admin:admin")}`,
        "content-type": "application/json",
        ...headers,
      },
      body: JSON.stringify({ batch_request_id: "b-1", rest_requests }),
    }).then((response) => response.json() as Promise<Json>);
  const part = (id: string, more: Json = {}): Json => ({
    id,
    method: "GET",
    url: "/api/now/table/incident?sysparm_limit=1&sysparm_fields=number",
    ...more,
  });
  const served = async (requests: unknown[], headers?: Record<string, string>): Promise<Json[]> =>
    toRows((await batch(requests, headers)).serviced_requests);

  test("the answer names the batch, and each part with code, text, headers, time and base64 body", async () => {
    const answer = await batch([part("one")]);
    expect(answer).toEqual({
      batch_request_id: "b-1",
      serviced_requests: [
        {
          id: "one",
          status_code: 200,
          status_text: "OK",
          body: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/),
          headers: expect.arrayContaining([
            { name: "Content-Type", value: "application/json;charset=UTF-8" },
            { name: "X-Total-Count", value: "6" },
          ]),
          execution_time: expect.any(Number),
        },
      ],
      unserviced_requests: [],
    });
  });

  test("headers of a part count for that part; they can be left out of its answer", async () => {
    const [created, bare] = await served([
      part("a", {
        method: "POST",
        url: "/api/now/table/problem",
        headers: [
          { name: "Content-Type", value: "application/json" },
          { name: "X-no-response-body", value: "true" },
        ],
        body: btoa('{"short_description":"from a batch"}'),
      }),
      part("b", { exclude_response_headers: true }),
    ]);
    expect(created).toMatchObject({ status_code: 201, body: "" });
    expect(present(bare).headers).toEqual([]);
  });

  test("any API may be called, in the order given, and each part stands alone", async () => {
    const answers = await served([
      part("catalog", { url: "/api/sn_sc/servicecatalog/catalogs" }),
      part("make", { method: "POST", url: "/api/now/table/ticket", body: btoa("{}") }),
      part("wrong", { url: "/api/now/table/nope" }),
      part("count", { url: "/api/now/stats/ticket?sysparm_count=true" }),
      part("batch", { method: "POST", url: "/api/now/v1/batch", body: btoa("{}") }),
    ]);
    expect(answers.map(({ id, status_code }) => [id, status_code])).toEqual([
      ["catalog", 200],
      ["make", 201],
      ["wrong", 400],
      ["count", 200],
      ["batch", 400],
    ]);
    expect(JSON.parse(atob(String(present(answers[3]).body)))).toEqual({ result: { stats: { count: "1" } } });
  });

  test("a part may send 5 MB at most, and answer as much as the header allows", async () => {
    const [large] = await served([
      part("large", {
        method: "POST",
        url: "/api/now/table/incident",
        body: btoa("x".repeat(5 * 1024 * 1024 + 1)),
      }),
    ]);
    expect(large).toMatchObject({ status_code: 413 });
    const [cut] = await served([part("cut")], { "X-BATCHREQUEST-MAX-OUTPUT-SIZE": "10" });
    expect(cut).toMatchObject({ body: "", error_message: expect.stringContaining("10 bytes") });
  });

  test("a body that is no batch is refused", async () => {
    for (const body of ["[]", "{}", '{"rest_requests":"x"}'])
      expect((await instance.call("POST", "/api/now/v1/batch", body)).status).toBe(400);
  });
});
