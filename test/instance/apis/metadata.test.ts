import { duringTests } from "../../helpers/instance";
import { errorOf, serve, type Answer, type Json } from "./served";
import { present, toRows } from "../../helpers/present";

const instance = duringTests(serve, { incidents: 5 });

function rows(table: string, query: string, user?: string): Promise<Answer> {
  const asked = new URLSearchParams({ sysparm_query: query, sysparm_exclude_reference_link: "true" });
  return instance.call("GET", `/api/now/table/${table}?${asked}`, undefined, user);
}

describe("what tells about the instance, and to whom", () => {
  test("tables and hierarchy: sys_db_object from itil on, 403 below", async () => {
    const { list } = await rows("sys_db_object", "name=incident", "itil");
    expect(list).toMatchObject([{ name: "incident", label: "Incident" }]);
    const parent = await rows("sys_db_object", `sys_id=${String(present(list[0]).super_class)}`, "itil");
    expect(parent.list).toMatchObject([{ name: "task" }]);
    for (const user of ["reader", "employee", "norole"]) {
      const refused = await rows("sys_db_object", "", user);
      expect(refused.status).toBe(403);
      expect(errorOf(refused).message).toBe("Insufficient rights to query records");
    }
  });

  test("columns: sys_dictionary by table for the administrator, empty for others", async () => {
    const { list } = await rows("sys_dictionary", "name=incident^elementISNOTEMPTY^ORDERBYelement");
    const caller = list.find((row) => row.element === "caller_id");
    expect(caller).toMatchObject({
      column_label: "Caller",
      internal_type: "reference",
      reference: "sys_user",
      active: "true",
      mandatory: expect.stringMatching(/^(true|false)$/),
      read_only: "false",
      display: "false",
      max_length: "32",
    });
    // Inherited columns have their row with the table that defines them.
    expect(list.some((row) => row.element === "short_description")).toBe(false);
    expect((await rows("sys_dictionary", "name=task^element=short_description")).list).toHaveLength(1);
    expect((await rows("sys_dictionary", "name=incident^elementISEMPTY")).list).toMatchObject([
      { internal_type: "collection", element: "" },
    ]);
    for (const user of ["itil", "reader", "norole"])
      expect((await rows("sys_dictionary", "", user)).list).toEqual([]);
  });

  test("overrides and labels: for the administrator", async () => {
    expect((await rows("sys_dictionary_override", "")).status).toBe(200);
    const { list } = await rows("sys_documentation", "name=incident^elementISEMPTY");
    expect(list).toMatchObject([{ label: "Incident", plural: "Incidents" }]);
    for (const table of ["sys_documentation", "sys_dictionary_override"])
      expect((await rows(table, "", "itil")).list).toEqual([]);
  });

  test("choices: in their order by table and column; a child without own ones takes its parent's", async () => {
    const query = "name=incident^element=state^inactive=false^language=en^ORDERBYsequence";
    const { list } = await rows("sys_choice", query, "itil");
    expect(list.map((row) => row.label)).toEqual([
      "New",
      "In Progress",
      "On Hold",
      "Resolved",
      "Closed",
      "Canceled",
    ]);
    const inherited = await instance.call("GET", "/api/now/ui/meta/sc_task");
    const columns = inherited.result.columns as Record<string, { choices: Json[] }>;
    expect((await rows("sys_choice", "name=sc_task^element=contact_type")).list).toEqual([]);
    expect(present(columns.contact_type).choices).not.toEqual([]);
    const [label] = (await rows("sys_choice", "", "employee")).list;
    expect(Object.keys(present(label))).not.toContain("value");
    const refused = await rows("sys_choice", "name=incident^element=state", "employee");
    expect(refused.status).toBe(403);
  });

  test("classes of items: cmdb/meta from itil on", async () => {
    const meta = await instance.call("GET", "/api/now/cmdb/meta/cmdb_ci_server", undefined, "itil");
    expect(toRows(meta.result.attributes).map((column) => column.element)).toEqual(
      expect.arrayContaining(["name", "serial_number", "sys_id"]),
    );
    const refused = await instance.call("GET", "/api/now/cmdb/meta/cmdb_ci_server", undefined, "employee");
    expect(refused.status).toBe(403);
  });
});
