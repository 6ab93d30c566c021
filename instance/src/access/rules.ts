/** One access rule. A rule passes when the user has one of its roles (or it asks for none) and its condition holds. */
export interface AclRule {
  table: string;
  operation: "read" | "create" | "write" | "delete" | "query_range";
  /** A column; without it the rule is about the record. */
  field?: string;
  /** One of them is enough. `*` stands for any role at all. Empty or absent: no role is needed. */
  roles?: string[];
  /** Encoded query that the record must match; read and write only. */
  condition?: string;
  /** What a user gets who may read no row at all: an empty list (the default), or 403. */
  refusal?: "empty" | "forbidden";
}

const mine = "caller_id=javascript:gs.getUserID()^ORopened_by=javascript:gs.getUserID()";
const staff = ["itil"];

/** Read rules of tables that everybody may read who is somebody. */
const open = [
  "sys_user",
  "sys_user_group",
  "sys_user_grmember",
  "core_company",
  "cmn_location",
  "cmn_department",
  "cmn_building",
  "cmn_cost_center",
  "cmn_schedule",
  "cmn_schedule_span",
  "business_unit",
  "kb_knowledge_base",
  "kb_category",
  "sys_attachment",
  "sys_filter_option_dynamic",
  "sys_choice",
  "cmdb_model",
  "cmdb_rel_type",
  "chg_model",
  "dl_u_priority",
];
/** What catalogs are made of: read by everybody who is somebody, kept by the catalog administrator. */
const catalogParts = [
  "sc_catalog",
  "sc_category",
  "sc_cat_item",
  "sc_cat_item_guide_items",
  "item_option_new",
  "item_option_new_set",
  "io_set_item",
  "question_choice",
  "catalog_ui_policy",
  "catalog_ui_policy_action",
];
/** Answers and carts: one's own, and those of others for who fulfils requests. */
const answers = ["sc_item_option", "sc_multi_row_question_answer", "question_answer"];
const own = "sys_created_by=javascript:gs.getUserName()";
const adminOnly = [
  "sys_dictionary",
  "sys_properties",
  "sys_script",
  "sys_rest_message",
  "sys_rest_message_fn",
  "sys_rest_message_fn_headers",
  "sys_audit_delete",
  "oauth_entity",
  "api_key",
  "sys_rate_limit_rules",
  "sys_documentation",
  "sys_dictionary_override",
  "sys_number",
  "syslog",
  "sysevent",
  "sys_auth_scope",
  "sys_transform_map",
  "sys_transform_entry",
];
const forbidden = ["sys_db_object", "metric_instance", "metric_definition"];

function family(table: string, read: string[], write: string[], readCondition?: string): AclRule[] {
  return [
    { table, operation: "read", roles: read },
    ...(readCondition ? [{ table, operation: "read", condition: readCondition } as AclRule] : []),
    { table, operation: "create", roles: write },
    { table, operation: "write", roles: write },
    { table, operation: "delete", roles: ["admin"] },
  ];
}

