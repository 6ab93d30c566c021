import { sql } from "kysely";
import type { Database, Tx } from "../db/database";
import { nowMs } from "../db/database";
import { notify, type Notifications } from "../db/notifications";
import { QUEUE, WAITED_FOR, type JobQueue } from "../db/queue";
import type { RunRequestRow, TriggerRow } from "../db/schema";
import { withoutDeadlock } from "../db/unavailable";
import { encryptedFor } from "../encrypted-for";
import type { Encryption } from "../encryption";
import type { HttpReply } from "../execution/protocol";
import { groupOf } from "./trigger-rows";

/** What came of a requested run: the source's own reply, the run's record, or that it was not run. */
export type RunReply =
  | { kind: "http"; reply: HttpReply }
  | { kind: "ended"; run: string; status: "ok" | "error" }
  | { kind: "not run"; why: "busy" | "gone" };

export interface RunRequestOptions {
  db: Database;
  queue: JobQueue;
  notifications: Notifications;
  encryption: Encryption;
}

/** How long somebody waits for the turn of their request. */
const WAIT_MS = 60_000;
/** A reply is heard of at once; this is for what was not heard while the database was away. */
const LOOK_MS = 1000;
const MOST_STORED = 10_000;
const MOST_WAITING = 1000;
/** Of one source. */
const MOST_STORED_BYTES = 100_000_000;

/**
 * Runs that somebody asks for: requests at endpoints, and polls by hand. Each is stored, and run in its turn by whatever process has
 * room; who waits hears of the outcome through the database.
 */
export class RunRequests {
  readonly #options: RunRequestOptions;
  /** Who waits in this process. */
  readonly #waiting = new Map<number, () => void>();

  constructor(options: RunRequestOptions) {
    this.#options = options;
    options.notifications.on("notification", (said) => {
      if (said.kind === "reply") this.#waiting.get(said.request)?.();
    });
    options.notifications.on("missed", () => {
      for (const look of this.#waiting.values()) look();
    });
  }

  /** Stores a request that is answered now and run soon. @returns false when too many of this source are waiting. */
  async accept(row: TriggerRow, event: Record<string, unknown>): Promise<boolean> {
    return (await this.#store(row, "http", event, false)) !== undefined;
  }

  /** Runs a request in its turn. Rejects only when the database is away. */
  async answer(row: TriggerRow, event: Record<string, unknown>, signal: AbortSignal): Promise<RunReply> {
    return this.#wait(await this.#store(row, "http", event, true), signal);
  }

  /** Polls once, in its turn. */
  async poll(row: TriggerRow, signal: AbortSignal): Promise<RunReply> {
    return this.#wait(await this.#store(row, "poll", null, true), signal);
  }

  /** The event of a stored request. */
  eventOf(request: RunRequestRow): Record<string, unknown> {
    return this.#options.encryption.decrypt(
      request.encrypted ?? "",
      encryptedFor.runRequest(request.trigger_id),
    );
  }

  /** Hands the outcome to whoever waits for it, when this transaction commits. */
  async reply(tx: Tx, request: number, reply: RunReply): Promise<void> {
    await tx
      .insertInto("run_replies")
      .values({
        request_seq: request,
        encrypted: this.#options.encryption.encrypt(reply, encryptedFor.runReply(request)),
        created_at: nowMs(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await notify(tx, { kind: "reply", request });
  }

  async #store(
    row: TriggerRow,
    kind: RunRequestRow["kind"],
    event: Record<string, unknown> | null,
    waits: boolean,
  ): Promise<number | undefined> {
    const { db, queue, encryption } = this.#options;
    const encrypted = event === null ? null : encryption.encrypt(event, encryptedFor.runRequest(row.id));
    const store = async (tx: Tx): Promise<number | undefined> => {
      // Locked, so that a turn that is about to end sees this request.
      const locked = await tx
        .selectFrom("triggers")
        .select((eb) => [
          "id",
          eb
            .selectFrom("run_requests")
            .select((inner) => inner.fn.countAll<number>().as("n"))
            .whereRef("run_requests.trigger_id", "=", "triggers.id")
            .as("stored"),
          eb
            .selectFrom("run_requests")
            .select(sql<number>`coalesce(sum(octet_length(encrypted)), 0)`.as("bytes"))
            .whereRef("run_requests.trigger_id", "=", "triggers.id")
            .as("bytes"),
        ])
        .where("id", "=", row.id)
        .forNoKeyUpdate()
        .executeTakeFirst();
      if (!locked || (locked.stored ?? 0) >= (waits ? MOST_WAITING : MOST_STORED)) return undefined;
      if (Number(locked.bytes ?? 0) + (encrypted?.length ?? 0) > MOST_STORED_BYTES) return undefined;
      const { seq } = await tx
        .insertInto("run_requests")
        .values((eb) => ({
          trigger_id: row.id,
          kind,
          encrypted,
          waits_until: waits ? eb(nowMs(), "+", WAIT_MS) : null,
          created_at: nowMs(),
        }))
        .returning("seq")
        .executeTakeFirstOrThrow();
      await queue.upsert(tx, QUEUE.sourceRuns, row.id, {
        priority: waits ? WAITED_FOR : 0,
        group: groupOf(row),
      });
      return seq;
    };
    return withoutDeadlock(() => db.transaction().execute(store));
  }

  async #wait(seq: number | undefined, signal: AbortSignal): Promise<RunReply> {
    if (seq === undefined) return { kind: "not run", why: "busy" };
    const until = performance.now() + WAIT_MS;
    try {
      for (;;) {
        const heard = new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, LOOK_MS);
          this.#waiting.set(seq, () => {
            clearTimeout(timer);
            resolve();
          });
        });
        const isThere = await this.#isThere(seq);
        const reply = await this.#take(seq);
        if (reply) return reply;
        // Neither there nor answered: it went with its trigger.
        if (!isThere) return { kind: "not run", why: "gone" };
        if ((signal.aborted || performance.now() > until) && (await this.#withdraw(seq)))
          return { kind: "not run", why: "busy" };
        await heard;
      }
    } finally {
      this.#waiting.delete(seq);
    }
  }

  async #take(seq: number): Promise<RunReply | undefined> {
    const row = await this.#options.db
      .deleteFrom("run_replies")
      .where("request_seq", "=", seq)
      .returning("encrypted")
      .executeTakeFirst();
    return row && this.#options.encryption.decrypt<RunReply>(row.encrypted, encryptedFor.runReply(seq));
  }

  /** @returns false when its run has begun: its outcome is waited for. */
  async #withdraw(seq: number): Promise<boolean> {
    const { db } = this.#options;
    const withdrawn = await db
      .deleteFrom("run_requests")
      .where("seq", "=", seq)
      .where("started", "=", false)
      .returning("seq")
      .executeTakeFirst();
    return withdrawn !== undefined;
  }

  async #isThere(seq: number): Promise<boolean> {
    const row = await this.#options.db
      .selectFrom("run_requests")
      .select("seq")
      .where("seq", "=", seq)
      .executeTakeFirst();
    return row !== undefined;
  }
}
