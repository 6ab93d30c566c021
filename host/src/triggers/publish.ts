import { sql } from "kysely";
import type { Tx } from "../db/database";
import { notify } from "../db/notifications";
import { QUEUE, type JobQueue } from "../db/queue";

/** Events of one trigger, by the first and the last of their numbers; those between that wait for their time are not meant. */
export interface Published {
  trigger: string;
  first: number;
  last: number;
}

/** What else is written in the transaction that makes events visible. */
export type OnPublish = (tx: Tx, events: Published) => Promise<void>;

/**
 * Makes events visible: puts what follows from them into the same transaction, and tells the live views of all processes. The rows of
 * the trigger are locked by the caller, so that its events are published one batch after the other.
 */
export class Publisher {
  constructor(readonly onPublish: OnPublish[]) {}

  async publish(tx: Tx, events: Published): Promise<void> {
    for (const follow of this.onPublish) await follow(tx, events);
    await notify(tx, { kind: "events", ...events });
  }
}

/** Puts a delivery of each event to each webhook of its trigger into the order of that webhook. */
export function enqueueDeliveries(queue: JobQueue): OnPublish {
  return async (tx, { trigger, first, last }) => {
    // Locked, so that a drain that is about to end sees these deliveries.
    const webhooks = await tx
      .selectFrom("webhooks")
      .select(["id", "attempts"])
      .where("trigger_id", "=", trigger)
      .orderBy("position")
      .forUpdate()
      .execute();
    if (webhooks.length === 0) return;
    await sql`
      insert into deliveries (trigger_id, webhook_id, event_seq, created_at)
      select e.trigger_id, w.id, e.seq, now_ms()
      from events e join webhooks w on w.trigger_id = e.trigger_id
      where e.trigger_id = ${trigger} and e.seq between ${first} and ${last} and e.publish_at is null
      order by w.position, e.seq`.execute(tx);
    // A receiver that fails is tried when its time has come, however many events there are.
    for (const { id, attempts } of webhooks)
      if (attempts === 0) await queue.upsert(tx, QUEUE.deliveries, id, { group: id });
  };
}
