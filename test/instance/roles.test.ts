import { duringTests } from "../helpers/instance";
import { testInstance } from "./client";
import { present } from "../helpers/present";

const instance = duringTests(testInstance, { incidents: 20 });

type Texts = Record<string, string>;

async function idOf(table: string, query: string): Promise<string> {
  const [row] = await instance.rows<Texts>(table, query);
  return present(present(row).sys_id);
}

/** Roles of a user as the table of grants gives them, sorted, a role held twice named twice. */
async function rolesOf(user: string): Promise<string[]> {
  const rows = await instance.rows<Texts>("sys_user_has_role", `user=${user}^state=active`, {
    sysparm_fields: "role.name",
  });
  return rows.map((row) => present(row["role.name"])).sort();
}

async function seesIncidents(as: string): Promise<boolean> {
  const answer = await instance.call("GET", "/api/now/table/incident?sysparm_limit=1", { as });
  return (answer.result as unknown[]).length > 0;
}

describe("roles through groups and other roles", () => {
  test("a group's roles reach its members, and leave with the membership", async () => {
    const user = await idOf("sys_user", "user_name=employee");
    const role = await idOf("sys_user_role", "name=sn_incident_write");
    const group = await instance.create<Texts>("sys_user_group", { name: "Night shift" });
    await instance.create("sys_group_has_role", { group: present(group.sys_id), role });
    expect(await seesIncidents("abel.tuter")).toBe(false);
    const member = await instance.create<Texts>("sys_user_grmember", { group: present(group.sys_id), user });
    expect(await rolesOf(user)).toEqual(["sn_incident_read", "sn_incident_write", "snc_internal"]);
    const [grant] = await instance.rows<Texts>(
      "sys_user_has_role",
      `user=${user}^role.name=sn_incident_write`,
      { sysparm_exclude_reference_link: "true" },
    );
    expect(grant).toMatchObject({ inherited: "true", granted_by: group.sys_id });
    const written = await instance.call("POST", "/api/now/table/incident", {
      as: "employee",
      body: { short_description: "by a member" },
    });
    const id = (written.result as Texts).sys_id;
    const shown = await instance.call("GET", "/api/now/table/incident?sysparm_limit=20", { as: "employee" });
    expect((shown.result as Texts[]).length).toBeGreaterThan(10);
    const paths = await instance.call("GET", `/api/global/user_role_inheritance?user_sysid=${user}`);
    expect(paths.result).toMatchObject({
      from_group: ["[Night shift]/sn_incident_write", "[Night shift]/sn_incident_write/sn_incident_read"],
      from_role: ["/snc_internal"],
    });
    await instance.call("DELETE", `/api/now/table/sys_user_grmember/${member.sys_id}`);
    expect(await rolesOf(user)).toEqual(["snc_internal"]);
    // What is left is one's own incident.
    const own = await instance.call("GET", "/api/now/table/incident?sysparm_limit=100", { as: "employee" });
    expect((own.result as Texts[]).map((row) => row.sys_id)).toEqual([id]);
  });

  test("a group below another has its roles as well, unless they are not to be inherited", async () => {
    const user = await idOf("sys_user", "user_name=abel.tuter");
    const above = await instance.create<Texts>("sys_user_group", { name: "Above" });
    const below = await instance.create<Texts>("sys_user_group", { name: "Below" });
    await instance.create("sys_user_grmember", { group: present(below.sys_id), user });
    const grant = await instance.create<Texts>("sys_group_has_role", {
      group: present(above.sys_id),
      role: await idOf("sys_user_role", "name=knowledge"),
    });
    expect(await rolesOf(user)).not.toContain("knowledge");
    await instance.update("sys_user_group", present(below.sys_id), { parent: present(above.sys_id) });
    expect(await rolesOf(user)).toContain("knowledge");
    await instance.update("sys_group_has_role", present(grant.sys_id), { inherits: "false" });
    expect(await rolesOf(user)).not.toContain("knowledge");
  });

  test("a role that comes to contain another gives it to all who hold it", async () => {
    const user = await idOf("sys_user", "user_name=reader");
    const outer = await idOf("sys_user_role", "name=sn_incident_read");
    const inner = await instance.create<Texts>("sys_user_role", { name: "u_innermost" });
    const contains = await instance.create<Texts>("sys_user_role_contains", {
      role: outer,
      contains: present(inner.sys_id),
    });
    expect(await rolesOf(user)).toContain("u_innermost");
    await instance.call("DELETE", `/api/now/table/sys_user_role_contains/${contains.sys_id}`);
    expect(await rolesOf(user)).not.toContain("u_innermost");
  });

  test("a role given to a user brings what it contains, and takes it away again", async () => {
    const user = await idOf("sys_user", "user_name=ron.kettering");
    const grant = await instance.create<Texts>("sys_user_has_role", {
      user,
      role: await idOf("sys_user_role", "name=change_manager"),
    });
    expect(await rolesOf(user)).toEqual([
      "change_manager",
      "sn_change_read",
      "sn_change_write",
      "snc_internal",
    ]);
    await instance.call("DELETE", `/api/now/table/sys_user_has_role/${grant.sys_id}`);
    expect(await rolesOf(user)).toEqual(["snc_internal"]);
  });

  test("who administers users makes users and memberships, and grants no roles", async () => {
    const made = await instance.call("POST", "/api/now/table/sys_user?sysparm_input_display_value=true", {
      body: { user_name: "keeper", user_password: "keeper" },
    });
    const keeper = present((made.result as Texts).sys_id);
    for (const name of ["user_admin", "snc_internal"])
      await instance.create("sys_user_has_role", {
        user: keeper,
        role: await idOf("sys_user_role", `name=${name}`),
      });
    const user = await idOf("sys_user", "user_name=employee");
    const member = { group: await idOf("sys_user_group", "name=Network"), user };
    const asked = (table: string, body: Texts) =>
      instance.call("POST", `/api/now/table/${table}`, { as: "keeper", body });
    expect((await asked("sys_user_grmember", member)).status).toBe(201);
    expect((await asked("sys_user", { user_name: "somebody" })).status).toBe(201);
    const role = await idOf("sys_user_role", "name=admin");
    expect((await asked("sys_user_has_role", { user: keeper, role })).status).toBe(403);
    expect((await asked("sys_group_has_role", { group: member.group, role })).status).toBe(403);
  });
});
