import type { ServiceNow } from "../../common";
import { fieldValues } from "./field-props";
import { isBlank, optionalObject, plainValue, utcTime, wrongInput } from "./input";
import type { LOOKUPS } from "./resolve";
import { optionalReference } from "./resolve";
import { given } from "./given-values";
import { textOf } from "../../common/table/cells";

/** Columns by the prop that fills them, where the value goes over as it is. */
const PLAIN = {
  shortDescription: "short_description",
  description: "description",
  urgency: "urgency",
  impact: "impact",
  category: "category",
  state: "state",
  comment: "comments",
  workNote: "work_notes",
  taskType: "change_task_type",
  name: "name",
  email: "email",
  userName: "user_name",
  firstName: "first_name",
  lastName: "last_name",
} as const;

/** Columns that hold a time, by prop, with the prop's label for the error. */
const TIMES = {
  startDate: ["start_date", "Planned Start"],
  endDate: ["end_date", "Planned End"],
} as const;

/** Columns that refer to a record, by prop: where the name is looked up, and the prop's label. */
const REFERENCES = {
  callerId: ["caller_id", "user", "Caller"],
  assignedTo: ["assigned_to", "assignee", "Assigned To"],
  assignmentGroup: ["assignment_group", "assignedGroup", "Assignment Group"],
  configurationItem: ["cmdb_ci", "configurationItem", "Configuration Item"],
  manager: ["manager", "user", "Manager"],
} as const satisfies Record<string, readonly [string, keyof typeof LOOKUPS, string]>;

/** The props of record actions that stand for a column; an action has some of them. */
export type RecordProps = {
  [Prop in keyof typeof PLAIN | keyof typeof TIMES | keyof typeof REFERENCES]?: string | undefined;
};

/** The columns that those props fill. Names of people, groups and items become sys_ids; throws when one does not fit exactly one record. */
export async function recordValues(client: ServiceNow, props: RecordProps): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const [prop, column] of Object.entries(PLAIN)) {
    const value = plainValue(props[prop as keyof typeof PLAIN]);
    values[column] = typeof value === "string" ? value.trim() : value;
  }
  for (const [prop, [column, label]] of Object.entries(TIMES)) {
    const text = props[prop as keyof typeof TIMES];
    if (!isBlank(plainValue(text))) values[column] = utcTime(text, label);
  }
  const [start, end] = [textOf(values.start_date), textOf(values.end_date)];
  if (start && end && end < start) throw wrongInput("Planned End is before Planned Start.");
  for (const [prop, [column, kind, label]] of Object.entries(REFERENCES))
    values[column] = await optionalReference(client, kind, props[prop as keyof typeof REFERENCES], label);
  return given(values);
}

/**
 * The columns of the JSON object and of the inputs for single columns, which win. An empty text stays, since it clears a column.
 * @param object the JSON object of the action, and the label of its prop
 */
export function furtherValues(
  instance: object,
  object: unknown = Reflect.get(instance, "otherFields"),
  label = "Other Fields",
): Record<string, unknown> {
  return { ...optionalObject(object, label), ...fieldValues(instance) };
}
