import { duringTests } from "../helpers/instance";
import { testInstance } from "./client";
import { switchedTo } from "./with-switches";
import { present } from "../helpers/present";

const instance = duringTests(testInstance, { incidents: 20 });

const beth = "46d44a23a9fe19810012d100cca80666";

describe("writes", () => {
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

  test("PUT leaves other columns alone; what changes nothing keeps the stamps", async () => {
    const row = await instance.create<Record<string, string>>("incident", {
      short_description: "a",
      description: "b",
    });
    const put = await instance.call("PUT", `/api/now/table/incident/${row.sys_id}`, {
      body: { short_description: "c" },
    });
    expect(put.result).toMatchObject({ short_description: "c", description: "b", sys_mod_count: "1" });
    expect(await instance.update("incident", present(row.sys_id), { short_description: "c" })).toMatchObject({
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
    expect(await instance.update("incident", present(row.sys_id), { category: "my own" })).toMatchObject({
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

  test("a password written plainly is unusable, as a display value it works", async () => {
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

  test("dates are UTC in the writer's zone too, and a reference may be named", async () => {
    const row = await instance.create(
      "incident",
      {
        opened_at: "2026-07-01 10:00:00",
        caller_id: "Beth Anglin",
        assigned_to: "Nobody By That Long Name, Esq." + "!".repeat(9),
      },
      "newyork",
    );
    expect(row).toMatchObject({
      opened_at: "2026-07-01 10:00:00",
      caller_id: { value: beth },
      assigned_to: { value: "Nobody By That Long Name, Esq.!!" },
    });
  });

  test("an empty text clears a column, unless it is a choice", async () => {
    const row = await instance.create<Record<string, string>>("incident", {
      description: "x",
      caller_id: beth,
      contact_type: "phone",
    });
    expect(
      await instance.update("incident", present(row.sys_id), {
        description: "",
        caller_id: "",
        contact_type: "",
      }),
    ).toMatchObject({ description: "", caller_id: "", contact_type: "phone" });
  });

  test("a column that the user may not write stays as it is, with 200", async () => {
    await instance.control("PATCH", "config", {
      acls: [{ table: "incident", operation: "write", field: "description", roles: ["admin"] }],
    });
    const { sys_id } = await instance.create<{ sys_id: string }>("incident", { description: "mine" });
    const answer = await instance.call("PATCH", `/api/now/table/incident/${sys_id}`, {
      as: "itil",
      body: { description: "yours", short_description: "new" },
    });
    expect(answer.status).toBe(200);
    expect(answer.result).toMatchObject({ description: "mine", short_description: "new" });
    await instance.control("PATCH", "config", { acls: [] });
  });

  test("of a list of records only the first counts, and a wrapped record is unwrapped", async () => {
    for (const body of [
      [{ short_description: "first" }, { short_description: "second" }],
      { records: [{ short_description: "first" }] },
    ]) {
      const answer = await instance.call("POST", "/api/now/table/incident", { body });
      expect([answer.status, (answer.result as { short_description: string }).short_description]).toEqual([
        201,
        "first",
      ]);
    }
  });

  test("a change that names a standard template gets what the template says, beside what was written", async () => {
    const [version] = await instance.rows<{ sys_id: string }>(
      "std_change_producer_version",
      "nameSTARTSWITHClear BGP",
    );
    const change = await instance.create<Record<string, string>>("change_request", {
      type: "standard",
      chg_model: "standard",
      std_change_producer_version: present(version).sys_id,
      short_description: "mine",
    });
    expect(change).toMatchObject({
      short_description: "mine",
      category: "Network",
      backout_plan: "Reboot the router",
    });
    expect(change.description).toContain("sessions of the router");
    for (const state of ["-2", "-1", "0", "3"])
      expect(
        await instance.update("change_request", present(change.sys_id), {
          state,
          close_code: "successful",
          close_notes: "done",
        }),
      ).toMatchObject({ state });
  });

  test("a class of configuration items has columns of its own", async () => {
    const row = await instance.create<Record<string, string>>("cmdb_ci_linux_server", {
      name: "own columns",
      cpu_count: "4",
      classification: "Development",
    });
    expect(row).toMatchObject({ cpu_count: "4", classification: "Development" });
    const [parent] = await instance.rows("cmdb_ci", `sys_id=${row.sys_id}`);
    expect(parent).not.toHaveProperty("cpu_count");
    expect(await instance.rows("cmdb_ci_computer", "cpu_count=4")).toHaveLength(1);
  });

  test("a sys_id may be chosen, in capitals too", async () => {
    const chosen = "AAAABBBBCCCCDDDDEEEEFFFF00001111";
    expect(await instance.create("problem", { sys_id: chosen })).toMatchObject({ sys_id: chosen });
    expect((await instance.call("GET", `/api/now/table/problem/${chosen}`)).status).toBe(200);
    expect((await instance.call("DELETE", `/api/now/table/problem/${chosen}`)).status).toBe(204);
  });

  test("a sys_id that is taken is refused, also in a table beside it and while its write is not visible yet", async () => {
    const chosen = "c0ffee".padEnd(32, "0");
    const post = (table: string, id = chosen) =>
      instance.call("POST", `/api/now/table/${table}`, { body: { sys_id: id } });
    expect((await post("incident")).status).toBe(201);
    for (const table of ["incident", "problem"]) {
      const again = await post(table);
      expect([again.status, again.text]).toEqual([403, expect.stringContaining("Unique Key violation")]);
    }
    await switchedTo(instance, { commitDelaySeconds: 5 }, async () => {
      const late = "d".repeat(32);
      expect([(await post("incident", late)).status, (await post("incident", late)).status]).toEqual([
        201, 403,
      ]);
    });
  });

  test("a change begins as new, or is refused", async () => {
    const answer = await instance.call("POST", "/api/now/table/change_request", { body: { state: "-1" } });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain("Change Model: Check State Transition");
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

  test("a class change keeps the sys_id", async () => {
    const { sys_id } = await instance.create<{ sys_id: string }>("cmdb_ci_computer", { name: "moves" });
    const changed = await instance.update("cmdb_ci_computer", sys_id, {
      sys_class_name: "cmdb_ci_linux_server",
    });
    expect(changed).toMatchObject({ sys_class_name: "cmdb_ci_linux_server", sys_mod_count: "1" });
    expect(await instance.rows("cmdb_ci_linux_server", `sys_id=${sys_id}`)).toHaveLength(1);
    expect(await instance.rows("cmdb_ci_netgear", `sys_id=${sys_id}`)).toHaveLength(0);
  });
});
