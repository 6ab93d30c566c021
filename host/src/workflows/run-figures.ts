import { sql } from "kysely";
import type { Database } from "../db/database";
import type { WorkflowRunRow } from "../db/workflow-tables";

/** What the list of workflows shows of runs. */
export interface RunOverview {
  last_run: WorkflowRunRow | undefined;
  /** Runs that failed in the last 24 hours. */
  failures: number;
}

export interface RunBucket {
  /** Begin, in milliseconds. */
  from: number;
  succeeded: number;
  failed: number;
  cancelled: number;
  open: number;
}

/** How long a figure looks back, and how long each of its bars is. */
const PERIODS = {
  day: { bars: 24, barMs: 3_600_000 },
  week: { bars: 28, barMs: 6 * 3_600_000 },
  month: { bars: 30, barMs: 86_400_000 },
} as const;
export type Period = keyof typeof PERIODS;
export const PERIOD_NAMES = ["day", "week", "month"] as const satisfies readonly Period[];

/** Figures about runs. Tests from the builder are not counted. */
export class RunFigures {
  constructor(readonly db: Database) {}

  async overview(workflowIds: string[]): Promise<Map<string, RunOverview>> {
    if (workflowIds.length === 0) return new Map();
    const { rows: failed } = await sql<{ workflow_id: string; n: number }>`
      select workflow_id, count(*) as n from workflow_runs
      where workflow_id = any(${workflowIds}::text[]) and created_at > now_ms() - 86400000 and status = 'failed' and not is_test
      group by workflow_id`.execute(this.db);
    const { rows: last } = await sql<WorkflowRunRow>`
      select r.* from unnest(${workflowIds}::text[]) as w (id)
      cross join lateral (
        select * from workflow_runs where workflow_id = w.id and not is_test order by seq desc limit 1
      ) r`.execute(this.db);
    const failures = new Map(failed.map(({ workflow_id, n }) => [workflow_id, Number(n)]));
    const newest = new Map(last.map((run) => [run.workflow_id, run]));
    return new Map(
      workflowIds.map((id) => [id, { last_run: newest.get(id), failures: failures.get(id) ?? 0 }]),
    );
  }

  /** Runs by the time of their start and what came of them, the oldest bar first. */
  async over(workflowId: string, period: Period): Promise<RunBucket[]> {
    const { bars, barMs } = PERIODS[period];
    const { rows } = await sql<{ first: number; bar: number; status: string; n: number }>`
      with span as (select (now_ms() / ${barMs}::bigint - ${bars - 1}::bigint) * ${barMs}::bigint as first)
      select first, (created_at - first) / ${barMs}::bigint as bar, status, count(r.id) as n
      from span left join workflow_runs r on r.workflow_id = ${workflowId} and created_at >= first and not is_test
      group by first, bar, status`.execute(this.db);
    const first = Number(rows[0]?.first ?? 0);
    const buckets = Array.from({ length: bars }, (_, at) => ({
      from: first + at * barMs,
      succeeded: 0,
      failed: 0,
      cancelled: 0,
      open: 0,
    }));
    for (const { bar, status, n } of rows) {
      const bucket = buckets[Number(bar)];
      if (!bucket || status === null) continue;
      const key =
        status === "succeeded" || status === "failed" || status === "cancelled" ? status : ("open" as const);
      bucket[key] += Number(n);
    }
    return buckets;
  }
}
