import { sql } from "kysely";
import { nowMs, type Database, type Tx } from "../db/database";
import { QUEUE, type ClaimedJob, type JobQueue } from "../db/queue";
import type { WebhookRow } from "../db/schema";
import type { Encryption } from "../encryption";
import type { Outbound } from "../outbound/outbound";
import { postJson, reasonOf } from "./post-json";
import { signatureOf, signingKeyOf, urlOf } from "./webhooks";

export interface DeliveryServices {
  outbound: Outbound;
  db: Database;
  queue: JobQueue;
  encryption: Encryption;
  log: (message: string) => void;
}

interface Waiting {
  seq: number;
  event: string;
  payload: string;
}

/** Attempts at one event; then it is a dead letter, and the next one's turn. */
const MOST_ATTEMPTS = 10;
const FIRST_RETRY_MS = 60_000;
const BATCH = 50;
/** What was delivered is written down at least this often: a host that dies sends so much again. */
const SETTLE_MS = 500;
/** A receiver with much to take gives its place to others after this long. */
const DRAIN_MS = 20_000;

/**
 * Sends the events of a trigger to one of its webhooks, in the order they were published. Each comes at least once; a receiver tells
 * repetitions by `x-pd-emission-id`. One job a webhook drains its rows, so that no receiver waits for another.
 */
export class Deliveries {
  readonly #services: DeliveryServices;
  readonly #stop = new AbortController();

  constructor(services: DeliveryServices) {
    this.#services = services;
  }

  /** Cuts off what is being sent: it is sent again after the next start. */
  stop(): void {
    this.#stop.abort();
  }

