import { assertPlainValue, type Condition } from "../../common";
import { plainValue, textList } from "../../apps/servicenow/input";
import { isOneOf, type Selected } from "./filter";
import { requiredTable } from "./table";
import { isSysId } from "../../common/sys-id";

/** Names and ids of records; a text that is not all ids is one name, since names have commas. */
export function namesOf(values: unknown): string[] {
  const text = plainValue(values);
  if (typeof text !== "string" || text.trim().startsWith("[")) return textList(text);
  const parts = textList(text);
  return parts.every(isSysId) ? parts : textList([text]);
}

/** A reference column that points at one of the records of a table, each given by sys_id or by the name people know. */
export function refersTo(
  field: string,
  given: unknown,
  { table, label, name = "name" }: { table: string; label: string; name?: string },
): Selected[] {
  const values = namesOf(given).map((value) => assertPlainValue(field, value));
  if (values.length === 0) return [];
  const byId = isOneOf(
    field,
    values.filter(isSysId).map((id) => id.toLowerCase()),
  ).flat();
  const byName = values
    .filter((value) => !isSysId(value))
    .map((value): Condition => ({ field: `${field}.${name}`, operator: "=", value }));
  return [{ clause: [...byId, ...byName], label, values, of: { records: table, name } }];
}

/** A column with choices that has one of the values. */
export const isChoice = (field: string, given: unknown, label: string): Selected[] =>
  isOneOf(field, given).map((clause) => ({ clause, label, values: textList(given), of: { choices: field } }));

/** A column with the name of a table, which is one of those. @param root what they must extend */
export const isTable = (field: string, given: unknown, label: string, root?: string): Selected[] =>
  isOneOf(field, textList(given).map(requiredTable)).map((clause) => ({
    clause,
    label,
    values: textList(given),
    of: { tables: root },
  }));

export const GROUPS = { table: "sys_user_group", label: "Assignment Group" };
export const PEOPLE = { table: "sys_user", label: "Assigned To" };

/** What every kind of task can be filtered by. */
export interface TaskFilters {
  priority?: string[] | undefined;
  state?: string[] | undefined;
  category?: string[] | undefined;
  assignmentGroup?: string[] | undefined;
  assignedTo?: string[] | undefined;
}

export const taskClauses = (source: TaskFilters): Selected[] => [
  ...isChoice("priority", source.priority, "Priority"),
  ...isChoice("state", source.state, "State"),
  ...isChoice("category", source.category, "Category"),
  ...refersTo("assignment_group", source.assignmentGroup, GROUPS),
  ...refersTo("assigned_to", source.assignedTo, PEOPLE),
];
