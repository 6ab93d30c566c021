import { sql } from "kysely";
import { nowMs, type Queryable, type Tx } from "../db/database";
import { notifyAll, type Notification } from "../db/notifications";
import { withinBytes } from "../db/within-bytes";
import type { RunRow } from "../db/schema";
import { newId } from "../encryption";
import { notFound } from "../errors";
import type { ComponentError, LogEntry } from "../execution/protocol";

/** What came of a run, as the API shows it. */
export interface RunRecord extends Omit<RunRow, "error" | "logs"> {
  error: { name: string; message: string } | null;
  logs: { ts: number; level: string; message: string }[];
}

/** A notification holds 8,000 bytes. */
const IDS_IN_A_NOTIFICATION = 100;

/** A run that has just begun, at this time of the database's clock. */
export function newRun(triggerId: string, kind: RunRecord["kind"], now: number): RunRecord {
  return {
    id: newId("run"),
    trigger_id: triggerId,
    kind,
    started_at: now,
    finished_at: null,
    status: "running",
    emitted: 0,
    component_version: null,
    error: null,
    logs: [],
  };
}

export function endRun(run: RunRecord, failure: ComponentError | undefined, now: number): void {
  run.finished_at = now;
  run.status = failure ? "error" : "ok";
  run.error = failure ? { name: failure.name, message: failure.message } : null;
}

export function addLog(run: RunRecord, level: LogEntry["level"], message: string, ts: number): void {
  run.logs.push({ ts, level, message });
}

/** The run without its logs, as it stands at its trigger. */
export function summaryOf({ logs: _, ...summary }: RunRecord): string {
  return JSON.stringify(summary);
}

/** Stores the runs, or what became of them. A record that is there is brought up to date. */
export async function storeRuns(tx: Queryable, runs: RunRecord[]): Promise<void> {
  if (runs.length === 0) return;
  const rows = runs.map((run): RunRow => ({
    ...run,
    error: run.error ? JSON.stringify(run.error) : null,
    logs: JSON.stringify(run.logs),
  }));
  await tx
    .insertInto("runs")
    .values(rows)
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet((eb) => ({
        finished_at: eb.ref("excluded.finished_at"),
        status: eb.ref("excluded.status"),
        emitted: eb.ref("excluded.emitted"),
        component_version: eb.ref("excluded.component_version"),
        error: eb.ref("excluded.error"),
        logs: eb.ref("excluded.logs"),
      })),
    )
    .execute();
}

/** Tells all processes that these runs of one source began or ended. */
export async function notifyRuns(tx: Queryable, trigger: string, runs: RunRecord[]): Promise<void> {
  const parts: Notification[] = [];
  for (let at = 0; at < runs.length; at += IDS_IN_A_NOTIFICATION)
    parts.push({
      kind: "runs",
      trigger,
      runs: runs.slice(at, at + IDS_IN_A_NOTIFICATION).map(({ id }) => id),
    });
  await notifyAll(tx, parts);
}

export async function getRun(db: Queryable, id: string): Promise<RunRecord | undefined> {
  const row = await db.selectFrom("runs").selectAll().where("id", "=", id).executeTakeFirst();
  return row && recordOf(row);
}

/** Those of these runs that are there, in the order given. */
export async function getRuns(db: Queryable, ids: string[]): Promise<RunRecord[]> {
  const rows = await db.selectFrom("runs").selectAll().where("id", "in", ids).execute();
  const byId = new Map(rows.map((row) => [row.id, recordOf(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Which runs are listed; an absent part leaves nothing out. */
export interface RunFilter {
  limit: number;
  /** Runs that began before this one. */
  after?: string | undefined;
  status?: "ok" | "error" | undefined;
  /** A text in the error or the logs. */
  words?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
}

/** Newest first. Those that go on are not among them. @throws HostError 404 for an unknown `after`. */
export async function listRuns(db: Queryable, trigger: string, filter: RunFilter): Promise<RunRecord[]> {
  const { limit, after, status, words = "", from, to } = filter;
  let query = db
    .selectFrom("runs")
    .selectAll()
    .where("trigger_id", "=", trigger)
    .where("finished_at", "is not", null);
  if (status !== undefined) query = query.where("status", "=", status);
  if (from !== undefined) query = query.where("started_at", ">=", from);
  if (to !== undefined) query = query.where("started_at", "<", to);
  if (words.trim() !== "")
    query = query.where(
      sql<boolean>`position(lower(${words.trim()}) in lower(coalesce(error, '') || logs)) > 0`,
    );
  if (after !== undefined) {
    const bound = await getRun(db, after);
    if (bound?.trigger_id !== trigger) throw notFound("run", after);
    query = query.where((eb) =>
      eb.or([
        eb("started_at", "<", bound.started_at),
        eb.and([eb("started_at", "=", bound.started_at), eb("id", ">", bound.id)]),
      ]),
    );
  }
  const { rows } = await withinBytes<RunRow>(
    db,
    query.orderBy("started_at", "desc").orderBy("id").limit(limit),
    sql`octet_length(r.logs)`,
    sql`r.started_at desc, r.id`,
  );
  return rows.map(recordOf);
}

/** Ends the records of runs whose process is gone: what they saved is kept, and the rest is run again. */
export async function recordLostRuns(tx: Tx, trigger: string): Promise<void> {
  const error = {
    name: "Interrupted",
    message: "The host ended during this run. What was saved before is kept, and the rest is run again.",
  };
  await tx
    .updateTable("runs")
    .set({ status: "error", finished_at: nowMs(), error: JSON.stringify(error) })
    .where("trigger_id", "=", trigger)
    .where("finished_at", "is", null)
    .where(sql<boolean>`kind in ('poll', 'http')`)
    .execute();
}

function recordOf(row: RunRow): RunRecord {
  return {
    ...row,
    error: row.error ? (JSON.parse(row.error) as RunRecord["error"]) : null,
    logs: JSON.parse(row.logs) as RunRecord["logs"],
  };
}
