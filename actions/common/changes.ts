import type { ServiceNow } from "../../common";
import { changes, type ChangeRecord, type ChangeWrite } from "../../common/apis/change";
import { optionalObject, wrongInput } from "./input";
import { utcTime } from "./ready-filters";
import { isSysId, optionalReference } from "./resolve";
import { given } from "./write";

const TELLING = [
  "sys_id",
  "number",
  "type",
  "short_description",
  "state",
  "priority",
  "risk",
  "assigned_to",
  "assignment_group",
  "start_date",
  "end_date",
];

/** A change in a small shape: stored values, the label of its state, and what the instance did not take. */
export function changeResult(change: ChangeRecord | ChangeWrite): Record<string, unknown> {
  const values = Object.fromEntries(
    TELLING.filter((name) => name in change.values).map((name) => [name, change.values[name]]),
  );
  const ignored = "ignored" in change && change.ignored.length > 0 ? { ignored_fields: change.ignored } : {};
  return { ...values, state_label: change.labels.state ?? "", ...ignored };
}

interface ChangeProps {
  shortDescription?: string | undefined;
  description?: string | undefined;
  assignedTo?: string | undefined;
  assignmentGroup?: string | undefined;
  configurationItem?: string | undefined;
  startDate?: string | undefined;
  endDate?: string | undefined;
  otherFields?: Record<string, unknown> | undefined;
}

/** The fields of a change from the props of an action. */
export async function changeValues(client: ServiceNow, props: ChangeProps): Promise<Record<string, never>> {
  const time = (value: string | undefined, label: string) => (value ? utcTime(value, label) : undefined);
  const values = given({
    short_description: props.shortDescription,
    description: props.description,
    start_date: time(props.startDate, "Planned Start"),
    end_date: time(props.endDate, "Planned End"),
    assigned_to: await optionalReference(client, "user", props.assignedTo, "Assigned To"),
    assignment_group: await optionalReference(client, "group", props.assignmentGroup, "Assignment Group"),
    cmdb_ci: await optionalReference(
      client,
      "configurationItem",
      props.configurationItem,
      "Configuration Item",
    ),
  });
  return { ...values, ...optionalObject(props.otherFields, "Other Fields") } as Record<string, never>;
}

const nameOf = ({ values, labels }: ChangeRecord) =>
  labels.name || values.name || labels.short_description || "";

/** Templates of standard changes whose name contains the typed text. */
export async function templateOptions(
  client: ServiceNow,
  query: string | undefined,
): Promise<{ label: string; value: string }[]> {
  const wanted = (query ?? "").toLowerCase();
  return (await changes(client).templates())
    .map((template) => ({ label: nameOf(template) || template.sys_id, value: template.sys_id }))
    .filter(({ label }) => label.toLowerCase().includes(wanted));
}

/** The template with this sys_id or name. Throws with the names there are. */
export async function findTemplate(client: ServiceNow, text: string): Promise<string> {
  if (isSysId(text)) return text.toLowerCase();
  const all = await templateOptions(client, "");
  const found = all.filter(({ label }) => label.toLowerCase() === text.toLowerCase());
  const [template] = found;
  if (template && found.length === 1) return template.value;
  const names = all.slice(0, 10).map(({ label, value }) => `${label} (${value})`);
  throw wrongInput(
    `Template: ${found.length === 0 ? "no" : "more than one"} template is called "${text}". There are: ${names.join("; ") || "none that the account may see"}.`,
  );
}
