import { createHmac, randomBytes } from "node:crypto";
import PgBoss from "pg-boss";
import { messageOf } from "../errors";
import { newId, type Encryption } from "../encryption";
import type { Database, Queryable } from "../db/database";
import type { TriggerRow } from "./trigger-rows";
import type { EventRecord } from "./events";

/** Where a trigger's events are sent to. */
export interface Webhook {
  id: string;
  url: string;
  /** Its signing key, encrypted. */
  encryptedKey: string;
}

interface Delivery {
  trigger: string;
  webhook: string;
  event: string;
}

/** A message that stands by itself, encrypted while it waits. */
interface Message {
  url: string;
  encryptedBody: string;
}

const QUEUE = "deliveries";
/** Ten attempts over 17 to 34 hours: about 1 minute, then twice as long each time. */
const RETRIES = { retryLimit: 10, retryDelay: 60, retryBackoff: true };
const TIMEOUT_MS = 30_000;

export const webhooksOf = (row: Pick<TriggerRow, "webhooks">): Webhook[] =>
  JSON.parse(row.webhooks) as Webhook[];

export function newWebhook(url: string, encryption: Encryption): Webhook {
  const id = newId("wh");
  return {
    id,
    url,
    encryptedKey: encryption.encrypt(`whk_${randomBytes(24).toString("base64url")}`, `webhook ${id}`),
  };
}

export const signingKeyOf = (webhook: Webhook, encryption: Encryption): string =>
  encryption.decrypt<string>(webhook.encryptedKey, `webhook ${webhook.id}`);

/** `t=<seconds>,v1=<hex>`: HMAC-SHA-256 of `<seconds>.<body>` with the webhook's signing key. */
export function signatureOf(key: string, seconds: number, body: string): string {
  return `t=${seconds},v1=${createHmac("sha256", key).update(`${seconds}.${body}`).digest("hex")}`;
}

/**
 * Sends events to webhooks through a queue in the same database: a delivery is written in the transaction of its event, so a host that
 * dies sends each at least once. A receiver tells repetitions by `x-pd-emission-id`.
 */
export class Deliveries {
  readonly #boss: PgBoss;
  /** By webhook, since its last success and the start of this process. */
  readonly failures = new Map<string, { count: number; last_error: string }>();

  constructor(
    readonly db: Database,
    readonly encryption: Encryption,
    readonly log: (message: string) => void,
  ) {
    this.#boss = new PgBoss({ db: bossDb(db), schema: "queue", schedule: false });
    this.#boss.on("error", (error) => log(`The queue reports: ${messageOf(error)}`));
  }

  async start(): Promise<void> {
    await this.#boss.start();
    await this.#boss.createQueue(QUEUE);
    await this.#boss.work<Delivery | Message>(
      QUEUE,
      { batchSize: 20, pollingIntervalSeconds: 1 },
      async (jobs) => {
        // One failure must not repeat its neighbours: each job is completed or failed for itself.
        await Promise.all(
          jobs.map(async ({ id, data }) => {
            try {
              await ("url" in data ? this.#send(data) : this.#deliver(data));
              if ("webhook" in data) this.failures.delete(data.webhook);
            } catch (error) {
              this.#note(data, error);
              await this.#boss.fail(QUEUE, id, { message: messageOf(error) });
            }
          }),
        );
      },
    );
  }

  /** One line for the first failure; the others are counted. */
  #note(data: Delivery | Message, error: unknown): void {
    const cause = (error as { cause?: { code?: unknown } } | null)?.cause?.code;
    const why = messageOf(error) + (typeof cause === "string" ? ` (${cause})` : "");
    const what =
      "webhook" in data ? `Webhook ${data.webhook} of ${data.trigger}` : "A connect token's webhook";
    const count = ("webhook" in data && this.failures.get(data.webhook)?.count) || 0;
    if (count === 0) this.log(`${what} could not be delivered to, and is tried again: ${why}`);
    if ("webhook" in data) this.failures.set(data.webhook, { count: count + 1, last_error: why });
  }

  async stop(): Promise<void> {
    await this.#boss.stop({ graceful: true, timeout: 2000, close: false });
  }

  /** Puts the deliveries of new events into the transaction that stores them. */
  async enqueue(tx: Queryable, row: TriggerRow, events: EventRecord[]): Promise<void> {
    const jobs = webhooksOf(row).flatMap((webhook) =>
      events.map((event) => ({
        name: QUEUE,
        data: { trigger: row.id, webhook: webhook.id, event: event.id },
        ...RETRIES,
      })),
    );
    if (jobs.length > 0) await this.#boss.insert(jobs, { db: bossDb(tx) });
  }

  /** Sends a JSON body, tried again like the deliveries of events. */
  async post(url: string, body: string): Promise<void> {
    const message: Message = { url, encryptedBody: this.encryption.encrypt(body, "message") };
    await this.#boss.send(QUEUE, message, RETRIES);
  }

  async #send({ url, encryptedBody }: Message): Promise<void> {
    await postJson(url, this.encryption.decrypt<string>(encryptedBody, "message"));
  }

  async #deliver({ trigger, webhook, event }: Delivery): Promise<void> {
    const [found] = await this.db.query<{ payload: string; webhooks: string }>(
      "select e.payload, t.webhooks from events e join triggers t on t.id = e.trigger_id where e.id = $1 and t.id = $2",
      [event, trigger],
    );
    const target = found && webhooksOf(found).find(({ id }) => id === webhook);
    // The trigger, the event or the webhook was deleted since: nobody waits for it any more.
    if (!found || !target) return;
    const seconds = Math.floor(Date.now() / 1000);
    await postJson(target.url, found.payload, {
      "x-pd-emission-id": event,
      "x-pd-deployed-trigger-id": trigger,
      "x-pd-signature": signatureOf(signingKeyOf(target, this.encryption), seconds, found.payload),
    });
  }
}

async function postJson(url: string, body: string, headers: Record<string, string> = {}): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": "servicenow-components-host", ...headers },
    body,
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
}

/** pg-boss sends scripts of several statements without parameters, which the extended protocol refuses. */
function bossDb(target: Queryable | Database): {
  executeSql(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
} {
  return {
    executeSql: async (text, values) => ({
      rows:
        "script" in target && (values === undefined || values.length === 0)
          ? await target.script(text)
          : await target.query(text, values),
    }),
  };
}
