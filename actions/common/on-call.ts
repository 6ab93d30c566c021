import type { ServiceNow } from "../../common";
import { portions } from "./columns";

/** Facts of a person who is called. */
const PERSON_FIELDS = ["sys_id", "name", "user_name", "email", "phone", "mobile_phone"] as const;

type Found<F extends string> = Map<string, Record<F, string>>;

/** Records by their sys_ids, with some columns; those that the account may not read are missing. */
async function bySysIds<F extends string>(
  client: ServiceNow,
  table: string,
  ids: readonly string[],
  fields: readonly F[],
): Promise<Found<F>> {
  const found: Found<F> = new Map();
  for (const query of portions([...new Set(ids.filter(Boolean))])) {
    const { rows } = await client.table(table).page({ query, fields: [...fields], limit: 100 });
    for (const row of rows as Record<F | "sys_id", string>[]) found.set(row.sys_id, row);
  }
  return found;
}

/** Names, addresses and telephone numbers of people. */
export const peopleOnCall = (client: ServiceNow, ids: readonly string[]) =>
  bySysIds(client, "sys_user", ids, PERSON_FIELDS);

/** Names of shifts, and their groups. */
export const shiftNames = (client: ServiceNow, ids: readonly string[]) =>
  bySysIds(client, "cmn_rota", ids, ["sys_id", "name", "group"]);
