import { hashPassword } from "../users/passwords";
import { anyLoopback } from "../auth/clients";
import type { Seeder } from "./seeder";
import { seedViews } from "./views";
import { fixedId } from "../ids/sys-id";

export const adminId = "6816f79cc0a8016401c5a33be04be441";

const roles: Record<string, string[]> = {
  admin: [],
  snc_internal: [],
  snc_external: [],
  itil: [
    "sn_incident_read",
    "sn_incident_write",
    "sn_problem_read",
    "sn_problem_write",
    "sn_change_read",
    "sn_change_write",
  ],
  sn_incident_read: [],
  sn_incident_write: ["sn_incident_read"],
  sn_problem_read: [],
  sn_problem_write: ["sn_problem_read"],
  problem_manager: ["sn_problem_write"],
  problem_admin: ["problem_manager"],
  app_service_admin: [],
  security_admin: [],
  delegated_developer: [],
  sn_change_read: [],
  sn_change_write: ["sn_change_read"],
  change_manager: ["sn_change_write"],
  sn_customerservice_agent: [],
  csm_ws_integration: [],
  knowledge: [],
  knowledge_admin: ["knowledge"],
  catalog: [],
  catalog_admin: ["catalog"],
  asset: [],
  user_admin: [],
  import_transformer: [],
  evt_mgmt_user: [],
  evt_mgmt_integration: [],
  rest_service: [],
  snc_basic_auth_api_access: [],
  snc_platform_rest_api_access: [],
  query_no_domain_table_api: [],
  approver_user: [],
};

/** Roles that have the same sys_id on every instance. */
const knownRoles: Record<string, string> = {
  admin: "2831a114c611228501d4ea6c309d626d",
  itil: "282bf1fac6112285017366cb5f867469",
};

export function roleId(name: string): string {
  return knownRoles[name] ?? fixedId("sys_user_role", name);
}

export function grant(seeder: Seeder, userId: string, names: string[]): void {
  for (const name of names)
    seeder.add("sys_user_has_role", `${userId} ${name}`, {
      user: userId,
      role: roleId(name),
      inherited: false,
    });
}

/** What every instance has, demo data or not: roles, the administrator, an OAuth client, and its own description. */
export function seedBase(seeder: Seeder): void {
  for (const [name, contained] of Object.entries(roles)) {
    seeder.add("sys_user_role", name, { sys_id: roleId(name), name, description: `Role ${name}` });
    for (const inner of contained)
      seeder.add("sys_user_role_contains", `${name} ${inner}`, {
        role: roleId(name),
        contains: roleId(inner),
      });
  }
  seeder.add("sys_user", "admin", {
    sys_id: adminId,
    user_name: "admin",
    first_name: "System",
    last_name: "Administrator",
    name: "System Administrator",
    email: "admin@example.com",
    time_zone: "UTC",
    user_password: hashPassword("admin", "seed"),
  });
  grant(seeder, adminId, ["admin", "snc_internal"]);
  seeder.add("oauth_entity", "demo-client", {
    name: "Demo client",
    client_id: "demo-client",
    client_secret: "demo-secret",
    redirect_url: anyLoopback,
    user: adminId,
  });
  seeder.add("oauth_entity", "demo-public-client", {
    name: "Demo public client",
    client_id: "demo-public-client",
    public_client: true,
    redirect_url: anyLoopback,
  });
  seeder.add("sys_scope", "global", { sys_id: "global", name: "Global", scope: "global" });
  for (const [name, script] of [
    ["Me", "gs.getUserID()"],
    ["One of My Groups", "getMyGroups()"],
  ] as const)
    seeder.add("sys_filter_option_dynamic", name, {
      sys_id: name === "Me" ? "90d1921e5f510100a9ad2572f2b477fe" : "d6435e965f510100a9ad2572f2b477fe",
      label: name,
      script,
      field_type: "reference",
    });
  for (const [name, value] of [
    ["glide.oauth.state.parameter.required", "true"],
    ["glide.invalid_query.returns_no_rows", "false"],
    ["glide.rest.table_api.admin_only_sys_fields", "false"],
    ["glide.sys.default.tz", "America/Los_Angeles"],
    ["glide.buildname", "Australia"],
    ["instance_name", "local"],
  ] as const)
    seeder.add("sys_properties", name, { name, value });
  seedPriorities(seeder);
  seedViews(seeder);
  seedDictionary(seeder);
}

function seedPriorities(seeder: Seeder): void {
  for (let impact = 1; impact <= 3; impact += 1)
    for (let urgency = 1; urgency <= 3; urgency += 1)
      seeder.add("dl_u_priority", `${impact} ${urgency}`, {
        impact,
        urgency,
        priority: impact + urgency - 1,
      });
}

/** sys_db_object, sys_dictionary, sys_choice, sys_documentation and sys_number tell about the instance's own tables. */
function seedDictionary(seeder: Seeder): void {
  const { dictionary } = seeder.instance;
  for (const table of dictionary.tables.values()) {
    seeder.add("sys_db_object", table.name, {
      name: table.name,
      label: table.label,
      super_class: table.superName ? fixedId("sys_db_object", table.superName) : null,
      is_extendable: table.classes.length > 1,
      number_ref: table.prefix ? fixedId("sys_number", table.name) : null,
    });
    if (table.prefix)
      seeder.add("sys_number", table.name, { category: table.name, prefix: table.prefix, number: 10_000 });
    seeder.add("sys_documentation", table.name, {
      name: table.name,
      label: table.label,
      plural: table.plural,
    });
    seeder.add("sys_dictionary", table.name, {
      name: table.name,
      internal_type: "collection",
      column_label: table.label,
      max_length: 40,
    });
    for (const column of table.own) {
      if (column.definedOn !== table.name && table.superName) continue;
      seeder.add("sys_dictionary", `${table.name} ${column.element}`, {
        name: table.name,
        element: column.element,
        column_label: column.label,
        internal_type: column.type,
        reference: column.reference ?? null,
        max_length: column.maxLength,
        default_value: column.default ?? null,
        mandatory: column.mandatory,
        read_only: column.readOnly,
        display: column.display,
        choice: column.choice ? 3 : 0,
      });
      seeder.add("sys_documentation", `${table.name} ${column.element}`, {
        name: table.name,
        element: column.element,
        label: column.label,
      });
    }
  }
  for (const [key, list] of dictionary.choiceLists) {
    const [name = "", element = ""] = key.split(".");
    for (const choice of list)
      seeder.add("sys_choice", `${key} ${choice.dependent} ${choice.value}`, {
        name,
        element,
        value: choice.value,
        label: choice.label,
        sequence: choice.sequence,
        dependent_value: choice.dependent || null,
        inactive: choice.inactive,
        language: "en",
      });
  }
  const types = new Set(
    [...dictionary.tables.values()].flatMap((table) =>
      [...table.columns.values()].map((column) => column.type),
    ),
  );
  for (const name of types) seeder.add("sys_glide_object", name, { name, label: name });
}
