import type { ServiceNow } from "../../common";
import { wrongInput } from "./input";
import { resolveRecord, type FoundRecord } from "./resolve";
import { TASK_FIELDS, type ResultProps } from "./results";
import { writeRecord, type Written } from "./write";

/** What tells an incident. */
export const INCIDENT_FIELDS = [...TASK_FIELDS, "caller_id", "category"] as const;

const OVER: Record<string, "resolved" | "closed" | "canceled"> = {
  6: "resolved",
  7: "closed",
  8: "canceled",
};

/** Looks at an incident before a change, and throws when it is over in one of these ways: to write a state would open it again. */
export function notOver(...ways: readonly (typeof OVER)[string][]): (incident: FoundRecord) => void {
  return ({ state, number }) => {
    const way = OVER[state ?? ""];
    if (!way || !ways.includes(way)) return;
    const instead = way === "canceled" ? "It stays so." : 'The action "Reopen Incident" opens it again.';
    throw wrongInput(`Incident ${number} is ${way}. ${instead}`);
  };
}

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
): Promise<Written> {
  const incident = await resolveRecord(client, "incident", props.incident, "Incident", ["state"]);
  expects.before?.(incident);
  const mustHold = ["state", ...(expects.held ?? [])].filter((field) => field in values);
  return writeRecord(
    client,
    incident.sys_id,
    { table: "incident", values, props, summaryFields: INCIDENT_FIELDS },
    mustHold,
  );
}
