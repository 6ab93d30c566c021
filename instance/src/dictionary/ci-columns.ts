/** Columns that classes of configuration items add, in short form; the well-known ones. */
export const ciColumns: Record<string, string> = {
  cmdb_ci_hardware: "default_gateway:string hardware_status:string hardware_substatus:string",
  cmdb_ci_computer:
    "cd_rom:boolean cd_speed:integer chassis_type:string cpu_core_count:integer cpu_core_thread:integer cpu_count:integer cpu_manufacturer:reference>core_company cpu_name:string cpu_speed:float cpu_type:string disk_space:float floppy:string form_factor:string object_id:string os:string os_address_width:integer os_domain:string os_service_pack:string os_version:string ram:integer virtual:boolean",
  cmdb_ci_server:
    "classification:string db_version:string dr_backup:reference>cmdb_ci firewall_status:string host_name:string used_for:string",
  cmdb_ci_linux_server: "kernel_release:string",
  cmdb_ci_appl:
    "config_directory:string config_file:string edition:string install_directory:string is_clustered:boolean pid:integer port:string running_process_command:string tcp_port:string used_for:string version:string",
  cmdb_ci_netgear:
    "can_route:boolean can_switch:boolean device_type:string firmware_version:string ports:integer",
  cmdb_ci_vm_object: "object_id:string account_id:string state:string! os:string",
  cmdb_ci_vm_instance:
    "vm_inst_id:string cpus:integer memory:integer disks:integer disks_size:integer nics:integer guest_os_fullname:string image_path:string placement_group_id:string",
  cmdb_ci_ec2_instance: "instance_type:string public_dns:string private_dns:string",
  cmdb_ci_service_auto: "number:string service_status:string",
  cmdb_ci_service: "busines_criticality:string service_classification:string used_for:string version:string",
};
