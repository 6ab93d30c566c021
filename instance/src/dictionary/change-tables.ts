import type { ShortTable } from "./further-tables";

/** Tables of change management and of schedules. */
export const changeTables: Record<string, ShortTable> = {
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
      "change:reference>change_request configuration_item:reference>cmdb_ci related_configuration_item:reference>cmdb_ci conflicting_change:reference>change_request schedule:reference>cmn_schedule type:string! last_checked:glide_date_time",
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
  cmdb_ci_outage: {
    label: "Outage",
    prefix: "OUT",
    columns:
      "number:string* short_description:string type:string=outage! cmdb_ci:reference>cmdb_ci begin:glide_date_time end:glide_date_time duration:glide_duration task_number:reference>task message:string details:html",
  },
  cmn_schedule: {
    label: "Schedule",
    columns: "name:string* time_zone:string type:string description:string",
  },
  cmn_schedule_condition: {
    label: "Condition Schedule",
    super: "cmn_schedule",
    columns: "applies_to:table_name condition:conditions",
  },
  cmn_schedule_blackout: { label: "Blackout Schedule", super: "cmn_schedule_condition", columns: "" },
  cmn_schedule_maintenance: { label: "Maintenance Schedule", super: "cmn_schedule_condition", columns: "" },
  cmn_schedule_span: {
    label: "Schedule Entry",
    columns:
      "name:string* schedule:reference>cmn_schedule type:string start_date_time:schedule_date_time end_date_time:schedule_date_time all_day:boolean=false repeat_type:string! days_of_week:string repeat_count:integer=1 repeat_until:string",
  },
};
