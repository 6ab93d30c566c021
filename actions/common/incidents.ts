import type { ServiceNow } from "../../common";
import { resolveRecord, type FoundRecord } from "./resolve";
import { TASK_FIELDS, type ResultProps } from "./results";
import { updateRecord, type ResultRecord } from "./write";

/** What tells an incident. */
export const INCIDENT_FIELDS = [...TASK_FIELDS, "caller_id", "category"] as const;

/**
 * Changes an incident given by number or sys_id, and makes sure that its state and assignment are what was asked for.
 * @param before looks at the incident as it is, and throws when the change makes no sense
 */
export async function changeIncident(
  client: ServiceNow,
  props: ResultProps & { incident: string },
  values: Record<string, unknown>,
  before?: (incident: FoundRecord) => void,
): Promise<ResultRecord> {
  const incident = await resolveRecord(client, "incident", props.incident, "Incident", ["state"]);
  before?.(incident);
  const mustHold = ["state", "hold_reason", "assigned_to", "assignment_group"].filter(
    (field) => field in values,
  );
  return updateRecord(
    client,
    incident.sys_id,
    { table: "incident", values, props, telling: INCIDENT_FIELDS },
    mustHold,
  );
}
