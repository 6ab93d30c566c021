import type { ShortTable } from "./further-tables";

/** Tables of the CMDB beside the items themselves. */
export const cmdbTables: Record<string, ShortTable> = {
  cmdb_rel_type: {
    label: "CI Relationship Type",
    super: "sys_metadata",
    columns: "name:string* parent_descriptor:string child_descriptor:string",
  },
  cmdb_serial_number: {
    label: "Serial Number",
    columns: "serial_number:string* serial_number_type:string valid:boolean=true cmdb_ci:reference>cmdb_ci",
  },
  cmdb_ci_network_adapter: {
    label: "Network Adapter",
    super: "cmdb_ci",
    columns:
      "cmdb_ci:reference>cmdb_ci_hardware netmask:string ip_default_gateway:string dhcp_enabled:boolean",
  },
  cmdb_software_instance: {
    label: "Software Installation",
    columns:
      "name:string* software:reference>cmdb_ci_spkg installed_on:reference>cmdb_ci install_location:string",
  },
  cmdb_reconciliation_definition: {
    label: "Reconciliation Definition",
    super: "sys_metadata",
    columns:
      "name:string* applies_to:table_name attributes:string discovery_source:string order:integer=100 active:boolean=true",
  },
  sys_object_source: {
    label: "Source",
    columns:
      "name:string* id:string target_table:table_name target_sys_id:document_id source_feed:string last_scan:glide_date_time",
  },
  cmdb_model: {
    label: "Product Model",
    columns: "display_name:string* name:string manufacturer:reference>core_company model_number:string",
  },
  alm_asset: {
    label: "Asset",
    columns:
      "display_name:string* asset_tag:string serial_number:string model:reference>cmdb_model model_category:reference>cmdb_model_category assigned_to:reference>sys_user ci:reference>cmdb_ci install_status:integer=1! substatus:string cost:currency company:reference>core_company location:reference>cmn_location department:reference>cmn_department managed_by:reference>sys_user owned_by:reference>sys_user support_group:reference>sys_user_group quantity:integer=1 purchase_date:glide_date warranty_expiration:glide_date sys_class_name:sys_class_name",
  },
  alm_hardware: {
    label: "Hardware",
    super: "alm_asset",
    columns: "ip_address:string lease_id:string redundant:boolean=false",
  },
  cmdb_model_category: {
    label: "Model Category",
    columns:
      "name:string* cmdb_ci_class:table_name asset_class:table_name bundle:boolean=false allow_pre_allocated:boolean=false enforce_verification:boolean=false product_model_class:table_name",
  },
};

/** Classes whose items have numbers. */
export const ciPrefixes: Record<string, string> = {
  cmdb_ci_service_auto: "SNSVC",
  cmdb_ci_service_discovered: "SNSVC",
};

/** Classes of configuration items; none has columns of its own here. */
export const ciClasses: Record<string, string> = {
  cmdb_ci_hardware: "cmdb_ci",
  cmdb_ci_appl: "cmdb_ci",
  cmdb_ci_service: "cmdb_ci",
  cmdb_ci_spkg: "cmdb_ci",
  cmdb_ci_database: "cmdb_ci",
  cmdb_ci_cluster: "cmdb_ci",
  cmdb_ci_environment: "cmdb_ci",
  cmdb_ci_vm_object: "cmdb_ci",
  cmdb_ci_vm_instance: "cmdb_ci_vm_object",
  cmdb_ci_ec2_instance: "cmdb_ci_vm_instance",
  cmdb_ci_service_auto: "cmdb_ci_service",
  cmdb_ci_service_discovered: "cmdb_ci_service_auto",
  cmdb_ci_business_app: "cmdb_ci",
  cmdb_ci_computer: "cmdb_ci_hardware",
  cmdb_ci_netgear: "cmdb_ci_hardware",
  cmdb_ci_ip_switch: "cmdb_ci_netgear",
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
