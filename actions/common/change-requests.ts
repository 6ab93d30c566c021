import { assertCorrelationId, findOrCreate, type ServiceNow } from "../../common";
import { changes, type ChangeRecord, type ChangeWrite } from "../../common/apis/change/change";
import { wrongInput } from "./input";
import { furtherValues, recordValues, type RecordProps } from "./record-values";
import { isSysId } from "../../common/sys-id";
import { correlationText } from "./write";

const SUMMARY_FIELDS = [
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
    SUMMARY_FIELDS.filter((name) => name in change.values).map((name) => [name, change.values[name]]),
  );
  const ignored = "ignored" in change && change.ignored.length > 0 ? { ignored_fields: change.ignored } : {};
  return { ...values, state_label: change.labels.state ?? "", ...ignored };
}

type ChangeProps = RecordProps & { otherFields?: unknown; correlationId?: string | undefined };
type Kind = Parameters<ReturnType<typeof changes>["create"]>[0] & { type: string };

/** The fields of a change or its task from the props of an action. */
async function changeValues(client: ServiceNow, props: ChangeProps): Promise<Record<string, never>> {
  const id = correlationText(props.correlationId);
  return {
    ...(await recordValues(client, props)),
    ...furtherValues(props),
    ...(id ? { correlation_id: assertCorrelationId(id) } : {}),
  } as Record<string, never>;
}

/** Makes a change or a task of one, or gives what was made with this correlation id before. */
async function once(
  client: ServiceNow,
  table: string,
  correlationId: unknown,
  read: (sysId: string) => Promise<ChangeRecord>,
  make: () => Promise<ChangeRecord | ChangeWrite>,
): Promise<{ made: ChangeRecord | ChangeWrite; existed: boolean }> {
  const id = correlationText(correlationId);
  if (!id) return { made: await make(), existed: false };
  assertCorrelationId(id);
  return findOrCreate(async () => {
    const row = await client.table(table).firstMade("correlation_id", id, { fields: ["sys_id"] });
    return row && read(row.sys_id);
  }, make);
}

/** Creates a change in the first state of its model; with a correlation id that was used before, returns the change made then. */
export async function createChange(
  client: ServiceNow,
  props: ChangeProps,
  kind: Kind,
): Promise<{ change: Record<string, unknown>; summary: string }> {
  const { made, existed } = await once(
    client,
    "change_request",
    props.correlationId,
    (sysId) => changes(client).get(sysId),
    async () => changes(client).create(kind, await changeValues(client, props)),
  );
  return {
    change: changeResult(made),
    summary: existed
      ? `Found the change created before ${made.number}`
      : `Created ${kind.type} change ${made.number}`,
  };
}

/** Adds a task to a change; with a correlation id that was used before, returns the task made then. */
export async function addChangeTask(
  client: ServiceNow,
  props: ChangeProps,
  changeId: string,
): Promise<{ task: Record<string, unknown>; summary: string }> {
  const { made, existed } = await once(
    client,
    "change_task",
    props.correlationId,
    async (sysId) => {
      const task = (await changes(client).tasks(changeId)).find(({ sys_id: id }) => id === sysId);
      if (task) return task;
      throw wrongInput(`Correlation ID: a task of another change has the id "${props.correlationId}".`);
    },
    async () => changes(client).createTask(changeId, await changeValues(client, props)),
  );
  return {
    task: changeResult(made),
    summary: existed ? `Found task ${made.number}, added before` : `Added task ${made.number}`,
  };
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
