import type { Database } from "../db/database";
import { newId } from "../encryption";

/**
 * Puts right what a host left behind that was killed. Only for the embedded database, which one host has for itself; on a
 * server the locks of a lost host run out by themselves after half a minute.
 */
export async function recover(db: Database): Promise<void> {
  const now = Date.now();
  // A deployment that did not come to its end was never reported as done.
  await db.query("delete from triggers where state = 'deploying'");
  const cut = await db.query<{ id: string; lock_started: number }>(
    "select id, lock_started from triggers where lock_run is not null",
  );
  for (const { id, lock_started } of cut)
    await db.query(
      `insert into runs (id, trigger_id, kind, started_at, finished_at, status, emitted, error, logs)
       values ($1, $2, 'poll', $3, $4, 'error', 0, $5, '[]')`,
      [
        newId("run"),
        id,
        lock_started,
        now,
        JSON.stringify({
          name: "Interrupted",
          message:
            "The host ended during this run. What was saved before is kept, and the rest is run again.",
        }),
      ],
    );
  await db.query(
    "update triggers set lock_host = null, lock_run = null, lock_until = null where lock_run is not null",
  );
  await db.query("update accounts set renewing_until = null where renewing_until is not null");
}

/** Removes deployments that a host began and did not live to end; hooks take far less than this hour. */
export async function forgetAbandonedDeployments(db: Database): Promise<void> {
  await db.query("delete from triggers where state = 'deploying' and created_at < $1", [
    Date.now() - 3600_000,
  ]);
}
