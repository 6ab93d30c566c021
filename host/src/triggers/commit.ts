import type { Dedupe, EmittedEvent, Save } from "../execution/protocol";
import { newId } from "../encryption";
import type { Database, Queryable } from "../db/database";
import type { EventRecord } from "./events";
import { dedupeEvents, type DedupeMemory } from "./dedupe";

/** The run is no longer the one that holds the trigger: another took over, or the trigger is gone. */
export class LostLock extends Error {
  override name = "LostLock";
}

export interface CommitTarget {
  triggerId: string;
  dedupe: Dedupe;
  /** The lock the run must still hold; a hook has none. */
  lock?: string;
  /** Puts follow-up work for the events into the same transaction. */
  enqueueDeliveries?(tx: Queryable, events: EventRecord[]): Promise<void>;
}

/**
 * Stores what a run emitted and wrote since its last save, in one transaction: all of it or nothing.
 *
 * @returns the events that were new.
 * @throws LostLock when the run must stop.
 */
export async function commitSave(db: Database, target: CommitTarget, save: Save): Promise<EventRecord[]> {
  return db.transaction(async (tx) => {
    const [row] = await tx.query<{ lock_run: string | null; dedupe: string; db: string }>(
      "select lock_run, dedupe, db from triggers where id = $1 for update",
      [target.triggerId],
    );
    if (!row) throw new LostLock("the trigger was deleted while it ran");
    if (target.lock !== undefined && row.lock_run !== target.lock)
      throw new LostLock(
        "the trigger was changed or paused, or another process took it over; what this run did not save is done again",
      );
    const { events, memory } = dedupeEvents(
      target.dedupe,
      JSON.parse(row.dedupe) as DedupeMemory,
      save.events,
    );
    const records = events.map((event) => recordOf(target.triggerId, event));
    await insertEvents(tx, records, events);
    await tx.query("update triggers set db = $2, dedupe = $3 where id = $1", [
      target.triggerId,
      mergedDb(row.db, save),
      JSON.stringify(memory),
    ]);
    if (records.length > 0) await target.enqueueDeliveries?.(tx, records);
    return records;
  });
}

function recordOf(triggerId: string, event: EmittedEvent): EventRecord {
  return {
    trigger_id: triggerId,
    id: newId("evt"),
    payload: event.payload,
    channel: event.channel ?? null,
    ts: event.ts ?? Date.now(),
    summary: event.summary ?? null,
  };
}

function mergedDb(stored: string, save: Save): string {
  if (save.db === undefined) return stored;
  const merged = { ...(JSON.parse(stored) as object), ...(JSON.parse(save.db) as object) } as Record<
    string,
    unknown
  >;
  for (const key of save.dbDeleted ?? []) delete merged[key];
  return JSON.stringify(merged);
}

const PER_INSERT = 500;

async function insertEvents(tx: Queryable, records: EventRecord[], events: EmittedEvent[]): Promise<void> {
  for (let from = 0; from < records.length; from += PER_INSERT) {
    const values: unknown[] = [];
    const tuples = records.slice(from, from + PER_INSERT).map((record, at) => {
      const first = values.length + 1;
      values.push(
        record.id,
        record.trigger_id,
        record.channel === null ? null : withoutNul(record.channel),
        withoutNul(record.payload),
        record.summary === null ? null : withoutNul(record.summary),
        record.ts,
        events[from + at]?.deliverAt ?? null,
      );
      return `(${Array.from({ length: 7 }, (_, offset) => `$${first + offset}`).join(", ")})`;
    });
    await tx.query(
      `insert into events (id, trigger_id, channel, payload, summary, ts, deliver_at) values ${tuples.join(", ")}`,
      values,
    );
  }
}

/** PostgreSQL text cannot hold the character U+0000. */
export function withoutNul(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\ufffd") : text;
}
