import type { RawColumn, RawTable } from "./model";

/**
 * Tables beyond the recorded ones, in short form: `element:type`, with `>table` for a reference, `=value` for a default,
 * `!` for a choice column and `*` for the display column. Their columns are the well-known part, not the whole.
 */
const shortForm: Record<string, { label: string; super?: string; prefix?: string; columns: string }> = {
  sys_metadata: {
    label: "Application File",
    columns:
      "sys_class_name:sys_class_name sys_name:string* sys_package:reference>sys_package sys_policy:string sys_scope:reference>sys_scope=global sys_update_name:string sys_customer_update:boolean sys_replace_on_upgrade:boolean",
  },
  sys_scope: { label: "Application", columns: "name:string* scope:string" },
  sys_package: { label: "Package", columns: "name:string*" },
  sys_user_role_contains: {
    label: "Contained Role",
    columns: "role:reference>sys_user_role contains:reference>sys_user_role",
  },
  sys_user: { label: "User", columns: "hashed_password:password2" },
  incident_task: {
    label: "Incident Task",
    super: "task",
    prefix: "TASK",
    columns: "incident:reference>incident",
  },
  kb_submission: { label: "KB Submission", super: "task", columns: "text:html" },
  ticket: { label: "Ticket", super: "task", columns: "" },
  sysapproval_group: { label: "Group approval", super: "task", columns: "wait_for:string" },
  vtb_task: { label: "Private Task", super: "task", prefix: "VTB", columns: "" },
  universal_request: { label: "Universal Request", super: "task", prefix: "UR", columns: "" },
  sys_filter_option_dynamic: {
    label: "Dynamic Filter Option",
    super: "sys_metadata",
    columns: "label:string* script:script_plain field_type:string active:boolean=true",
  },
  sys_auth_scope: { label: "Auth Scope", columns: "name:string*" },
  api_key: {
    label: "REST API Key",
    columns:
      "name:string* token:password2 user:reference>sys_user expires:glide_date_time active:boolean=true",
  },
  sys_rest_message_fn_headers: {
    label: "HTTP Header",
    super: "sys_metadata",
    columns: "rest_message_function:reference>sys_rest_message_fn name:string* value:string",
  },
  sys_rate_limit_rules: {
    label: "Rate Limit Rule",
    super: "sys_metadata",
    columns:
      "name:string* active:boolean=true type:string=all user:reference>sys_user role:reference>sys_user_role rest_resource:string request_limit_per_hour:integer",
  },
  sys_dictionary_override: {
    label: "Dictionary Entry Override",
    super: "sys_metadata",
    columns:
      "name:table_name element:string base_table:table_name default_value:string default_value_override:boolean mandatory:boolean read_only:boolean",
  },
  sys_email: {
    label: "Email",
    columns:
      "type:string! state:string=ready recipients:string copied:string blind_copied:string subject:string* body:html body_text:string headers:string importance:string target_table:table_name instance:document_id uid:string error_string:string mailbox:string",
  },
  sys_import_set: {
    label: "Import Set",
    prefix: "ISET",
    columns: "number:string* table_name:table_name state:string=loading short_description:string mode:string",
  },
  sys_import_set_row: {
    label: "Import Set Row",
    columns:
      "sys_import_set:reference>sys_import_set sys_import_row:integer sys_import_state:string=pending sys_import_state_comment:string sys_target_sys_id:document_id sys_target_table:table_name sys_transform_map:reference>sys_transform_map sys_class_name:sys_class_name",
  },
  imp_user: {
    label: "User Import",
    super: "sys_import_set_row",
    columns:
      "user_id:string first_name:string last_name:string email:string department:string phone:string title:string",
  },
  imp_incident: {
    label: "Incident Import",
    super: "sys_import_set_row",
    columns:
      "u_correlation_id:string u_short_description:string u_description:string u_caller:string u_impact:string u_urgency:string",
  },
  sys_multi_import_set: { label: "Multi Import Set", columns: "name:string* state:string=loading" },
  sys_rest_insert_multiple: {
    label: "REST Insert Multiple",
    super: "sys_metadata",
    columns:
      "source_table:table_name* transform_synchronously:boolean=false use_data_source_format:boolean=false column_header:string=label",
  },
  imp_notification: {
    label: "Notification Import",
    super: "sys_import_set_row",
    columns: "message:string uuid:string",
  },
  sys_transform_map: {
    label: "Table Transform Map",
    super: "sys_metadata",
    columns:
      "name:string* source_table:table_name target_table:table_name active:boolean=true order:integer=100 run_business_rules:boolean=true",
  },
  sys_transform_entry: {
    label: "Field Map",
    super: "sys_metadata",
    columns:
      "map:reference>sys_transform_map source_field:string target_field:string coalesce:boolean=false choice_action:string reference_value_field:string",
  },
  sc_catalog: {
    label: "Catalog",
    super: "sys_metadata",
    columns: "title:string* description:html active:boolean=true desktop_image:user_image",
  },
  sc_category: {
    label: "Category",
    super: "sys_metadata",
    columns:
      "title:string* description:html full_description:html active:boolean=true parent:reference>sc_category sc_catalog:reference>sc_catalog order:integer header_icon:user_image",
  },
  sc_cat_item: {
    label: "Catalog Item",
    columns:
      "no_quantity:boolean=false no_cart:boolean=false no_order_now:boolean=false mandatory_attachment:boolean=false group:reference>sys_user_group owner:reference>sys_user vendor:reference>core_company model:reference>cmdb_model roles:user_roles visible_standalone:boolean=true delivery_time:glide_duration recurring_frequency:string!",
  },
  sc_cat_item_producer: {
    label: "Record Producer",
    super: "sc_cat_item",
    columns: "table_name:table_name script:script redirect_url:string",
  },
  sc_cat_item_guide: {
    label: "Order guide",
    super: "sc_cat_item",
    columns: "two_step:boolean=false",
  },
  sc_cat_item_guide_items: {
    label: "Rule base",
    columns:
      "guide:reference>sc_cat_item_guide item:reference>sc_cat_item order:integer condition:conditions",
  },
  item_option_new: {
    label: "Variable",
    super: "sys_metadata",
    columns:
      "cat_item:reference>sc_cat_item name:string question_text:string* type:integer! order:integer mandatory:boolean=false active:boolean=true default_value:string reference:table_name lookup_table:table_name lookup_value:string lookup_label:string help_text:string read_only:boolean=false price:price attributes:string field:string",
  },
  question_choice: {
    label: "Question Choice",
    columns:
      "question:reference>item_option_new text:string* value:string order:integer misc:price inactive:boolean=false",
  },
  catalog_ui_policy: {
    label: "Catalog UI Policy",
    super: "sys_metadata",
    columns:
      "short_description:string* catalog_item:reference>sc_cat_item catalog_conditions:conditions active:boolean=true on_load:boolean=true reverse_if_false:boolean=true order:integer=100",
  },
  catalog_ui_policy_action: {
    label: "Catalog UI Policy Action",
    super: "sys_metadata",
    columns:
      "ui_policy:reference>catalog_ui_policy catalog_item:reference>sc_cat_item catalog_variable:string* mandatory:string=ignore visible:string=ignore disabled:string=ignore order:integer=100",
  },
  sc_item_option: {
    label: "Options",
    columns:
      "item_option_new:reference>item_option_new value:string order:integer cart_item:reference>sc_cart_item",
  },
  question_answer: {
    label: "Variable",
    columns:
      "table_name:table_name table_sys_id:document_id question:reference>item_option_new value:string order:integer",
  },
  sc_item_option_mtom: {
    label: "Variable Ownership",
    columns: "request_item:reference>sc_req_item sc_item_option:reference>sc_item_option",
  },
  sc_cart: {
    label: "Shopping Cart",
    columns:
      "user:reference>sys_user name:string* requested_for:reference>sys_user delivery_address:string special_instructions:string",
  },
  sc_cart_item: {
    label: "Shopping Cart Item",
    columns:
      "cart:reference>sc_cart cat_item:reference>sc_cat_item quantity:integer=1 active:boolean=true requested_for:reference>sys_user order_guide:reference>sc_cat_item_guide",
  },
  chg_model: {
    label: "Change Model",
    super: "sys_metadata",
    columns:
      "name:string* description:string type:string active:boolean=true available_in_ui:boolean=true default_change_model:boolean=false",
  },
  std_change_producer_version: {
    label: "Standard Change Template Version",
    columns:
      "name:string* std_change_producer:reference>std_change_record_producer version:integer active:boolean=true",
  },
  std_change_record_producer: {
    label: "Standard Change Template",
    super: "sc_cat_item_producer",
    columns: "template:template_value change_type:string=standard",
  },
  conflict: {
    label: "Conflict",
    columns:
      "change:reference>change_request configuration_item:reference>cmdb_ci conflicting_change:reference>change_request type:string! last_checked:glide_date_time",
  },
  chg_mgt_worker: {
    label: "Change Management Worker",
    columns: "name:string* type:string request:string state:integer=1 payload:string messages:string",
  },
  task_cmdb_ci_service: {
    label: "Impacted Services/CIs",
    columns: "task:reference>task cmdb_ci_service:reference>cmdb_ci manually_added:boolean=true",
  },
  task_service_offering: {
    label: "Impacted Service Offerings",
    columns: "task:reference>task service_offering:reference>service_offering",
  },
  task_ci: {
    label: "CIs Affected",
    columns: "task:reference>task ci_item:reference>cmdb_ci applied:boolean=false",
  },
  contract_sla: {
    label: "SLA Definition",
    super: "sys_metadata",
    columns:
      "name:string* collection:table_name type:string=SLA target:string duration:glide_duration start_condition:conditions stop_condition:conditions pause_condition:conditions active:boolean=true schedule:reference>cmn_schedule",
  },
  metric_definition: {
    label: "Metric Definition",
    super: "sys_metadata",
    columns: "name:string* table:table_name field:field_name type:string active:boolean=true",
  },
  cmn_schedule: { label: "Schedule", columns: "name:string* time_zone:string type:string" },
  cmn_building: { label: "Building", columns: "name:string* location:reference>cmn_location" },
  cmn_cost_center: { label: "Cost Center", columns: "name:string* code:string manager:reference>sys_user" },
  cmn_skill: { label: "Skill", columns: "name:string* description:string" },
  business_unit: { label: "Business Unit", columns: "name:string* company:reference>core_company" },
  cmdb_rel_type: {
    label: "CI Relationship Type",
    super: "sys_metadata",
    columns: "name:string* parent_descriptor:string child_descriptor:string",
  },
  cmdb_model: {
    label: "Product Model",
    columns: "display_name:string* name:string manufacturer:reference>core_company model_number:string",
  },
  alm_asset: {
    label: "Asset",
    columns:
      "display_name:string* asset_tag:string serial_number:string model:reference>cmdb_model assigned_to:reference>sys_user ci:reference>cmdb_ci",
  },
  ast_contract: {
    label: "Contract",
    columns:
      "number:string* short_description:string vendor:reference>core_company starts:glide_date ends:glide_date",
  },
  customer_account: {
    label: "Account",
    super: "core_company",
    columns: "number:string registration_code:string account_code:string",
  },
  customer_contact: { label: "Contact", super: "sys_user", columns: "account:reference>customer_account" },
  csm_consumer: {
    label: "Consumer",
    columns: "number:string name:string* first_name:string last_name:string email:email phone:ph_number",
  },
  user_criteria: {
    label: "User Criteria",
    super: "sys_metadata",
    columns: "name:string* role:glide_list>sys_user_role active:boolean=true",
  },
  topic: { label: "Topic", columns: "name:string* description:string" },
  sys_user_group_type: {
    label: "User Group Type",
    super: "sys_metadata",
    columns: "name:string* description:string",
  },
  kb_use: {
    label: "Knowledge Use",
    columns: "article:reference>kb_knowledge user:reference>sys_user used:boolean=true viewed:boolean",
  },
  sysevent: {
    label: "Event",
    columns:
      "name:string* table:table_name instance:guid parm1:string parm2:string state:string=ready process_on:glide_date_time processed:glide_date_time",
  },
  syslog: { label: "Log", columns: "level:string message:string source:string" },
  sys_user_preference: {
    label: "User Preference",
    columns: "name:string* value:string user:reference>sys_user",
  },
  sys_history_set: { label: "History Set", columns: "table:table_name id:guid" },
  sys_history_line: {
    label: "History",
    columns:
      "set:reference>sys_history_set field:string old:string new:string update:integer update_time:glide_date_time",
  },
  dl_u_priority: {
    label: "Priority Data Lookup",
    columns: "impact:integer urgency:integer priority:integer active:boolean=true",
  },
};

