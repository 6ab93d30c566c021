import { fieldsOr, oneOf } from "./input";

/** The props about results, as the actions with small default results share them. */
export interface ResultProps {
  resultFields?: string[] | undefined;
  resultFormat?: string | undefined;
}

/** Columns that say what a task is, where it stands and who works on it. */
export const TASK_FIELDS = [
  "sys_id",
  "number",
  "short_description",
  "state",
  "priority",
  "assigned_to",
  "assignment_group",
  "sys_class_name",
  "sys_updated_on",
] as const;

/** What fields may hold; stored values where nothing is said. */
export const FORMATS = ["false", "true", "all"] as const;

/** What the client takes: the fields asked for or the telling ones, without reference links, as values unless labels are asked for. */
export function resultOptions(props: ResultProps, summaryFields: readonly string[]) {
  const displayValue = oneOf(props.resultFormat, FORMATS, "Result Format");
  return { displayValue, fields: fieldsOr(props.resultFields, summaryFields) };
}

/** The same for the result that is one record: which one it is belongs to it. */
export function recordOptions(props: ResultProps, summaryFields: readonly string[]) {
  const { displayValue, fields } = resultOptions(props, summaryFields);
  return { displayValue, fields: [...new Set(["sys_id", "number", ...fields])] };
}

/** What tells a user, without personal data beyond that. */
export const USER_FIELDS = [
  "sys_id",
  "user_name",
  "name",
  "first_name",
  "last_name",
  "email",
  "title",
  "active",
  "department",
  "manager",
  "time_zone",
] as const;

/** What tells a group. */
export const GROUP_FIELDS = ["sys_id", "name", "description", "active", "manager", "email"] as const;

/** What tells a knowledge article. */
export const ARTICLE_FIELDS = [
  "sys_id",
  "number",
  "short_description",
  "workflow_state",
  "kb_knowledge_base",
  "kb_category",
  "sys_updated_on",
] as const;

/** What a person would want to read of an incident. */
export const INCIDENT_DETAILS = [
  ...TASK_FIELDS,
  "description",
  "caller_id",
  "category",
  "subcategory",
  "urgency",
  "impact",
  "cmdb_ci",
  "opened_at",
  "opened_by",
  "resolved_at",
  "closed_at",
  "close_code",
  "close_notes",
  "hold_reason",
  "contact_type",
  "active",
] as const;
