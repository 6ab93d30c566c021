import type { RunRecord } from "./events";
import type { Schedule } from "./schedule";
import type { ConfigurableProp } from "../execution/protocol";
import type { Queryable } from "../db/database";

export interface TriggerRow {
  id: string;
  external_user_id: string;
  component_key: string;
  component_version: string;
  name: string;
  name_slug: string;
  state: "deploying" | "ready";
  active: boolean;
  emit_on_deploy: boolean;
  configured_props: string;
  dynamic_props: string | null;
  schedule: string | null;
  next_run_at: number | null;
  endpoint_key: string;
  db: string;
  dedupe: string;
  webhooks: string;
  workflow_ids: string;
  last_run: string | null;
  lock_host: string | null;
  lock_run: string | null;
  lock_started: number | null;
  lock_until: number | null;
  created_at: number;
  updated_at: number;
}

export const LOCK_MS = 30_000;

export const scheduleIn = (row: TriggerRow): Schedule | null =>
  row.schedule ? (JSON.parse(row.schedule) as Schedule) : null;
export const configuredIn = (row: TriggerRow): Record<string, unknown> =>
  JSON.parse(row.configured_props) as Record<string, unknown>;
export const dynamicIn = (row: TriggerRow): ConfigurableProp[] | undefined =>
  row.dynamic_props ? (JSON.parse(row.dynamic_props) as ConfigurableProp[]) : undefined;

export async function insertTrigger(
  db: Queryable,
  row: Pick<
    TriggerRow,
    | "id"
    | "external_user_id"
    | "component_key"
    | "component_version"
    | "name"
    | "name_slug"
    | "emit_on_deploy"
    | "configured_props"
    | "dynamic_props"
    | "schedule"
    | "endpoint_key"
    | "webhooks"
    | "workflow_ids"
  >,
  now: number,
): Promise<void> {
  await db.query(
    `insert into triggers (id, external_user_id, component_key, component_version, name, name_slug, state, active,
       emit_on_deploy, configured_props, dynamic_props, schedule, endpoint_key, webhooks, workflow_ids, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, 'deploying', false, $7, $8, $9, $10, $11, $12, $13, $14, $14)`,
    [
      row.id,
      row.external_user_id,
      row.component_key,
      row.component_version,
      row.name,
      row.name_slug,
      row.emit_on_deploy,
      row.configured_props,
      row.dynamic_props,
      row.schedule,
      row.endpoint_key,
      row.webhooks,
      row.workflow_ids,
      now,
    ],
  );
}

export async function getTrigger(db: Queryable, id: string): Promise<TriggerRow | undefined> {
  return (await db.query<TriggerRow>("select * from triggers where id = $1", [id]))[0];
}

export function listTriggers(db: Queryable, user: string | undefined): Promise<TriggerRow[]> {
  return db.query<TriggerRow>(
    `select * from triggers where state = 'ready' and ($1::text is null or external_user_id = $1)
     order by created_at desc, id`,
    [user ?? null],
  );
}

/**
 * Takes the lock of up to `limit` triggers that are due, for one run each. Several processes may ask at the same time: none gets
 * a trigger that another has.
 */
export function claimDue(db: Queryable, host: string, now: number, limit: number): Promise<TriggerRow[]> {
  return db.query<TriggerRow>(
    `update triggers set lock_host = $1, lock_run = $1 || ':' || id || ':' || $2::bigint, lock_started = $2::bigint, lock_until = $2::bigint + ${LOCK_MS}
     where id in (
       select id from triggers
       where active and next_run_at <= $2::bigint and (lock_until is null or lock_until < $2::bigint)
       order by next_run_at limit $3 for update skip locked
     ) returning *`,
    [host, now, limit],
  );
}

/** Takes the lock of one trigger, due or not; undefined while another run has it, unless it is taken by force. */
export async function claimOne(
  db: Queryable,
  host: string,
  id: string,
  now: number,
  { force = false } = {},
): Promise<TriggerRow | undefined> {
  const [row] = await db.query<TriggerRow>(
    `update triggers set lock_host = $1, lock_run = $1 || ':' || id || ':' || $2::bigint, lock_started = $2::bigint, lock_until = $2::bigint + ${LOCK_MS}
     where id = $3 and ($4 or lock_until is null or lock_until < $2::bigint) returning *`,
    [host, now, id, force],
  );
  return row;
}

/** Keeps the locks of these runs for another while. */
export async function keepLocks(db: Queryable, runs: string[], now: number): Promise<void> {
  await db.query(
    `update triggers set lock_until = $2::bigint + ${LOCK_MS} where lock_run = any($1::text[])`,
    [runs, now],
  );
}

/** Gives a lock back; nothing happens when another has it by now. */
export async function freeLock(db: Queryable, run: string): Promise<void> {
  await db.query(
    "update triggers set lock_host = null, lock_run = null, lock_until = null where lock_run = $1",
    [run],
  );
}

/** Ends a run: its record, the next time, and the lock given back, together. Done again, it changes nothing. */
export async function finishRun(
  db: Queryable,
  run: RunRecord,
  lock: { run: string; nextRunAt: number | null } | undefined,
): Promise<void> {
  const { logs, ...summary } = run;
  const error = run.error ? JSON.stringify(run.error) : null;
  await db.query(
    `with ended as (
       update triggers set last_run = $10,
         lock_host = case when lock_run = $11 then null else lock_host end,
         lock_until = case when lock_run = $11 then null else lock_until end,
         next_run_at = case when lock_run = $11 and active then coalesce($12::bigint, next_run_at) else next_run_at end,
         lock_run = case when lock_run = $11 then null else lock_run end
       where id = $2 returning id
     )
     insert into runs (id, trigger_id, kind, started_at, finished_at, status, emitted, error, logs)
     select $1, id, $3, $4, $5, $6, $7, $8, $9 from ended on conflict (id) do nothing`,
    [
      run.id,
      run.trigger_id,
      run.kind,
      run.started_at,
      run.finished_at,
      run.status,
      run.emitted,
      error,
      JSON.stringify(logs),
      JSON.stringify(summary),
      lock?.run ?? null,
      lock?.nextRunAt ?? null,
    ],
  );
}

export async function listRuns(db: Queryable, trigger: string, limit: number): Promise<RunRecord[]> {
  const rows = await db.query<Omit<RunRecord, "error" | "logs"> & { error: string | null; logs: string }>(
    "select * from runs where trigger_id = $1 order by started_at desc, id limit $2",
    [trigger, limit],
  );
  return rows.map((row) => ({
    ...row,
    error: row.error ? (JSON.parse(row.error) as RunRecord["error"]) : null,
    logs: JSON.parse(row.logs) as RunRecord["logs"],
  }));
}

/** Keeps the newest runs and events of each trigger. */
export async function prune(db: Queryable, keep: { runs: number; events: number }): Promise<void> {
  for (const [table, order, most] of [
    ["runs", "started_at", keep.runs],
    ["events", "seq", keep.events],
  ] as const)
    await db.query(
      `delete from ${table} using (
         select trigger_id as of, max(${order}) as newest, (array_agg(${order} order by ${order} desc))[$1 + 1] as bound
         from ${table} group by trigger_id having count(*) > $1
       ) old where ${table}.trigger_id = old.of and ${table}.${order} <= old.bound`,
      [most],
    );
}
