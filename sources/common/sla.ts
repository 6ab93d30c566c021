import { cell } from "../../common/change-feed";
import { isTable, refersTo } from "./clauses";
import type { Row } from "./payload";
import type { CommonProps, SourceThis } from "./this";

export interface SlaProps extends SourceThis, CommonProps {
  warnMinutes?: number | undefined;
  sla?: string[] | undefined;
  taskTable?: string | undefined;
}

export const SLA_FIELDS = [
  "sys_id",
  "task",
  "task.number",
  "task.short_description",
  "task.sys_class_name",
  "sla",
  "sla.name",
  "stage",
  "has_breached",
  "start_time",
  "planned_end_time",
  "percentage",
  "business_percentage",
];

export const slaClauses = (source: SlaProps) => [
  ...refersTo("sla", source.sla, { table: "contract_sla", label: "SLA" }),
  ...isTable("task.sys_class_name", source.taskTable, "Task Type", "task"),
];

export const slaSubject = (row: Row) =>
  `${cell(row, "task.number") || "a task"} (${cell(row, "sla.name") || "SLA"})`;
