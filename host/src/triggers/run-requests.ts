import { sql } from "kysely";
import type { Database, Tx } from "../db/database";
import { nowMs } from "../db/database";
import { notify, type Notifications } from "../db/notifications";
import type { JobQueue } from "../db/queue";
import type { RunRequestRow, TriggerRow } from "../db/schema";
import { encryptedFor } from "../encrypted-for";
import type { Encryption } from "../encryption";
import type { HttpReply } from "../execution/protocol";
import { RequestStore, WAIT_MS } from "./store-requests";

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

/** Somebody in this process who waits for the outcome of a request. */
interface Waiter {
  reply?: RunReply;
  wake(): void;
}

/** A reply is heard of at once; this is for what was not heard while the database was away. */
const LOOK_MS = 1000;

/**
 * Runs that somebody asks for: requests at endpoints, and polls by hand. Each is stored, and run in its turn by whatever process has
 * room; who waits hears of the outcome through the database.
 */
export class RunRequests {
  readonly #options: RunRequestOptions;
  readonly #store: RequestStore;
  readonly #waiting = new Map<number, Waiter>();

  constructor(options: RunRequestOptions) {
    this.#options = options;
    this.#store = new RequestStore(options.db, options.queue);
    options.notifications.on("notification", (said) => {
      if (said.kind === "reply") this.#waiting.get(said.request)?.wake();
    });
    options.notifications.on("missed", () => {
      for (const waiter of this.#waiting.values()) waiter.wake();
    });
  }

  /** Stores a request that is answered now and run soon. @returns false when too many of this source are waiting. */
  async accept(row: TriggerRow, event: Record<string, unknown>): Promise<boolean> {
    return (await this.#add(row, "http", event, false)) !== undefined;
  }

  /** Runs a request in its turn. Rejects only when the database is away. */
  async answer(row: TriggerRow, event: Record<string, unknown>, signal: AbortSignal): Promise<RunReply> {
    return this.#wait(await this.#add(row, "http", event, true), signal);
  }

  /** Polls once, in its turn. */
  async poll(row: TriggerRow, signal: AbortSignal): Promise<RunReply> {
    return this.#wait(await this.#add(row, "poll", null, true), signal);
  }

  /** The event of a stored request. */
  eventOf(request: RunRequestRow): Record<string, unknown> {
    return this.#options.encryption.decrypt(
      request.encrypted ?? "",
      encryptedFor.runRequest(request.trigger_id),
    );
  }

  /** Stores the outcome for whoever waits for it, who hears of it when this transaction commits. */
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

  isWaitedForHere(request: number): boolean {
    return this.#waiting.has(request);
  }

  /** Hands the outcome to whoever waits for it in this process. @returns false when nobody does. */
  replyHere(request: number, reply: RunReply): boolean {
    const waiter = this.#waiting.get(request);
    if (!waiter) return false;
    waiter.reply ??= reply;
    waiter.wake();
    return true;
  }

  /** Takes a request whose run begins, so that its sender no longer withdraws it. @returns false when that has happened. */
  async begin(request: number): Promise<boolean> {
    const begun = await this.#options.db
      .updateTable("run_requests")
      .set({ started: true })
      .where("seq", "=", request)
      .returning("seq")
      .executeTakeFirst();
    return begun !== undefined;
  }

  #add(
    row: TriggerRow,
    kind: RunRequestRow["kind"],
    event: Record<string, unknown> | null,
    waits: boolean,
  ): Promise<number | undefined> {
    const encrypted =
      event === null ? null : this.#options.encryption.encrypt(event, encryptedFor.runRequest(row.id));
    return this.#store.add({ row, kind, encrypted, waits });
  }

  async #wait(seq: number | undefined, signal: AbortSignal): Promise<RunReply> {
    if (seq === undefined) return { kind: "not run", why: "busy" };
    const until = performance.now() + WAIT_MS;
    const waiter: Waiter = { wake: () => undefined };
    this.#waiting.set(seq, waiter);
    try {
      for (let wasThere = true; ;) {
        const news = newsFor(waiter);
        const { reply, isThere } = await this.#look(seq);
        const outcome = waiter.reply ?? reply;
        if (outcome) return outcome;
        // Neither there nor answered: it went with its trigger, unless its answer is just being handed over.
        if (!isThere && !wasThere) return { kind: "not run", why: "gone" };
        wasThere = isThere;
        if (isThere && (signal.aborted || performance.now() > until) && (await this.#withdraw(seq)))
          return { kind: "not run", why: "busy" };
        await news;
      }
    } finally {
      this.#waiting.delete(seq);
    }
  }

  /** Takes the reply where there is one, and says whether the request is still there. */
  async #look(seq: number): Promise<{ reply?: RunReply; isThere: boolean }> {
    const { db, encryption } = this.#options;
    const { rows } = await sql<{ encrypted: string | null; is_there: boolean }>`
      with taken as (delete from run_replies where request_seq = ${seq} returning encrypted)
      select (select encrypted from taken) as encrypted,
        exists (select 1 from run_requests where seq = ${seq}) as is_there`.execute(db);
    const { encrypted, is_there: isThere } = rows[0] ?? { encrypted: null, is_there: false };
    return {
      isThere,
      ...(encrypted === null
        ? {}
        : { reply: encryption.decrypt<RunReply>(encrypted, encryptedFor.runReply(seq)) }),
    };
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
}

/** Resolves when there may be something to find. */
function newsFor(waiter: Waiter): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LOOK_MS);
    waiter.wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
