import { sql } from "kysely";
import { isFree } from "../db/advisory-lock";
import { nowMs, type Database } from "../db/database";
import { QUEUE, type JobQueue } from "../db/queue";
import { wakeAtNext as publishLater } from "./delayed-events";
import { wakeAtNext } from "./turns";

/** What is kept of each trigger. */
const KEEP = { runs: 100, events: 100_000 };
const SETTLED_MS = 60_000;
const REPLIES_MS = 600_000;
const PER_DELETE = 10_000;

/** Keeps the newest runs and events of each trigger. */
export async function prune(db: Database): Promise<void> {
  await sql`
    delete from runs using (
      select trigger_id as of, (array_agg(started_at order by started_at desc))[${KEEP.runs + 1}] as bound
      from runs group by trigger_id having count(*) > ${KEEP.runs}
    ) old where runs.trigger_id = old.of and runs.started_at <= old.bound and runs.finished_at is not null`.execute(
    db,
  );
  const full = await db
    .selectFrom("triggers")
    .select(["id", "event_count"])
    .where("event_count", ">", KEEP.events)
    .execute();
  for (const { id, event_count } of full)
    for (let left = Number(event_count) - KEEP.events; left > 0; left -= PER_DELETE)
      await db.transaction().execute(async (tx) => {
        // An event that still waits to be sent is kept.
        const { rows } = await sql<{ seq: number }>`
          delete from events where seq in (
            select seq from events e where trigger_id = ${id} and publish_at is null
              and not exists (select 1 from deliveries d where d.event_seq = e.seq and d.dead_at is null)
            order by seq limit ${Math.min(left, PER_DELETE)}
          ) returning seq`.execute(tx);
        await tx
          .updateTable("triggers")
          .set((eb) => ({ event_count: eb("event_count", "-", rows.length) }))
          .where("id", "=", id)
          .execute();
      });
}

/** Removes deployments that a host began and did not live to end, and closes endpoints that were open for such a change. */
export async function removeAbandoned(db: Database): Promise<void> {
  const begun = await db
    .selectFrom("triggers")
    .select("id")
    .where((eb) => eb.or([eb("state", "=", "deploying"), eb("activating", "=", true)]))
    .where((eb) => eb("updated_at", "<", eb(nowMs(), "-", SETTLED_MS)))
    .execute();
  for (const { id } of begun)
    await db.transaction().execute(async (tx) => {
      if (!(await isFree(tx, "change", id))) return;
      await tx.deleteFrom("triggers").where("id", "=", id).where("state", "=", "deploying").execute();
      await tx.updateTable("triggers").set({ activating: false }).where("id", "=", id).execute();
    });
  await db
    .deleteFrom("run_replies")
    .where((eb) => eb("created_at", "<", eb(nowMs(), "-", REPLIES_MS)))
    .execute();
  await db
    .deleteFrom("run_requests")
    .where("started", "=", false)
    .where((eb) => eb("waits_until", "<", eb(nowMs(), "-", SETTLED_MS)))
    .execute();
}

/** Makes the jobs that are missing, be it after a backup was restored: what is to be done stands in the rows. */
export async function makeMissingJobs(db: Database, queue: JobQueue): Promise<void> {
  const sources = await sql<{ id: string }>`
    select id from triggers t where (active and next_run_at is not null)
      or exists (select 1 from run_requests r where r.trigger_id = t.id)`.execute(db);
  const idsOf = (rows: { id: string }[]): string[] => rows.map(({ id }) => id);
  for (const id of await queue.withoutJob(db, QUEUE.sourceRuns, idsOf(sources.rows)))
    await db.transaction().execute(async (tx) => {
      const row = await tx
        .selectFrom("triggers")
        .selectAll()
        .where("id", "=", id)
        .forNoKeyUpdate()
        .executeTakeFirst();
      if (row) await wakeAtNext(tx, queue, row);
    });
  const receivers = await db
    .selectFrom("deliveries")
    .select("webhook_id as id")
    .distinct()
    .where("dead_at", "is", null)
    .execute();
  for (const id of await queue.withoutJob(db, QUEUE.deliveries, idsOf(receivers)))
    await db.transaction().execute((tx) => queue.upsert(tx, QUEUE.deliveries, id, { group: id }));
  const waiting = await db
    .selectFrom("events")
    .select("trigger_id as id")
    .distinct()
    .where("publish_at", "is not", null)
    .execute();
  for (const id of await queue.withoutJob(db, QUEUE.delayedEvents, idsOf(waiting)))
    await db.transaction().execute((tx) => publishLater(tx, queue, id));
}
