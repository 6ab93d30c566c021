import type { ServiceNow } from "../../common";
import { resolveRecord, type FoundRecord } from "./resolve";
import { TASK_FIELDS, type ResultProps } from "./results";
import { updateRecord, type ResultRecord } from "./write";

/** What tells an incident. */
export const INCIDENT_FIELDS = [...TASK_FIELDS, "caller_id", "category"] as const;

/**
 * Changes an incident given by number or sys_id, and makes sure that its state is what was asked for.
 * @param expects.before looks at the incident as it is, and throws when the change makes no sense
 * @param expects.held further columns that must have the new value afterwards
 */
export async function changeIncident(
  client: ServiceNow,
  props: ResultProps & { incident: string },
  values: Record<string, unknown>,
  expects: { before?: (incident: FoundRecord) => void; held?: readonly string[] } = {},
): Promise<ResultRecord> {
  const incident = await resolveRecord(client, "incident", props.incident, "Incident", ["state"]);
  expects.before?.(incident);
  const mustHold = ["state", ...(expects.held ?? [])].filter((field) => field in values);
  return updateRecord(
    client,
    incident.sys_id,
    { table: "incident", values, props, telling: INCIDENT_FIELDS },
    mustHold,
  );
}