  async drain(job: ClaimedJob): Promise<void> {
    const { db } = this.#services;
    const id = job.singletonKey ?? "";
    for (
      const until = performance.now() + DRAIN_MS;
      performance.now() < until && !this.#stop.signal.aborted;
    ) {
      const webhook = await db.selectFrom("webhooks").selectAll().where("id", "=", id).executeTakeFirst();
      const waiting = webhook ? await this.#waiting(webhook) : [];
      if (!webhook || waiting.length === 0) break;
      const { sent, failure } = await this.#send(webhook, waiting);
      if (!(await this.#settle(job, webhook, sent, failure, waiting[sent.length]))) return;
      if (failure !== undefined) return;
    }
    await db.transaction().execute((tx) => this.#end(tx, job, id));
  }

  #waiting(webhook: WebhookRow): Promise<Waiting[]> {
    return this.#services.db
      .selectFrom("deliveries")
      .innerJoin("events", "events.seq", "deliveries.event_seq")
      .select(["deliveries.seq", "events.id as event", "events.payload"])
      .where("deliveries.webhook_id", "=", webhook.id)
      .where("deliveries.dead_at", "is", null)
      .orderBy("deliveries.seq")
      .limit(BATCH)
      .execute();
  }

  /** Sends one after the other, up to the first that fails. */
  async #send(webhook: WebhookRow, waiting: Waiting[]): Promise<{ sent: number[]; failure?: string }> {
    const key = signingKeyOf(webhook, this.#services.encryption);
    const url = urlOf(webhook, this.#services.encryption);
    const sent: number[] = [];
    const until = performance.now() + SETTLE_MS;
    for (const { seq, event, payload } of waiting) {
      if (performance.now() > until) break;
      const seconds = Math.floor(Date.now() / 1000);
      try {
        await postJson(
          this.#services.outbound,
          url,
          payload,
          {
            "x-pd-emission-id": event,
            "x-pd-deployed-trigger-id": webhook.trigger_id,
            "x-pd-signature": signatureOf(key, seconds, payload),
          },
          this.#stop.signal,
        );
        sent.push(seq);
      } catch (error) {
        if (this.#stop.signal.aborted) break;
        return { sent, failure: reasonOf(error) };
      }
    }
    return { sent };
  }

  /** @returns false when another process has this webhook by now. */
  async #settle(
    job: ClaimedJob,
    webhook: WebhookRow,
    sent: number[],
    failure: string | undefined,
    failed: Waiting | undefined,
  ): Promise<boolean> {
    const { db, queue, log } = this.#services;
    const outcome = await db.transaction().execute(async (tx) => {
      if (!(await queue.holds(tx, job))) return undefined;
      if (sent.length > 0) await tx.deleteFrom("deliveries").where("seq", "in", sent).execute();
      if (failure === undefined) {
        if (webhook.failures > 0 || webhook.attempts > 0)
          await tx
            .updateTable("webhooks")
            .set({ failures: 0, attempts: 0, last_error: null, last_failed_at: null })
            .where("id", "=", webhook.id)
            .execute();
        return { isFirst: false };
      }
      const before = sent.length > 0 ? { failures: 0, attempts: 0 } : webhook;
      const attempts = before.attempts + 1;
      const isDead = attempts >= MOST_ATTEMPTS;
      if (isDead && failed)
        await tx
          .updateTable("deliveries")
          .set({ dead_at: nowMs(), error: failure })
          .where("seq", "=", failed.seq)
          .execute();
      await tx
        .updateTable("webhooks")
        .set({
          failures: before.failures + 1,
          attempts: isDead ? 0 : attempts,
          last_error: failure,
          last_failed_at: nowMs(),
        })
        .where("id", "=", webhook.id)
        .execute();
      await queue.finish(tx, job);
      const { rows } = await sql<{ now: number }>`select now_ms() as now`.execute(tx);
      await queue.upsert(tx, QUEUE.deliveries, webhook.id, {
        ...(isDead ? {} : { startAfter: (rows[0]?.now ?? 0) + retryMs(attempts) }),
        group: webhook.id,
      });
      return { isFirst: before.failures === 0 };
    });
    if (outcome?.isFirst)
      log(
        `Webhook ${webhook.id} of ${webhook.trigger_id} could not be delivered to, and is tried again: ${failure}`,
      );
    return outcome !== undefined;
  }

  async #end(tx: Tx, job: ClaimedJob, id: string): Promise<void> {
    const { queue } = this.#services;
    if (!(await queue.holds(tx, job))) return;
    await tx.selectFrom("webhooks").select("id").where("id", "=", id).forUpdate().execute();
    if (!(await queue.finish(tx, job))) return;
    const left = await tx
      .selectFrom("deliveries")
      .select("seq")
      .where("webhook_id", "=", id)
      .where("dead_at", "is", null)
      .limit(1)
      .executeTakeFirst();
    if (left) await queue.upsert(tx, QUEUE.deliveries, id, { group: id });
  }
}

/** About a minute after the first failure, then twice as long each time: ten attempts take 17 to 34 hours. */
function retryMs(attempts: number): number {
  return FIRST_RETRY_MS * 2 ** attempts * (0.5 + Math.random() / 2);
}

/** Deliveries that were tried for the last time, oldest first. */
export function deadLetters(
  db: Database,
  webhook: string,
  limit: number,
): Promise<
  { seq: number; event: string; summary: string | null; dead_at: number | null; error: string | null }[]
> {
  return db
    .selectFrom("deliveries")
    .innerJoin("events", "events.seq", "deliveries.event_seq")
    .select([
      "deliveries.seq",
      "events.id as event",
      "events.summary",
      "deliveries.dead_at",
      "deliveries.error",
    ])
    .where("deliveries.webhook_id", "=", webhook)
    .where("deliveries.dead_at", "is not", null)
    .orderBy("deliveries.seq")
    .limit(limit)
    .execute();
}

/** How many deliveries wait at each webhook of a trigger, and how many were given up; a webhook without any is missing. */
export async function deliveryCounts(
  db: Database,
  trigger: string,
): Promise<Map<string, { waiting: number; dead: number }>> {
  const { rows } = await sql<{ webhook: string; waiting: number; dead: number }>`
    select webhook_id as webhook, count(*) filter (where dead_at is null)::int as waiting,
      count(*) filter (where dead_at is not null)::int as dead
    from deliveries where trigger_id = ${trigger} group by webhook_id`.execute(db);
  return new Map(rows.map(({ webhook, waiting, dead }) => [webhook, { waiting, dead }]));
}

/** Puts dead letters of a webhook (all, or those of these events) back, before what waits: they are older. @returns how many. */
export async function replayDeadLetters(
  db: Database,
  queue: JobQueue,
  webhook: string,
  events?: string[],
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    await tx.updateTable("webhooks").set({ attempts: 0 }).where("id", "=", webhook).execute();
    let dead = tx
      .updateTable("deliveries")
      .set({ dead_at: null, error: null })
      .where("webhook_id", "=", webhook)
      .where("dead_at", "is not", null);
    if (events)
      dead = dead.where("event_seq", "in", (eb) =>
        eb
          .selectFrom("events")
          .select("seq")
          .where("id", "in", events.length > 0 ? events : [""]),
      );
    const replayed = await dead.returning("seq").execute();
    await queue.upsert(tx, QUEUE.deliveries, webhook, { group: webhook });
    return replayed.length;
  });
}
