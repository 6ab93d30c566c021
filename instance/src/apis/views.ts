import type { Table } from "../dictionary/model";

const taskView = [
  "number",
  "short_description",
  "priority",
  "state",
  "assigned_to",
  "assignment_group",
  "opened_at",
  "sys_updated_on",
  "sys_id",
];
const views: Record<string, string[]> = {
  incident: [
    "number",
    "opened_at",
    "short_description",
    "caller_id",
    "priority",
    "state",
    "category",
    "assignment_group",
    "assigned_to",
    "sys_updated_on",
    "sys_updated_by",
    "sys_id",
  ],
  task: taskView,
  sys_user: ["user_name", "name", "email", "active", "sys_created_on", "sys_updated_on", "sys_id"],
  sys_user_group: ["name", "description", "active", "manager", "sys_updated_on", "sys_id"],
};

/** Columns of a view. All views of a table are the same short list here; a table without one gives every column. */
export function viewFields(table: Table, _view: string): string[] | undefined {
  const owner = table.lineage.find((name) => views[name]);
  return owner === undefined ? undefined : views[owner];
}
