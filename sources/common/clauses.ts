import type { Clause, Condition } from "../../common";
import { isOneOf } from "./filter";

type Values = string | readonly string[] | undefined;

const SYS_ID = /^[0-9a-f]{32}$/;

/** A reference column that points at one of the records, each given by sys_id or by the name people know. */
export function refersTo(field: string, values: Values, nameColumn = "name"): Clause[] {
  const list = (typeof values === "string" ? [values] : (values ?? []))
    .map((value) => value.trim())
    .filter(Boolean);
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
