import { EventEmitter } from "node:events";
import { sql, type RawBuilder } from "kysely";
import type { Database } from "../db/database";
import type { Notification, Notifications } from "../db/notifications";
import type { EventRow } from "../db/schema";
import { withinBytes } from "../db/within-bytes";
import { getRuns, type RunRecord } from "./run-records";

interface HostEvents {
  emit: [EventRow];
  run: [RunRecord];
  /** A trigger was made, changed or deleted. */
  trigger: [string];
}

/** Events read again after the connection was lost: transactions that were under way then have numbers from below the last one seen. */
const REREAD = 5000;
const REMEMBERED = 2 * REREAD;

/** What happens in all processes, for live views. Reads nothing while nobody looks. */
export class Events extends EventEmitter<HostEvents> {
  #queue: Promise<void> = Promise.resolve();
  #seen = new Set<number>();
  #last = 0;

  constructor(
    readonly db: Database,
    readonly notifications: Notifications,
  ) {
    super();
    this.setMaxListeners(0);
    notifications.on("notification", (notification) => this.#inOrder(() => this.#hear(notification)));
    notifications.on("missed", () => this.#inOrder(() => this.#reread()));
  }

  #inOrder(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(work).catch(() => undefined);
  }

  async #hear(notification: Notification): Promise<void> {
    if (notification.kind === "trigger") this.emit("trigger", notification.trigger);
    if (notification.kind === "runs" && this.listenerCount("run") > 0)
      for (const run of await getRuns(this.db, notification.runs)) this.emit("run", run);
    if (notification.kind === "events" && this.listenerCount("emit") > 0) {
      const { trigger, first, last } = notification;
      await this.#tellAll(first, sql`trigger_id = ${trigger} and seq <= ${last}`);
    }
  }

  /** All of them, and never more at a time than one list holds. */
  async #tellAll(first: number, which: RawBuilder<unknown>): Promise<void> {
    for (let next = first; ;) {
      const { rows, isCut } = await withinBytes<EventRow>(
        this.db,
        sql`select * from events where seq >= ${next} and publish_at is null and ${which} order by seq`,
        sql`octet_length(r.payload)`,
        sql`r.seq`,
      );
      this.#tell(rows);
      const last = rows.at(-1);
      if (!isCut || !last) return;
      next = last.seq + 1;
    }
  }

  #tell(rows: EventRow[]): void {
    for (const row of rows) {
      if (this.#seen.has(row.seq)) continue;
      this.#seen.add(row.seq);
      this.#last = Math.max(this.#last, row.seq);
      this.emit("emit", row);
    }
    if (this.#seen.size > REMEMBERED) this.#seen = new Set([...this.#seen].slice(-REREAD));
  }

  /** What was said while the connection was lost. */
  async #reread(): Promise<void> {
    if (this.listenerCount("emit") === 0 || this.#last === 0) return;
    await this.#tellAll(this.#last - REREAD, sql`true`);
  }
}
