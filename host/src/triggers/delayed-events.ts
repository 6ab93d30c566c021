import { sql } from "kysely";
import type { Database, Tx } from "../db/database";
import { QUEUE, type ClaimedJob, type JobQueue } from "../db/queue";
import type { Publisher } from "./publish";

/** Makes events visible whose `delivery_ts` has come. One job a trigger, at the time of its next one. */
export class DelayedEvents {
  constructor(
    readonly db: Database,
    readonly queue: JobQueue,
    readonly publisher: Publisher,
  ) {}

  async publishDue(job: ClaimedJob): Promise<void> {
    const trigger = job.singletonKey ?? "";
    await this.db.transaction().execute(async (tx) => {
      const row = await tx
        .selectFrom("triggers")
        .select("id")
        .where("id", "=", trigger)
        .forNoKeyUpdate()
        .executeTakeFirst();
      if (!(await this.queue.finish(tx, job)) || !row) return;
      const { rows } = await sql<{ seq: number }>`
        update events set publish_at = null
        where trigger_id = ${trigger} and publish_at <= now_ms() returning seq`.execute(tx);
      // One by one: between them may lie events that were published long ago.
      for (const { seq } of rows.sort((a, b) => a.seq - b.seq))
        await this.publisher.publish(tx, { trigger, first: seq, last: seq });
      await wakeAtNext(tx, this.queue, trigger);
    });
  }
}

/** Sees that the trigger's next waiting event is published at its time. */
export async function wakeAtNext(tx: Tx, queue: JobQueue, trigger: string): Promise<void> {
  const next = await tx
    .selectFrom("events")
    .select((eb) => eb.fn.min("publish_at").as("at"))
    .where("trigger_id", "=", trigger)
    .where("publish_at", "is not", null)
    .executeTakeFirst();
  if (next?.at !== null && next?.at !== undefined)
    await queue.upsert(tx, QUEUE.delayedEvents, trigger, { startAfter: Number(next.at) });
}
