import { duringTests } from "../helpers/instance";
import { testInstance } from "./client";
import { demo, password, refusal, token } from "./oauth";
import { present, toRows } from "../helpers/present";

// What the Python client of that name puts on the wire. S6 and S10 to S15 stand beside what they are about.
const instance = duringTests(testInstance, { incidents: 30 });

const table = "/api/now/table/incident";
const failure = (message: string, detail: string | null) => ({
  error: { message, detail },
  status: "failure",
});

test("a token answer has all five fields, the scope among them", async () => {
  const { client_id, client_secret } = demo;
  const basic = Buffer.from(`${client_id}:${client_secret}`).toString("base64");
  const answer = await token(instance, password, { authorization: `Basic ${basic}` });
  expect(answer.body).toEqual({
    access_token: expect.stringMatching(/^[\w-]{86}$/) as string,
    refresh_token: expect.stringMatching(/^[\w-]{86}$/) as string,
    scope: "useraccount",
    token_type: "Bearer",
    expires_in: expect.any(Number) as number,
  });
});

test("bad credentials are a JSON error of OAuth", async () => {
  const answer = await token(instance, { ...demo, ...password, password: "wrong" });
  expect([answer.status, answer.body]).toEqual([401, refusal]);
});

test("booleans in any case", async () => {
  for (const yes of ["True", "TRUE", "true"]) {
    const query = `sysparm_exclude_reference_link=${yes}&sysparm_display_value=${yes}&sysparm_suppress_pagination_header=${yes}`;
    const answer = await instance.call(
      "GET",
      `${table}?${query}&sysparm_limit=1&sysparm_fields=opened_by&sysparm_query=opened_byISNOTEMPTY`,
    );
    const [row] = toRows(answer.result);
    expect(typeof present(row).opened_by).toBe("string");
    expect(present(row).opened_by).not.toMatch(/^[0-9a-f]{32}$/);
    expect(answer.headers.get("link")).toBeNull();
  }
  for (const no of ["False", "false", "no"]) {
    const answer = await instance.call(
      "GET",
      `${table}?sysparm_exclude_reference_link=${no}&sysparm_display_value=${no}&sysparm_suppress_pagination_header=${no}&sysparm_limit=1&sysparm_fields=opened_by&sysparm_query=opened_byISNOTEMPTY`,
    );
    expect(answer.result).toEqual([
      { opened_by: { link: expect.any(String) as string, value: expect.any(String) as string } },
    ]);
    expect(answer.headers.get("link")).not.toBeNull();
  }
});

test("list parameters on POST, PUT and DELETE do no harm", async () => {
  const sysparms = "sysparm_query=number%3Dx&sysparm_limit=3&sysparm_offset=0&sysparm_fields=&sysparm_view=";
  const made = await instance.call("POST", `${table}?${sysparms}`, { body: { short_description: "x" } });
  const { sys_id } = made.result as { sys_id: string };
  const put = await instance.call("PUT", `${table}/${sys_id}?${sysparms}`, { body: { urgency: "1" } });
  expect(put.result).toMatchObject({ sys_id, urgency: "1", short_description: "x" });
  expect((await instance.call("DELETE", `${table}/${sys_id}?${sysparms}`)).status).toBe(204);
});

test("on insert, 204 without a body on delete, 200 and an empty list for no match", async () => {
  const made = await instance.call("POST", table, { body: {} });
  expect(made.status).toBe(201);
  const gone = await instance.call("DELETE", `${table}/${(made.result as { sys_id: string }).sys_id}`);
  expect([gone.status, gone.text]).toEqual([204, ""]);
  const none = await instance.call("GET", `${table}?sysparm_query=number%3Dnone`);
  expect([none.status, none.json()]).toEqual([200, { result: [] }]);
});

