import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import { usageError } from "../../errors";
import { common, send } from "../../http/api-call";

/** An event for event management. */
export interface ManagementEvent {
  /** What noticed it: `Nagios`. */
  source: string;
  /** The instance of the source. */
  eventClass?: string;
  /** The host or service it is about. */
  node?: string;
  /** The part of the node it is about: a disk, a process. */
  resource?: string;
  /** What was measured. */
  metricName?: string;
  /** What kind of event, in the words of the source: `High CPU`. */
  type?: string;
  /** 0 clear, 1 critical, 2 major, 3 minor, 4 warning, 5 OK. */
  severity: 0 | 1 | 2 | 3 | 4 | 5;
  /** What happened, for people. */
  description?: string;
  /** Ties events of one alert together. */
  messageKey?: string;
  /** `New` or `Closing`. */
  resolutionState?: "New" | "Closing";
  /** When it happened; sent in UTC. The time of arrival unless told. */
  timeOfEvent?: Date;
  /** Anything more, kept with the event as JSON. */
  additionalInfo?: Record<string, unknown>;
}

/**
 * Sends events to event management in one request. No business rule of the table `em_event` runs on this way.
 *
 * @returns the instance's own answer, which says how many were taken
 */
export async function sendEvents(
  client: ServiceNow,
  events: readonly ManagementEvent[],
  options: CallOptions = {},
): Promise<unknown> {
  if (events.length === 0) throw usageError("There is no event to send");
  const answer = await send<{ result?: unknown }>(client, {
    ...common(options),
    method: "POST",
    path: "/api/global/em/jsonv2",
    body: { records: events.map(toRecord) },
    operation: `send ${events.length} events`,
    needs: "the plugin Event Management (com.glideapp.itom.snac)",
  });
  return answer.data?.result ?? answer.data;
}

function toRecord(event: ManagementEvent): Record<string, string> {
  if (!event.source?.trim()) throw usageError("The event has no source", "Name what noticed it");
  if (!Number.isInteger(event.severity) || event.severity < 0 || event.severity > 5) {
    throw usageError("The severity of an event is a number from 0 (clear) and 1 (critical) to 5 (OK)");
  }
  const record: Record<string, string | undefined> = {
    source: event.source,
    event_class: event.eventClass,
    node: event.node,
    resource: event.resource,
    metric_name: event.metricName,
    type: event.type,
    severity: String(event.severity),
    description: event.description,
    message_key: event.messageKey,
    resolution_state: event.resolutionState,
    time_of_event: event.timeOfEvent?.toISOString().slice(0, 19).replace("T", " "),
    additional_info: event.additionalInfo && JSON.stringify(event.additionalInfo),
  };
  return Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
