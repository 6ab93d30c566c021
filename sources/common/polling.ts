/**
 * What polling sources are written with outside of this repository: the package's entry `servicenow-components/polling`. Its declarations stand in
 * `scripts/pack/polling.d.ts`, and a test holds the two together.
 */
import { axios, DEFAULT_POLLING_SOURCE_TIMER_INTERVAL } from "@pipedream/platform";
import { createTokenClient, platformTransport, type ServiceNow } from "../../common";
import { choiceOptions } from "../../apps/servicenow/options/choices";
import { recordOptions } from "../../apps/servicenow/options/records";
import { ACTIVE } from "../../apps/servicenow/props/shared";
import type { SourceThis } from "./this";

export { commentSource } from "./comment-source";
export { refersTo, taskClauses } from "./clauses";
export { createdOrUpdated } from "./created-or-updated";
export { recordSource } from "./record-source";
export { DEFAULT_POLLING_SOURCE_TIMER_INTERVAL };

/** A client for the account of an app prop. Requests go through the platform, for the source or step that is handed in. */
export function clientOf(auth: Record<string, unknown>, $: unknown): ServiceNow {
  return createTokenClient({
    instance: textOf(auth.instance_name),
    auth: { type: "token", token: textOf(auth.oauth_access_token) },
    transport: platformTransport(axios, $),
  });
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

type Connected = Pick<SourceThis, "servicenow">;
type Choices = Promise<{ label: string; value: string }[]>;

/** The choices of a column, as the instance has them; all of them are on page 0. */
export async function choicesOf(source: Connected, table: string, column: string, page: number): Choices {
  return page > 0 ? [] : choiceOptions(source.servicenow.client(), table, column);
}

/** Active records of a table by number, name or description; the value is the sys_id. */
export async function recordsOf(
  source: Connected,
  table: string,
  { query, page }: { query?: string | undefined; page: number },
): Choices {
  return recordOptions(source.servicenow.client(), table, { query, page, where: ACTIVE });
}