test("errors of 400, 401 and 404 have one shape", async () => {
  const unknown = await instance.call("GET", "/api/now/table/nonsense");
  expect([unknown.status, unknown.json()]).toEqual([400, failure("Invalid table nonsense", null)]);
  const nobody = await instance.call("GET", table, { headers: { authorization: "Basic eDp5" } });
  expect([nobody.status, nobody.json()]).toEqual([
    401,
    failure("User is not authenticated", "Required to provide Auth information"),
  ]);
  const missing = await instance.call("GET", `${table}/${"0".repeat(32)}`);
  expect([missing.status, missing.json()]).toEqual([
    404,
    failure("No Record found", "Record doesn't exist or ACL restricts the record retrieval"),
  ]);
});

describe("every operator its query builder writes", () => {
  const own = "correlation_id=s9";
  beforeAll(async () => {
    for (const [short_description, urgency, opened_at, assigned_to] of [
      ["one disk", 1, "2026-03-01 10:00:00", "Beth Anglin"],
      ["two Disk full", 2, "2026-03-02 10:00:00", ""],
      ["three", 3, "2026-03-03 10:00:00", "David Loo"],
    ])
      await instance.create("incident", {
        correlation_id: "s9",
        short_description,
        urgency,
        opened_at,
        assigned_to,
        description: short_description === "three" ? "three" : "other",
      });
  });

  test.each<[string, string[]]>([
    ["urgency=2", ["two"]],
    ["urgency!=2", ["one", "three"]],
    ["urgencyIN1,3", ["one", "three"]],
    ["urgencyNOT IN1,3", ["two"]],
    ["short_descriptionLIKEdisk", ["one", "two"]],
    ["short_descriptionNOT LIKEdisk", ["three"]],
    ["short_descriptionSTARTSWITHt", ["three", "two"]],
    ["short_descriptionENDSWITHdisk", ["one"]],
    ["assigned_toISEMPTY", ["two"]],
    ["assigned_toISNOTEMPTY", ["one", "three"]],
    ["urgency>2", ["three"]],
    ["urgency>=2", ["three", "two"]],
    ["urgency<2", ["one"]],
    ["urgency<=2", ["one", "two"]],
    [
      'opened_atBETWEENjavascript:gs.dateGenerate("2026-03-01 09:00:00")@javascript:gs.dateGenerate("2026-03-02 11:00:00")',
      ["one", "two"],
    ],
    ["urgencyBETWEEN1@2", ["one", "two"]],
    ['opened_at>javascript:gs.dateGenerate("2026-03-02 10:00:00")', ["three"]],
    [
      'opened_atON2026-03-02@javascript:gs.dateGenerate("2026-03-02","start")@javascript:gs.dateGenerate("2026-03-02","end")',
      ["two"],
    ],
    [
      'opened_atNOTON2026-03-02@javascript:gs.dateGenerate("2026-03-02","start")@javascript:gs.dateGenerate("2026-03-02","end")',
      ["one", "three"],
    ],
    ["short_descriptionSAMEASdescription", ["three"]],
    ["short_descriptionNSAMEASdescription", ["one", "two"]],
    ["assigned_toEMPTYSTRING", ["two"]],
    ["assigned_toANYTHING", ["one", "three", "two"]],
    ["urgency=1^ORurgency=3", ["one", "three"]],
    [`urgency=1^NQ${own}^urgency=2`, ["one", "two"]],
  ])("%s", async (query, expected) => {
    const rows = await instance.rows<{ short_description: string }>("incident", `${own}^${query}`);
    expect(rows.map((row) => row.short_description.split(" ")[0]).sort()).toEqual(expected);
  });

  test("ORDERBY and ORDERBYDESC", async () => {
    const order = async (by: string) =>
      (await instance.rows<{ urgency: string }>("incident", `${own}^${by}urgency`)).map((row) => row.urgency);
    expect(await order("ORDERBY")).toEqual(["1", "2", "3"]);
    expect(await order("ORDERBYDESC")).toEqual(["3", "2", "1"]);
  });
});
