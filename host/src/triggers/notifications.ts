import type { Database } from "../db/database";
import type { Events, EventRecord } from "./events";

const EVERY_MS = 1000;

/**
 * Puts events that other processes stored on this process's events. Only for a database server, where workers poll too; there the runs of this
 * process put none on the events themselves, so each comes once.
 */
export function followEvents(db: Database, events: Events): () => void {
  let last: number | undefined;
  let busy = false;
  const look = async (): Promise<void> => {
    if (last === undefined) {
      const [row] = await db.query<{ seq: number | null }>("select max(seq) as seq from events");
      last = row?.seq ?? 0;
      return;
    }
    const rows = await db.query<EventRecord & { seq: number }>(
      "select seq, id, trigger_id, channel, payload, ts, summary from events where seq > $1 order by seq limit 1000",
      [last],
    );
    for (const { seq, ...event } of rows) {
      last = seq;
      events.emit("emit", event);
    }
  };
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    look()
      .catch(() => undefined)
      .finally(() => (busy = false));
  }, EVERY_MS);
  return () => clearInterval(timer);
}