/** The access rules an instance starts with: what each kind of user was seen to get. */
export const builtInRules: AclRule[] = [
  ...family("task", staff, staff, "opened_by=javascript:gs.getUserID()"),
  { table: "task", operation: "read", roles: ["sn_incident_read"], condition: "sys_class_name=incident" },
  ...family("incident", [...staff, "sn_incident_read"], [...staff, "sn_incident_write"], mine),
  { table: "incident", operation: "create", roles: ["*"] },
  ...family(
    "problem",
    [...staff, "sn_problem_read", "problem_manager"],
    [...staff, "sn_problem_write", "problem_manager"],
  ),
  ...family(
    "change_request",
    [...staff, "sn_change_read", "change_manager"],
    [...staff, "sn_change_write", "change_manager"],
  ),
  ...family(
    "sn_customerservice_case",
    ["sn_customerservice_agent", "csm_ws_integration"],
    ["sn_customerservice_agent", "csm_ws_integration"],
  ),
  ...family(
    "sc_request",
    staff,
    staff,
    "requested_for=javascript:gs.getUserID()^ORopened_by=javascript:gs.getUserID()",
  ),
  ...family(
    "sc_req_item",
    staff,
    staff,
    "requested_for=javascript:gs.getUserID()^ORopened_by=javascript:gs.getUserID()",
  ),
  ...family("sc_cart", ["catalog_admin"], ["catalog_admin"], "user=javascript:gs.getUserID()"),
  ...family("sc_cart_item", ["catalog_admin"], ["catalog_admin"], "cart.user=javascript:gs.getUserID()"),
  ...answers.flatMap((table): AclRule[] => [
    ...family(table, [...staff, "catalog"], [...staff, "catalog"], own),
    { table, operation: "delete", roles: [...staff, "catalog"] },
  ]),
  ...family(
    "sc_item_option_mtom",
    [...staff, "catalog"],
    [...staff, "catalog"],
    "request_item.requested_for=javascript:gs.getUserID()^ORrequest_item.opened_by=javascript:gs.getUserID()",
  ),
  ...catalogParts.flatMap((table): AclRule[] => [
    { table, operation: "read" },
    ...(["create", "write", "delete"] as const).map((operation) => ({
      table,
      operation,
      roles: ["catalog_admin"],
    })),
  ]),
  ...[
    "user_criteria",
    ...["sc_cat_item", "sc_category", "sc_catalog"].flatMap((of) => [
      `${of}_user_criteria_mtom`,
      `${of}_user_criteria_no_mtom`,
    ]),
  ].flatMap((table) => family(table, ["catalog_admin"], ["catalog_admin"])),
  ...["kb_uc_can_read_mtom", "kb_uc_cannot_read_mtom"].flatMap((table) =>
    family(table, ["knowledge_admin"], ["knowledge_admin"]),
  ),
  ...["kb_uc_can_read_mtom", "kb_uc_cannot_read_mtom"].flatMap((table) =>
    family(table, ["knowledge_admin"], ["knowledge_admin"]),
  ),
  ...["cmdb_ci_outage", "m2m_kb_task"].flatMap((table) => family(table, staff, staff)),
  ...["cmn_rota", "cmn_rota_roster", "cmn_rota_member"].flatMap((table) =>
    family(table, staff, ["rota_admin", "rota_manager"]),
  ),
  ...["chg_mgt_worker", "conflict", "task_ci", "task_cmdb_ci_service", "task_service_offering"].flatMap(
    (table) =>
      family(
        table,
        [...staff, "sn_change_read", "change_manager"],
        [...staff, "sn_change_write", "change_manager"],
      ),
  ),
  ...["sys_multi_import_set", "sys_rest_insert_multiple"].flatMap((table) =>
    family(table, ["import_transformer"], ["import_transformer"]),
  ),
  ...family("cmdb", staff, [...staff, "asset"]),
  ...["cmdb_rel_ci", "cmdb_serial_number", "cmdb_software_instance", "sys_object_source"].flatMap((table) =>
    family(table, [...staff, "asset"], [...staff, "asset"]),
  ),
  ...family("cmdb_reconciliation_definition", staff, ["admin"]),
  ...family(
    "kb_knowledge",
    ["knowledge", "knowledge_admin", ...staff],
    ["knowledge", "knowledge_admin"],
    "workflow_state=published",
  ),
  ...family("sysapproval_approver", staff, staff, "approver=javascript:gs.getUserID()"),
  ...family("task_sla", staff, ["admin"]),
  ...family("sys_journal_field", staff, ["admin"]),
  ...family("sys_audit", staff, ["admin"]),
  ...family("oauth_credential", ["admin"], ["admin"], "user=javascript:gs.getUserName()"),
  ...family("em_event", ["evt_mgmt_user", ...staff], ["evt_mgmt_integration", ...staff]),
  ...family("sys_import_set", ["import_transformer"], ["import_transformer"]),
  ...family("sys_import_set_row", ["import_transformer"], ["import_transformer"]),
  ...family("sys_email", staff, staff),
  ...open.flatMap((table): AclRule[] => [
    { table, operation: "read" },
    ...(["create", "write", "delete"] as const).map((operation) => ({ table, operation, roles: ["admin"] })),
  ]),
  ...forbidden.flatMap((table): AclRule[] => [
    { table, operation: "read", roles: staff, refusal: "forbidden" },
  ]),
  ...adminOnly.flatMap((table) => family(table, ["admin"], ["admin"])),
  ...["name", "element", "value", "sequence", "inactive", "dependent_value", "language", "hint"].map(
    (field): AclRule => ({ table: "sys_choice", operation: "read", field, roles: staff }),
  ),
  ...["user_password", "last_password", "hashed_password"].map((field): AclRule => ({
    table: "sys_user",
    operation: "read",
    field,
    roles: ["admin"],
  })),
  { table: "sys_user", operation: "write", condition: "sys_id=javascript:gs.getUserID()" },
  { table: "sys_user", operation: "write", roles: ["user_admin"] },
  ...["sys_user", "sys_user_group", "sys_user_grmember"].map((table): AclRule => ({
    table,
    operation: "create",
    roles: ["user_admin"],
  })),
  { table: "sys_user_grmember", operation: "delete", roles: ["user_admin"] },
  ...["user_name", "active", "locked_out", "user_password", "web_service_access_only", "roles"].map(
    (field): AclRule => ({ table: "sys_user", operation: "write", field, roles: ["user_admin"] }),
  ),
];
