import { mends, useRegistry } from "../../helpers/registry-suite";
import type { Row } from "../../helpers/action-suite";
import { toRows } from "../../helpers/present";

/** What the registry's actions on the list of tables, people, incidents and items got wrong. */
const { step, stepAs, record, read, rows, faults, action, run } = useRegistry();
afterEach(() => faults([]));

const incident = async (values: Row = {}) =>
  record("incident", { short_description: "Registry", urgency: "2", ...values });
describe("tables and people", () => {
  mends("list-tables", "reads names and labels in pages instead of whole rows of all tables", async () => {
    const { asked: requests } = await step("list-tables", { limit: 3 });
    const lists = requests.filter(({ path }) => path.endsWith("/sys_db_object"));
    for (const { params } of lists) {
      expect(params.sysparm_fields).toMatch(/^(sys_id,)?(name|label)/);
      expect(Number(params.sysparm_limit)).toBeLessThanOrEqual(200);
    }
    expect(lists).not.toEqual([]);
  });
  mends("list-tables", "asks for access a few tables at a time, and only for those it returns", async () => {
    const { asked: requests } = await step("list-tables", { limit: 3 });
    const probes = requests.filter(({ path }) => !path.endsWith("/sys_db_object"));
    // One portion of eight is enough for three tables; the registry's action asked for every table of the instance.
    expect(probes.length).toBeLessThanOrEqual(8);
    expect(probes.every(({ params }) => params.sysparm_limit === "1")).toBe(true);
  });
  mends("list-tables", 'a busy instance is an error, not "no access"', async () => {
    await faults([{ match: { path: "/api/now/table/(?!sys_db_object)" }, status: 500 }]);
    await expect(step("list-tables", { limit: 3 })).rejects.toThrow(/500/);
  });
  mends(
    "list-tables",
    "the filter on active tables, a column that the table of tables does not have, is refused with a reason",
    async () => {
      await expect(step("list-tables", { filterActive: true })).rejects.toThrow(/no such column/);
    },
  );
  mends("get-current-user", "uses the documented Table API only", async () => {
    const { asked: requests, result } = await stepAs("itil", "get-current-user", {});
    expect(requests.every(({ path }) => path.startsWith("/api/now/table/"))).toBe(true);
    expect(result).toMatchObject({ user_name: "itil" });
  });
  mends("get-current-user", "reference fields come as values with their labels", async () => {
    const department = (await rows("cmn_department"))[0];
    const me = (await rows("sys_user", "user_name=admin"))[0];
    await run(action("update-table-record"), {
      table: "sys_user",
      recordId: me?.sys_id,
      updateFields: { department: department?.sys_id },
    });
    const { result } = await step("get-current-user");
    expect(result).toMatchObject({ department: department?.sys_id, department_label: department?.name });
  });
  mends(
    "find-users",
    "returns the columns that identify a person instead of all personal data; `responseFields` gives others",
    async () => {
      const { result } = await step("find-users", { searchField: "name", searchValue: "System", limit: 5 });
      const [person] = toRows(result);
      expect(Object.keys(person ?? {}).length).toBeLessThan(15);
      expect(person).not.toHaveProperty("mobile_phone");
      const phones = await step("find-users", {
        searchValue: "System",
        responseFields: ["phone", "mobile_phone"],
      });
      expect(toRows(phones.result)[0]).toEqual({
        phone: expect.any(String),
        mobile_phone: expect.any(String),
      });
    },
  );
  mends("find-users", "finds by user name and employee number too, in a stable order", async () => {
    const { sys_id: id } = await record("sys_user", {
      user_name: "gone.person",
      employee_number: "E-77",
      active: "false",
    });
    for (const [searchField, searchValue] of [
      ["user_name", "gone.person"],
      ["employee_number", "E-77"],
    ])
      expect((await step("find-users", { searchField, searchValue })).result).toEqual([
        expect.objectContaining({ sys_id: id, active: "false" }),
      ]);
    const { asked: requests } = await step("find-users", { searchValue: "a" });
    expect(requests[0]?.params.sysparm_query).toMatch(/ORDERBYDESCactive\^ORDERBYname/);
  });
  mends("get-incident", "labels stand beside the raw codes", async () => {
    const { number } = await incident();
    const { result } = await step("get-incident", { incidentNumber: number });
    expect(result).toEqual([
      expect.objectContaining({ state: "1", state_label: "New", urgency_label: "2 - Medium" }),
    ]);
  });
  mends("get-incident", "a caller is found by name or e-mail too", async () => {
    const [caller] = await rows("sys_user", "user_name=employee");
    const { number } = await incident({ caller_id: caller?.sys_id });
    for (const callerId of [
      caller?.sys_id,
      caller?.user_name,
      { label: "Somebody", value: caller?.sys_id },
    ]) {
      const { result } = await step("get-incident", { incidentNumber: number, callerId });
      expect(result).toEqual([
        expect.objectContaining({ number, caller_id: { link: expect.any(String), value: caller?.sys_id } }),
      ]);
    }
  });
  mends(
    "get-incident",
    "a few dozen telling columns instead of the whole row; `responseFields` gives others",
    async () => {
      const { number, sys_id: id } = await incident({ correlation_id: "r-9" });
      const { result } = await step("get-incident", { incidentNumber: number });
      expect(Object.keys(toRows(result)[0] ?? {}).length).toBeLessThan(45);
      expect(Object.keys(await read("incident", String(id))).length).toBeGreaterThan(60);
      const other = await step("get-incident", {
        incidentNumber: number,
        responseFields: ["correlation_id"],
      });
      expect(other.result).toEqual([{ correlation_id: "r-9" }]);
    },
  );
  mends("search-configuration-items", "a class includes its subclasses", async () => {
    const { result } = await step("search-configuration-items", {
      sysClassName: "cmdb_ci_server",
      limit: 1000,
    });
    const classes = new Set(toRows(result).map((row) => row.sys_class_name));
    expect(classes).toContain("cmdb_ci_linux_server");
  });
  mends(
    "search-configuration-items",
    "several words and serial numbers, IP addresses and FQDNs are searched",
    async () => {
      await record("cmdb_ci_linux_server", {
        name: "quokka-1",
        serial_number: "SN-1",
        ip_address: "10.9.9.9",
        fqdn: "q.example.com",
      });
      for (const searchValue of ["SN-1 quokka", "10.9.9.9", "q.example.com", "quokka-1"])
        expect((await step("search-configuration-items", { searchValue })).result).toHaveLength(1);
      expect((await step("search-configuration-items", { searchValue: "quokka SN-2" })).result).toEqual([]);
    },
  );
  mends(
    "search-configuration-items",
    "the columns that tell an item instead of the whole row; `responseFields` gives others",
    async () => {
      const { result } = await step("search-configuration-items", { searchValue: "appl-003" });
      expect(Object.keys(toRows(result)[0] ?? {}).length).toBeLessThan(15);
      const other = await step("search-configuration-items", {
        searchValue: "appl-003",
        responseFields: "comments",
      });
      expect(other.result).toEqual([{ comments: expect.any(String) }]);
    },
  );
});