/** Classes of configuration items; none has columns of its own here. */
const ciClasses: Record<string, string> = {
  cmdb_ci_hardware: "cmdb_ci",
  cmdb_ci_appl: "cmdb_ci",
  cmdb_ci_service: "cmdb_ci",
  cmdb_ci_spkg: "cmdb_ci",
  cmdb_ci_database: "cmdb_ci",
  cmdb_ci_cluster: "cmdb_ci",
  cmdb_ci_environment: "cmdb_ci",
  cmdb_ci_vm_object: "cmdb_ci",
  cmdb_ci_business_app: "cmdb_ci",
  cmdb_ci_computer: "cmdb_ci_hardware",
  cmdb_ci_netgear: "cmdb_ci_hardware",
  cmdb_ci_peripheral: "cmdb_ci_hardware",
  cmdb_ci_storage_device: "cmdb_ci_hardware",
  cmdb_ci_server: "cmdb_ci_computer",
  cmdb_ci_pc_hardware: "cmdb_ci_computer",
  cmdb_ci_linux_server: "cmdb_ci_server",
  cmdb_ci_win_server: "cmdb_ci_server",
  cmdb_ci_unix_server: "cmdb_ci_server",
  cmdb_ci_esx_server: "cmdb_ci_server",
  cmdb_ci_app_server: "cmdb_ci_appl",
  cmdb_ci_infra_service: "cmdb_ci_appl",
  cmdb_ci_db_instance: "cmdb_ci_appl",
  cmdb_ci_app_server_java: "cmdb_ci_app_server",
  cmdb_ci_app_server_tomcat: "cmdb_ci_app_server",
  cmdb_ci_web_server: "cmdb_ci_infra_service",
  cmdb_ci_email_server: "cmdb_ci_infra_service",
  cmdb_ci_db_mysql_instance: "cmdb_ci_db_instance",
  cmdb_ci_db_ora_instance: "cmdb_ci_db_instance",
  cmdb_ci_db_mssql_instance: "cmdb_ci_db_instance",
  service_offering: "cmdb_ci_service",
};

