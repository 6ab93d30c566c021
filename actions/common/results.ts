import type { DisplayValue } from "../../common";
import { textList, wrongInput } from "./input";

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

/** What the client takes: the fields asked for or the telling ones, without reference links, as values unless labels are asked for. */
export function resultOptions(props: ResultProps, telling: readonly string[]) {
  const format = props.resultFormat || "false";
  if (!["true", "false", "all"].includes(format))
    throw wrongInput('Result Format must be "true", "false" or "all".');
  const fields = textList(props.resultFields);
  return { displayValue: format as DisplayValue, fields: fields.length > 0 ? fields : [...telling] };
}
