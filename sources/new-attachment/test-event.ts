export default {
  sys_id: "003a3ef24ff1120031577d2ca310c74b",
  file_name: "screenshot.png",
  content_type: "image/png",
  size_bytes: "48213",
  table_name: "incident",
  table_sys_id: "1c741bd70b2322007518478d83673af3",
  hash: "d131dd02c5e6eec4693d9a0698aff95c2fcab58712467eab4004583eb8fb7f89",
  sys_created_on: "2026-07-30 14:03:02",
  sys_created_by: "joe.employee",
  sys_updated_on: "2026-07-30 14:03:02",
  sys_mod_count: "0",
};
