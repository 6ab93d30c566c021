/** A table in short form; see `extraTables`. */
export interface ShortTable {
  label: string;
  super?: string;
  prefix?: string;
  columns: string;
}

/** Tables beyond the recorded ones. Their columns are the well-known part, not the whole. */
export const furtherTables: Record<string, ShortTable> = {
  sys_metadata: {
    label: "Application File",
    columns:
      "sys_class_name:sys_class_name sys_name:string* sys_package:reference>sys_package sys_policy:string sys_scope:reference>sys_scope=global sys_update_name:string sys_customer_update:boolean sys_replace_on_upgrade:boolean",
  },
  sys_package: {
    label: "Package",
    super: "sys_metadata",
    columns: "name:string* source:string version:string active:boolean=true trackable:boolean",
  },
  sys_scope: {
    label: "Application",
    super: "sys_package",
    columns: "scope:string short_description:string vendor:string private:boolean licensable:boolean",
  },
  sys_app: {
    label: "Custom Application",
    super: "sys_scope",
    columns: "sys_code:string template:string menu:string user_role:reference>sys_user_role",
  },
  sys_user_role: { label: "Role", super: "sys_metadata", columns: "" },
  sys_properties: {
    label: "System Property",
    super: "sys_metadata",
    columns: "suffix:string ignore_cache:boolean=false read_roles:user_roles write_roles:user_roles",
  },
  sys_security_acl: {
    label: "Access Control",
    super: "sys_metadata",
    columns:
      "name:string* type:string=record! operation:string! active:boolean=true admin_overrides:boolean=true advanced:boolean=false condition:conditions script:script description:string",
  },
  sys_ui_action: {
    label: "UI Action",
    super: "sys_metadata",
    columns:
      "name:string* table:table_name action_name:string active:boolean=true client:boolean=false condition:string script:script comments:string order:integer=100 form_button:boolean=false form_context_menu:boolean=false form_link:boolean=false list_button:boolean=false list_choice:boolean=false show_insert:boolean=true show_update:boolean=true",
  },
  sys_ui_policy: {
    label: "UI Policy",
    super: "sys_metadata",
    columns:
      "short_description:string* table:table_name active:boolean=true conditions:conditions order:integer=100 on_load:boolean=true reverse_if_false:boolean=true global:boolean=true inherit:boolean=false run_scripts:boolean=false script_true:script script_false:script description:string",
  },
  sys_script_include: {
    label: "Script Include",
    super: "sys_metadata",
    columns:
      "name:string* api_name:string access:string=package_private! active:boolean=true client_callable:boolean=false script:script description:string",
  },
  sys_template: {
    label: "Template",
    super: "sys_metadata",
    columns:
      "name:string* table:table_name template:template_value short_description:string active:boolean=true global:boolean=true user:reference>sys_user group:reference>sys_user_group roles:user_roles",
  },
  std_change_template: { label: "Standard Change Template", super: "sys_template", columns: "" },
  sys_report: {
    label: "Report",
    super: "sys_metadata",
    columns:
      "title:string* table:table_name type:string! filter:conditions field:field_name field_list:string aggregate:string=COUNT group:glide_list>sys_user_group user:string=GLOBAL roles:user_roles is_published:boolean=false",
  },
  fm_expense_line: {
    label: "Expense Line",
    prefix: "EXP",
    columns:
      "number:string* short_description:string amount:currency date:glide_date state:string=pending! type:string summary_type:string ci:reference>cmdb_ci asset:reference>alm_asset user:reference>sys_user cost_center:reference>cmn_cost_center source_table:table_name source_id:document_id process_date:glide_date recurring:boolean=false",
  },
  sys_user_role_contains: {
    label: "Contained Role",
    columns: "role:reference>sys_user_role contains:reference>sys_user_role",
  },
  sys_group_has_role: {
    label: "Group Role",
    columns:
      "group:reference>sys_user_group role:reference>sys_user_role inherits:boolean=true granted_by:reference>sys_user_group",
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
  sys_ui_view: { label: "View", columns: "name:string title:string* hidden:boolean" },
  sys_ui_list: {
    label: "List",
    columns:
      "name:table_name* view:reference>sys_ui_view parent:table_name element:string sys_user:reference>sys_user",
  },
  sys_ui_list_element: {
    label: "List Element",
    columns: "list_id:reference>sys_ui_list element:string* position:integer type:string",
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
      "name:string* source_table:table_name target_table:table_name active:boolean=true order:integer=100 run_business_rules:boolean=true run_script:boolean=false script:script",
  },
  sys_transform_entry: {
    label: "Field Map",
    super: "sys_metadata",
    columns:
      "map:reference>sys_transform_map source_field:string target_field:string coalesce:boolean=false choice_action:string reference_value_field:string",
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
  cmn_building: { label: "Building", columns: "name:string* location:reference>cmn_location" },
  cmn_cost_center: { label: "Cost Center", columns: "name:string* code:string manager:reference>sys_user" },
  cmn_skill: { label: "Skill", columns: "name:string* description:string" },
  business_unit: { label: "Business Unit", columns: "name:string* company:reference>core_company" },
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
  topic: { label: "Topic", columns: "name:string* description:string" },
  sys_user_group_type: {
    label: "User Group Type",
    super: "sys_metadata",
    columns: "name:string* description:string",
  },
  m2m_kb_task: {
    label: "Attached Knowledge",
    columns: "kb_knowledge:reference>kb_knowledge task:reference>task",
  },
  kb_uc_can_read_mtom: {
    label: "Knowledge Base Can Read",
    super: "sys_metadata",
    columns: "kb_knowledge_base:reference>kb_knowledge_base user_criteria:reference>user_criteria*",
  },
  kb_uc_cannot_read_mtom: {
    label: "Knowledge Base Cannot Read",
    super: "sys_metadata",
    columns: "kb_knowledge_base:reference>kb_knowledge_base user_criteria:reference>user_criteria*",
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
  syslog: {
    label: "Log",
    columns:
      "level:string! message:string* source:string sequence:string source_package:reference>sys_package",
  },
  sys_user_preference: {
    label: "User Preference",
    columns:
      "name:string* value:string user:reference>sys_user system:boolean=false description:string type:string",
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
