import { sql } from "kysely";
import type { Tx } from "../db/database";
import type { RunRequestRow, TriggerRow } from "../db/schema";
import { isOpen } from "./trigger-rows";

/** A trigger's row, and the time by the database's clock when it was read. */
export type TimedRow = TriggerRow & { now: number };

const BATCH = 50;

export function readTimedRow(tx: Tx, trigger: string): Promise<TimedRow | undefined> {
  return tx
    .selectFrom("triggers")
    .selectAll()
    .select(sql<number>`now_ms()`.as("now"))
    .where("id", "=", trigger)
    .executeTakeFirst();
}

export function isPollDue(row: TimedRow): boolean {
  return row.active && row.next_run_at !== null && row.next_run_at <= row.now;
}

/** Stored requests that nobody has withdrawn or given up, in their order. A source that is paused is polled by hand only. */
export function readOpenRequests(tx: Tx, row: TimedRow, after = 0): Promise<RunRequestRow[]> {
  let query = tx
    .selectFrom("run_requests")
    .selectAll()
    .where("trigger_id", "=", row.id)
    .where("seq", ">", after)
    .where((eb) =>
      eb.or([eb("waits_until", "is", null), eb("waits_until", ">", row.now), eb("started", "=", true)]),
    );
  if (!isOpen(row)) query = query.where("kind", "=", "poll");
  return query.orderBy("seq").limit(BATCH).execute();
}