const metadataNames = ["sys_script_include", "sys_ui_policy"];

/** Choice lists beyond the recorded ones. */
export const extraChoices = {
  "sc_cat_item.recurring_frequency": choiceList("daily:Daily", "monthly:Monthly", "yearly:Annually"),
  "conflict.type": choiceList(
    "ci_already_scheduled:CI Already Scheduled",
    "not_in_maintenance_window:Not In Maintenance Window",
    "blackout:Blackout",
  ),
  "cmdb_ci.discovery_source": choiceList(
    "ServiceNow:ServiceNow",
    "ImportSet:ImportSet",
    "Manual Entry:Manual Entry",
    "Other Automated:Other Automated",
    "ServiceWatch:ServiceWatch",
    "SG-SCCM:SG-SCCM",
    "SG-AWS:SG-AWS",
  ),
  "task_sla.stage": choiceList(
    "in_progress:In progress",
    "paused:Paused",
    "completed:Completed",
    "breached:Breached",
    "cancelled:Cancelled",
  ),
  "item_option_new.type": choiceList(
    "1:Yes / No",
    "2:Multi Line Text",
    "3:Multiple Choice",
    "4:Numeric Scale",
    "5:Select Box",
    "6:Single Line Text",
    "7:CheckBox",
    "8:Reference",
    "9:Date",
    "10:Date/Time",
    "11:Label",
    "14:Macro",
    "15:UI Page",
    "16:Wide Single Line Text",
    "18:Lookup Select Box",
    "19:Container Start",
    "20:Container End",
    "21:List Collector",
    "22:Lookup Multiple Choice",
    "23:HTML",
    "24:Container Split",
    "25:Masked",
    "26:Email",
    "27:URL",
    "28:IP Address",
    "29:Duration",
    "31:Requested For",
    "32:Rich Text Label",
    "33:Attachment",
  ),
};

