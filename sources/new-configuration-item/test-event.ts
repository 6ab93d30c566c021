export default {
  sys_id: "b0c25d8ac0a8016400be6d2a1e5d8a1f",
  name: "web-01",
  sys_class_name: "cmdb_ci_linux_server",
  operational_status: "1",
  ip_address: "192.0.2.17",
  support_group: "d625dccec0a8016700a222a0f7900d06",
  sys_created_on: "2026-07-30 14:02:11",
  sys_created_by: "joe.employee",
  sys_updated_on: "2026-07-30 14:02:11",
  sys_updated_by: "joe.employee",
  sys_mod_count: "0",
};
