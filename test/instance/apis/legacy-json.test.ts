import { duringTests } from "../../helpers/instance";
import { forbidInserts, serve, type Answer, type Json } from "./served";
import { present, toRows } from "../../helpers/present";

const instance = duringTests(serve, { incidents: 0 });

function call(action: string, more = "", body?: unknown, user?: string, table = "incident"): Promise<Answer> {
  const method = body === undefined ? "GET" : "POST";
  return instance.call(method, `/${table}.do?JSONv2&sysparm_action=${action}${more}`, body, user);
}
const records = (answer: Answer): Json[] => toRows(answer.body.records);
const query = (text: string): string => `&sysparm_query=${encodeURIComponent(text)}`;

describe("JSONv2, every action", () => {
  test("insert, get, getKeys and getRecords", async () => {
    const made = await call("insert", "", { short_description: "legacy", impact: "1", urgency: "1" });
    expect(made.status).toBe(200);
    const [record] = records(made);
    expect(record).toMatchObject({
      __status: "success",
      short_description: "legacy",
      priority: "1",
      active: "true",
    });
    const id = String(present(record).sys_id);
    expect(records(await call("get", `&sysparm_sys_id=${id}`))).toEqual([record]);
    expect(records(await call("get", `&sysparm_sys_id=${"0".repeat(32)}`))).toEqual([]);
    expect((await call("getKeys", query("short_description=legacy"))).body).toEqual({ records: [id] });
    expect(records(await call("getRecords", query("short_description=legacy")))).toEqual([record]);
    const plain = await instance.call("GET", `/incident.do?JSONv2${query(`sys_id=${id}`)}`);
    expect(records(plain)).toHaveLength(1);
  });

  test("displayvalue true shows display values, all shows both", async () => {
    const shown = async (value: string): Promise<Json> =>
      present(
        records(await call("getRecords", `&displayvalue=${value}${query("short_description=legacy")}`))[0],
      );
    expect(await shown("true")).toMatchObject({ priority: "1 - Critical" });
    expect(await shown("all")).toMatchObject({ priority: "1", dv_priority: "1 - Critical" });
  });

  test("insertMultiple takes a list or records, update and deleteMultiple a query", async () => {
    const rows = ["a", "b", "c"].map((letter) => ({ short_description: `many ${letter}` }));
    expect(records(await call("insertMultiple", "", { records: rows.slice(0, 2) }))).toHaveLength(2);
    expect(records(await call("insertMultiple", "", JSON.stringify(rows.slice(2))))).toHaveLength(1);
    const changed = await call("update", query("short_descriptionSTARTSWITHmany"), { urgency: "1" });
    expect(records(changed).map((row) => row.urgency)).toEqual(["1", "1", "1"]);
    const [first] = records(changed);
    const one = await call("deleteRecord", "", { sysparm_sys_id: present(first).sys_id });
    expect(records(one)).toMatchObject([{ sys_id: present(first).sys_id, __status: "success" }]);
    const rest = await call("deleteMultiple", "", { sysparm_query: "short_descriptionSTARTSWITHmany" });
    expect(rest.body).toMatchObject({ count: 2 });
    expect((await call("getKeys", query("short_descriptionSTARTSWITHmany"))).body).toEqual({ records: [] });
    expect((await call("deleteMultiple", "", {})).status).toBe(400);
  });

  test("the action in the body counts before the one in the URL", async () => {
    const answer = await call("getKeys", "", { sysparm_action: "insert", short_description: "by body" });
    expect(records(answer)).toMatchObject([{ short_description: "by body" }]);
  });

  test("at most 250 rows come, or as many as the property says", async () => {
    const rows = Array.from({ length: 260 }, (_, at) => ({ short_description: `row ${at}` }));
    await call("insertMultiple", "", { records: rows }, "admin", "ticket");
    const count = async (): Promise<number> =>
      records(await call("getRecords", "", undefined, "admin", "ticket")).length;
    expect(await count()).toBe(250);
    await instance.call("POST", "/api/now/table/sys_properties", {
      name: "glide.processor.json.row_limit",
      value: "20",
    });
    expect(await count()).toBe(20);
    expect(
      records(await call("getRecords", "&sysparm_record_count=7", undefined, "admin", "ticket")),
    ).toHaveLength(7);
  });

  test("access holds: what may not be written says so itself, what may not be read is not there", async () => {
    const refused = await call("insert", "", { short_description: "x" }, "case.agent", "problem");
    expect(records(refused)).toEqual([
      {
        __status: "failure",
        __error: {
          message: "Operation Failed",
          reason: "ACL Exception Insert Failed due to security constraints",
        },
      },
    ]);
    expect(records(await call("getRecords", "", undefined, "case.agent"))).toEqual([]);
    expect((await call("getRecords", "", undefined, "")).status).toBe(401);
    expect((await call("getRecords", "", undefined, "admin", "no_such_table")).status).toBe(400);
    expect((await call("explode", "", {})).status).toBe(400);
    expect((await call("insert", "")).status).toBe(405);
    expect((await instance.call("GET", "/api/jsonv2/incident")).status).toBe(400);
    // Without the parameter it is a page like any other.
    expect((await instance.call("GET", "/incident.do")).status).toBe(404);
  });

  test("events come in bulk past the business rules", async () => {
    await forbidInserts(instance, "em_event");
    const events = [{ source: "legacy", node: "host", severity: "1", additional_info: { a: "b" } }];
    const made = await call("insertMultiple", "", { records: events }, "integration", "em_event");
    expect(records(made)).toMatchObject([
      { __status: "success", node: "host", additional_info: '{"a":"b"}' },
    ]);
  });
});