function choiceList(...entries: string[]): { choices: { value: string; label: string; sequence: string }[] } {
  return {
    choices: entries.map((entry, at) => {
      const [value = "", label = ""] = entry.split(/:(.*)/s);
      return { value, label, sequence: String(at) };
    }),
  };
}

export function extraTables(): Record<string, RawTable> {
  const tables: Record<string, RawTable> = {};
  for (const [name, { label, super: parent, prefix, columns }] of Object.entries(shortForm)) {
    const parsed = columns.split(" ").filter(Boolean).map(parseColumn);
    tables[name] = {
      label,
      plural: label.endsWith("s") ? label : `${label}s`,
      super: parent ?? null,
      prefix: prefix ?? null,
      display: parsed.find((column) => column.display)?.element ?? null,
      columns: parsed,
    };
  }
  for (const [name, parent] of Object.entries(ciClasses))
    tables[name] = {
      label: titleCase(name.replace(/^cmdb_ci_/, "")),
      plural: null,
      super: parent,
      columns: [],
    };
  for (const name of metadataNames)
    tables[name] = {
      label: titleCase(name.replace(/^sys_/, "")),
      plural: null,
      super: "sys_metadata",
      columns: [],
    };
  return tables;
}

const columnForm = /^(\w+):(\w+?)(?:>(\w+))?(?:=([^!*]+))?(!)?(\*)?$/;

function parseColumn(text: string): RawColumn {
  const [, element, type, reference, fallback, choice, display] = columnForm.exec(text) ?? [];
  if (!element || !type) throw new Error(`Not a column in short form: ${text}`);
  const column: RawColumn = {
    element,
    label: titleCase(element.replace(/^u_/, "")),
    type: type === "guid" ? "char" : type,
    max_length: /^(string|html|script|conditions|user_roles|glide_list|template)/.test(type) ? 4000 : 100,
  };
  if (reference) column.reference = reference;
  if (fallback) column.default = fallback;
  if (choice) column.choice = true;
  if (display) column.display = true;
  return column;
}

function titleCase(name: string): string {
  const text = name.replace(/_/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
