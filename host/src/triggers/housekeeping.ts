import { sql } from "kysely";
import { isFree } from "../db/advisory-lock";
import { nowMs, type Database } from "../db/database";
import { QUEUE, type JobQueue } from "../db/queue";
import { wakeAtNext as publishLater } from "./delayed-events";
import { LONGEST_BACK_OFF_MS, nextRun } from "./schedule";
import { scheduleIn } from "./trigger-rows";
import { wakeAtNext } from "./turns";

/** What is kept of each trigger, and of all events of a user. */
const KEEP = { runs: 100, events: 100_000, userBytes: 500_000_000 };
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
  await removeOldest(db, "trigger", await overQuota(db, "trigger"));
  await removeOldest(db, "user", await overQuota(db, "user"));
}

/** Triggers with more events than are kept, or users with more bytes of them. */
async function overQuota(db: Database, of: "trigger" | "user"): Promise<{ name: string; over: number }[]> {
  const { rows } =
    of === "trigger"
      ? await sql<{ name: string; over: number }>`
          select id as name, event_count - ${KEEP.events} as over from triggers where event_count > ${KEEP.events}`.execute(
          db,
        )
      : await sql<{ name: string; over: number }>`
          select external_user_id as name, sum(event_bytes) - ${KEEP.userBytes} as over from triggers
          group by external_user_id having sum(event_bytes) > ${KEEP.userBytes}`.execute(db);
  return rows;
}

/** Removes the oldest events, by their number or by their bytes. One that still waits to be sent is kept. */
async function removeOldest(
  db: Database,
  of: "trigger" | "user",
  full: { name: string; over: number }[],
): Promise<void> {
  const size = of === "trigger" ? sql`1` : sql`octet_length(e.payload)`;
  const whose = of === "trigger" ? sql`t.id` : sql`t.external_user_id`;
  for (const { name, over } of full)
    for (let left = Number(over); left > 0;) {
      const freed = await db.transaction().execute(async (tx) => {
        const { rows } = await sql<{ id: string; n: number; bytes: number }>`
          with oldest as (
            select e.seq, ${size} as size from events e join triggers t on t.id = e.trigger_id
            where ${whose} = ${name} and e.publish_at is null
              and not exists (select 1 from deliveries d where d.event_seq = e.seq and d.dead_at is null)
            order by e.seq limit ${PER_DELETE}
          ), chosen as (
            select seq from (select seq, size, sum(size) over (order by seq) as total from oldest) summed
            where total - size < ${left}
          ), deleted as (
            delete from events where seq in (select seq from chosen) returning trigger_id, octet_length(payload) as bytes
          )
          select trigger_id as id, count(*)::int as n, sum(bytes)::bigint as bytes from deleted group by trigger_id`.execute(
          tx,
        );
        for (const { id, n, bytes } of rows)
          await tx
            .updateTable("triggers")
            .set((eb) => ({
              event_count: eb("event_count", "-", n),
              event_bytes: eb("event_bytes", "-", Number(bytes)),
            }))
            .where("id", "=", id)
            .execute();
        return rows.reduce((sum, { n, bytes }) => sum + (of === "trigger" ? n : Number(bytes)), 0);
      });
      if (freed === 0) break;
      left -= freed;
    }
}

/** Triggers whose deployment or change a host began and did not live to end. */
export async function abandonedTriggers(db: Database): Promise<string[]> {
  const begun = await db
    .selectFrom("triggers")
    .select("id")
    .where((eb) => eb.or([eb("state", "=", "deploying"), eb("activating", "=", true)]))
    .where((eb) => eb("updated_at", "<", eb(nowMs(), "-", SETTLED_MS)))
    .execute();
  const abandoned: string[] = [];
  for (const { id } of begun)
    if (await db.transaction().execute((tx) => isFree(tx, "change", id))) abandoned.push(id);
  return abandoned;
}

/** Removes replies and requests that nobody waits for any more. */
export async function removeUnheard(db: Database): Promise<void> {
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

/**
 * Pulls back polls that are due later than their schedule allows: the database's clock was set back, or somebody wrote to the table. A
 * source that fails may be put off for longer than its interval, and no more than that is left to it.
 */
export async function pullBackPolls(db: Database, queue: JobQueue): Promise<void> {
  const later = await db
    .selectFrom("triggers")
    .selectAll()
    .select(sql<number>`now_ms()`.as("now"))
    .where("active", "=", true)
    .where((eb) => eb("next_run_at", ">", eb(nowMs(), "+", LONGEST_BACK_OFF_MS + SETTLED_MS)))
    .execute();
  for (const { now, ...row } of later) {
    const schedule = scheduleIn(row);
    const latest = schedule ? nextRun(schedule, now, now) : now;
    if ((row.next_run_at ?? 0) <= latest + SETTLED_MS) continue;
    await db.transaction().execute(async (tx) => {
      const pulled = await tx
        .updateTable("triggers")
        .set({ next_run_at: latest })
        .where("id", "=", row.id)
        .where("next_run_at", "=", row.next_run_at)
        .returningAll()
        .executeTakeFirst();
      if (pulled) await wakeAtNext(tx, queue, pulled);
    });
  }
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
