import { sql } from "kysely";
import type { Tx } from "../db/database";
import { QUEUE, type JobQueue } from "../db/queue";

/**
 * Puts events of a trigger once more into the order of each of its webhooks: behind what waits, under the same emission ids. One that
 * waits already is not doubled; a dead letter takes up its attempts again. @returns how many deliveries wait because of it.
 */
export async function replayToWebhooks(
  tx: Tx,
  queue: JobQueue,
  trigger: string,
  events: string[],
): Promise<number> {
  const webhooks = await tx
    .selectFrom("webhooks")
    .select(["id", "attempts"])
    .where("trigger_id", "=", trigger)
    .orderBy("position")
    .forUpdate()
    .execute();
  if (webhooks.length === 0) return 0;
  const dead = await tx
    .updateTable("deliveries")
    .set({ dead_at: null, error: null })
    .where("trigger_id", "=", trigger)
    .where("dead_at", "is not", null)
    .where("event_seq", "in", (eb) =>
      eb.selectFrom("events").select("seq").where("trigger_id", "=", trigger).where("id", "in", events),
    )
    .returning("seq")
    .execute();
  const { numAffectedRows = 0n } = await sql`
    insert into deliveries (trigger_id, webhook_id, event_seq, created_at)
    select e.trigger_id, w.id, e.seq, now_ms()
    from events e join webhooks w on w.trigger_id = e.trigger_id
    where e.trigger_id = ${trigger} and e.id = any(${events}::text[]) and e.publish_at is null
      and not exists (select 1 from deliveries d where d.webhook_id = w.id and d.event_seq = e.seq)
    order by w.position, e.seq`.execute(tx);
  for (const { id, attempts } of webhooks)
    if (attempts === 0) await queue.upsert(tx, QUEUE.deliveries, id, { group: id });
  return dead.length + Number(numAffectedRows);
}
