import { assertPlainValue, type Clause, type Condition } from "../../common";
import { plainValue, textList } from "../../apps/servicenow/input";
import { isOneOf } from "./filter";

const SYS_ID = /^[0-9a-f]{32}$/;

/** Names and ids of records; a text that is not all ids is one name, since names have commas. */
export function namesOf(values: unknown): string[] {
  const text = plainValue(values);
  if (typeof text !== "string" || text.trim().startsWith("[")) return textList(text);
  const parts = textList(text);
  return parts.every((part) => SYS_ID.test(part)) ? parts : textList([text]);
}

/** A reference column that points at one of the records, each given by sys_id or by the name people know. */
export function refersTo(field: string, values: unknown, nameColumn = "name"): Clause[] {
  const list = namesOf(values).map((value) => assertPlainValue(field, value));
  if (list.length === 0) return [];
  const ids = list.filter((value) => SYS_ID.test(value));
  const names = list.filter((value) => !SYS_ID.test(value));
  const byId: Condition[] = isOneOf(field, ids).flat();
  const byName: Condition[] = names.map((value) => ({
    field: `${field}.${nameColumn}`,
    operator: "=",
    value,
  }));
  return [[...byId, ...byName]];
}

/** What every kind of task can be filtered by. */
export interface TaskFilters {
  priority?: string[] | undefined;
  state?: string[] | undefined;
  category?: string[] | undefined;
  assignmentGroup?: string[] | undefined;
  assignedTo?: string[] | undefined;
}

export const taskClauses = (source: TaskFilters): Clause[] => [
  ...isOneOf("priority", source.priority),
  ...isOneOf("state", source.state),
  ...isOneOf("category", source.category),
  ...refersTo("assignment_group", source.assignmentGroup),
  ...refersTo("assigned_to", source.assignedTo),
];
