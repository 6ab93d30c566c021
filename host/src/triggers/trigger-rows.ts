import type { Queryable } from "../db/database";
import type { TriggerRow } from "../db/schema";
import { unwrapLabelValue, isRecord } from "../../../components/prop-rules";
import type { ConfigurableProp } from "../execution/protocol";
import type { Schedule } from "./schedule";

export const scheduleIn = (row: Pick<TriggerRow, "schedule">): Schedule | null =>
  row.schedule ? (JSON.parse(row.schedule) as Schedule) : null;
export const configuredIn = (row: TriggerRow): Record<string, unknown> =>
  JSON.parse(row.configured_props) as Record<string, unknown>;
export const dynamicIn = (row: TriggerRow): ConfigurableProp[] | undefined =>
  row.dynamic_props ? (JSON.parse(row.dynamic_props) as ConfigurableProp[]) : undefined;

export function getTrigger(db: Queryable, id: string): Promise<TriggerRow | undefined> {
  return db.selectFrom("triggers").selectAll().where("id", "=", id).executeTakeFirst();
}

/** Triggers that are deployed, of a user or of all, newest first. */
export function listTriggers(db: Queryable, user: string | undefined): Promise<TriggerRow[]> {
  let query = db.selectFrom("triggers").selectAll().where("state", "=", "ready");
  if (user !== undefined) query = query.where("external_user_id", "=", user);
  return query.orderBy("created_at", "desc").orderBy("id").execute();
}

/** Whether a request at its endpoint is taken. */
export function isOpen(row: Pick<TriggerRow, "state" | "active" | "activating">): boolean {
  return row.state !== "ready" || row.active || row.activating;
}

/** With whom the trigger's runs share the processes: the others of its account, or of its user. */
export function groupOf(row: Pick<TriggerRow, "account_id" | "external_user_id">): string {
  return row.account_id ?? `user ${row.external_user_id}`;
}

/** The first account that the props name. */
export function accountIn(configuredProps: Record<string, unknown>): string | undefined {
  for (const stored of Object.values(configuredProps)) {
    const value = unwrapLabelValue(stored);
    if (isRecord(value) && typeof value.authProvisionId === "string") return value.authProvisionId;
  }
  return undefined;
}
