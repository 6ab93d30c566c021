import { sql } from "kysely";
import type { Tx } from "../db/database";
import type { ClaimedJob, JobQueue } from "../db/queue";
import { newId } from "../encryption";
import type { Dedupe, Save } from "../execution/protocol";
import { wakeAtNext } from "./delayed-events";
import { dedupeEvents, type DedupeMemory } from "./dedupe";
import type { Publisher } from "./publish";

/** Of one trigger. Housekeeping keeps less, so only what comes faster than it, or waits to be sent, meets this. */
const MOST_EVENT_BYTES = 1_000_000_000;

/** The run is no longer the one that has the trigger: it was taken over, changed or deleted. What it has not saved is refused. */
export class RunTakenOver extends Error {
  override name = "RunTakenOver";
}

/** Whose saves these are. A hook has no job: nothing runs beside it. */
export interface RunClaim {
  triggerId: string;
  revision: number;
  job?: ClaimedJob;
}

/** What a trigger's row says while it is locked, and the time by the database's clock. */
export interface LockedTrigger {
  db: string;
  dedupe: string;
  /** Of its events. */
  event_bytes: number;
  next_run_at: number | null;
  failures: number;
  active: boolean;
  now: number;
}

/**
 * Locks the trigger's row for a run that still has it.
 *
 * @throws RunTakenOver when the run must stop.
 */
export async function lockTrigger(tx: Tx, queue: JobQueue, claim: RunClaim): Promise<LockedTrigger> {
  if (claim.job && !(await queue.holds(tx, claim.job)))
    throw new RunTakenOver("another process took this run over; what it did not save is done again");
  const row = await tx
    .selectFrom("triggers")
    .select(["revision", "db", "dedupe", "event_bytes", "next_run_at", "failures", "active"])
    .select(sql<number>`now_ms()`.as("now"))
    .where("id", "=", claim.triggerId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!row) throw new RunTakenOver("the trigger was deleted while it ran");
  if (claim.job && row.revision !== claim.revision)
    throw new RunTakenOver("the trigger was changed or paused; what this run did not save is done again");
  return row;
}

/** What follows from a save, and is stored with it. */
export interface SaveServices {
  queue: JobQueue;
  publisher: Publisher;
}

/**
 * Stores what runs of one source emitted and wrote since their last saves, one after the other, under the lock of their trigger.
 *
 * @returns for each save how many of its events were new.
 */
export async function storeSaves(
  tx: Tx,
  services: SaveServices,
  claim: RunClaim,
  locked: LockedTrigger,
  dedupe: Dedupe,
  saves: Save[],
): Promise<number[]> {
  let memory = JSON.parse(locked.dedupe) as DedupeMemory;
  const kept: Save["events"][] = [];
  for (const save of saves) {
    const found = dedupeEvents(dedupe, memory, save.events);
    kept.push(found.events);
    memory = found.memory;
    locked.db = mergedDb(locked.db, save);
  }
  const events = kept.flat();
  const bytes = events.reduce((sum, { payload }) => sum + Buffer.byteLength(payload), 0);
  if (locked.event_bytes + bytes > MOST_EVENT_BYTES)
    throw new Error(
      `The events of this trigger that are kept, or wait to be sent, take more than ${MOST_EVENT_BYTES / 1e6} MB. Old ones are removed within a minute; those that wait for a receiver are not.`,
    );
  if (events.length > 0) {
    const due = await insertEvents(tx, claim.triggerId, events, locked.now);
    if (due) await services.publisher.publish(tx, { trigger: claim.triggerId, ...due });
    if (events.some(({ deliverAt = 0 }) => deliverAt > locked.now))
      await wakeAtNext(tx, services.queue, claim.triggerId);
  }
  locked.dedupe = JSON.stringify(memory);
  locked.event_bytes += bytes;
  await tx
    .updateTable("triggers")
    .set((eb) => ({
      db: locked.db,
      dedupe: locked.dedupe,
      event_count: eb("event_count", "+", events.length),
    }))
    .where("id", "=", claim.triggerId)
    .execute();
  return kept.map(({ length }) => length);
}

/** The stored state with the keys that the save changed. */
export function mergedDb(stored: string, save: Save): string {
  if (save.db === undefined) return stored;
  const merged = { ...(JSON.parse(stored) as object), ...(JSON.parse(save.db) as object) } as Record<
    string,
    unknown
  >;
  for (const key of save.dbDeleted ?? []) delete merged[key];
  return JSON.stringify(merged);
}

/** @returns the numbers of the first and last event that is visible at once; undefined without any. */
async function insertEvents(
  tx: Tx,
  triggerId: string,
  events: Save["events"],
  now: number,
): Promise<{ first: number; last: number } | undefined> {
  const clean = (text: string | undefined): string | null => (text === undefined ? null : withoutNul(text));
  const { rows } = await sql<{ first: number | null; last: number | null }>`
    with inserted as (
      insert into events (trigger_id, id, channel, payload, summary, ts, publish_at)
      select ${triggerId}, id, channel, payload, summary, ts, publish_at
      from unnest(
        ${events.map(() => newId("evt"))}::text[],
        ${events.map(({ channel }) => clean(channel))}::text[],
        ${events.map(({ payload }) => withoutNul(payload))}::text[],
        ${events.map(({ summary }) => clean(summary))}::text[],
        ${events.map(({ ts }) => ts ?? now)}::bigint[],
        ${events.map(({ deliverAt }) => (deliverAt !== undefined && deliverAt > now ? deliverAt : null))}::bigint[]
      ) with ordinality as e(id, channel, payload, summary, ts, publish_at, place)
      order by place
      returning seq, publish_at
    )
    select min(seq) as first, max(seq) as last from inserted where publish_at is null`.execute(tx);
  const { first, last } = rows[0] ?? {};
  return first !== null && first !== undefined && last !== null && last !== undefined
    ? { first, last }
    : undefined;
}

/** PostgreSQL text cannot hold the character U+0000. */
function withoutNul(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\ufffd") : text;
}
