import { fixedId } from "../ids/sys-id";
import { grantInherited } from "../records/role-grants";
import { hashPassword } from "../users/passwords";
import { grant, roleId } from "./base";
import { seedTime, type Seeder } from "./seeder";

const it = "221f79b7c6112284005d646b76ab978c";
const lastNames = "Adler Becker Conti Duarte Ellis Farrow Greene Holm Ibsen Jordan Keller".split(" ");

/** People who run the instance, the groups that make them so, and what they have set up: rules, actions, reports, logs. */
export function seedAdministration(seeder: Seeder): void {
  const head = person(seeder, "fred.luddy", "Fred", "Luddy", ["admin"], {
    department: it,
    time_zone: "America/Los_Angeles",
    title: "Chief administrator",
  });
  seeder.instance.store.update("cmn_department", it, { dept_head: head });
  const administrators = lastNames.map((last) =>
    person(seeder, `admin.${last.toLowerCase()}`, "Admin", last, ["admin"], { department: it }),
  );
  const manager = person(seeder, "problem.manager", "Paula", "Problem", ["problem_manager", "itil"], {});
  const owner = person(seeder, "problem.admin", "Percy", "Problem", ["problem_admin", "itil"], {});
  group(seeder, "System Administrators", "admin", [head, ...administrators]);
  group(seeder, "Problem Administrators", "problem_admin", [owner]);
  group(seeder, "Problem Managers", "problem_manager", [manager]);
  group(seeder, "Security Administrators", "security_admin", administrators.slice(0, 3));
  for (const { user } of seeder.instance.store.all("SELECT DISTINCT user FROM sys_user_grmember"))
    grantInherited(seeder.instance, String(user), {
      sys_created_on: seedTime,
      sys_created_by: "admin",
      sys_updated_on: seedTime,
      sys_updated_by: "admin",
      sys_mod_count: 0,
    });
  seedApplicationFiles(seeder);
  seedLogs(seeder);
}

function person(
  seeder: Seeder,
  userName: string,
  first: string,
  last: string,
  roles: string[],
  more: Record<string, string>,
): string {
  const id = seeder.add("sys_user", userName, {
    user_name: userName,
    first_name: first,
    last_name: last,
    name: `${first} ${last}`,
    email: `${userName}@example.com`,
    time_zone: "UTC",
    user_password: hashPassword(userName, "seed"),
    ...more,
  });
  grant(seeder, id, [...roles, "snc_internal"]);
  return id;
}

function group(seeder: Seeder, name: string, role: string, members: string[]): void {
  const id = seeder.add("sys_user_group", name, { name, description: `${name} of the instance` });
  seeder.add("sys_group_has_role", name, { group: id, role: roleId(role) });
  for (const user of members) seeder.add("sys_user_grmember", `${id} ${user}`, { group: id, user });
}

const guarded =
  "incident problem change_request sc_request sc_req_item sc_task kb_knowledge sys_user sys_user_group cmdb_ci".split(
    " ",
  );
const actions = ["Submit", "Update", "Delete", "Resolve", "Close", "Reopen", "Copy", "Create Problem"];
const includes = ["TaskUtils", "IncidentUtils", "ChangeUtils", "UserPreferencesAjax", "CatalogClientUtils"];

function seedApplicationFiles(seeder: Seeder): void {
  const application = seeder.add("sys_app", "Local Tools", {
    name: "Local Tools",
    scope: "x_local_tools",
    version: "1.0.0",
    short_description: "An application of this instance",
  });
  for (const table of guarded) {
    for (const operation of ["create", "read", "write", "delete"])
      seeder.add("sys_security_acl", `${table} ${operation}`, { name: table, operation });
    seeder.add("sys_ui_policy", table, {
      short_description: `Form of ${table}`,
      table,
      conditions: "active=true",
    });
    seeder.add("sys_report", table, {
      title: `Open records of ${table}`,
      table,
      type: "list",
      filter: "active=true",
    });
  }
  for (const [at, name] of actions.entries())
    seeder.add("sys_ui_action", name, {
      name,
      table: at < 3 ? "global" : "incident",
      action_name: name.toLowerCase().replaceAll(" ", "_"),
      form_button: true,
      order: 100 * (at + 1),
    });
  for (const name of includes)
    seeder.add("sys_script_include", name, {
      name,
      api_name: `global.${name}`,
      script: `var ${name} = Class.create();`,
      access: "public",
    });
  seeder.add("sys_script_include", "LocalTools", {
    name: "LocalTools",
    api_name: "x_local_tools.LocalTools",
    sys_scope: application,
  });
  for (const table of ["sys_template", "std_change_template"])
    seeder.add(table, "Restart a server", {
      name: table === "sys_template" ? "Restart a server" : "Restart a server (standard)",
      table: "change_request",
      template: `short_description=Restart a server^category=Hardware^type=${table === "sys_template" ? "normal" : "standard"}^EQ`,
    });
  seeder.add("sys_user_preference", "rowcount", { name: "rowcount", value: "20", system: true });
}

function seedLogs(seeder: Seeder): void {
  const levels = ["0", "0", "0", "1", "2"];
  for (let at = 0; at < 60; at += 1)
    seeder.add("syslog", String(at), {
      level: levels[at % levels.length] ?? "0",
      source: at % 2 === 0 ? "Scheduler" : "com.glide.ui",
      message: `Job ${fixedId("job", String(at)).slice(0, 8)} ended`,
      sequence: String(at),
    });
}
