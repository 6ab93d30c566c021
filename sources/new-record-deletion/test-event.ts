export default {
  sys_id: "1c741bd70b2322007518478d83673af3",
  table: "incident",
  display_value: "INC0010023",
  deleted_at: "2026-07-30T16:01:09.000Z",
  deleted_by: "admin",
  audit_id: "4a9cc0f2c0a8016400cf1f4b2e5a7d10",
};
