import { sql } from "kysely";
import type { Database } from "../db/database";

/** How long runs that have ended are kept, with their steps and what they gave out. */
const DEFAULT_RUN_DAYS = 30;
const DAY_MS = 86_400_000;
const PER_DELETE = 2000;
/** Of one look, so that a long backlog leaves room for others. */
const MOST_DELETES = 50;

/**
 * `WORKFLOW_RUN_DAYS`, 30 where it is not set.
 *
 * @throws Error for what is no number of days.
 */
export function readRunDays({ WORKFLOW_RUN_DAYS: text }: NodeJS.ProcessEnv): number {
  if (text === undefined || text === "") return DEFAULT_RUN_DAYS;
  const days = Number(text);
  if (!(days > 0 && days <= 3650))
    throw new Error(`WORKFLOW_RUN_DAYS must be a number of days up to 3650, and is "${text}".`);
  return days;
}

/** Deletes runs that ended longer ago than that. A run that has not ended is never deleted. @returns how many. */
export async function removeOldRuns(db: Database, days: number): Promise<number> {
  const age = Math.round(days * DAY_MS);
  let removed = 0;
  for (let turn = 0; turn < MOST_DELETES; turn++) {
    const { numAffectedRows = 0n } = await sql`
      delete from workflow_runs where id in (
        select id from workflow_runs
        where finished_at is not null and finished_at < now_ms() - ${age}::bigint
        order by finished_at limit ${PER_DELETE}
      )`.execute(db);
    removed += Number(numAffectedRows);
    if (numAffectedRows < PER_DELETE) break;
  }
  await sql`delete from workflow_emits where created_at < now_ms() - ${age}::bigint`.execute(db);
  return removed;
}
