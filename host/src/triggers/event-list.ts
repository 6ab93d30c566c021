import { sql } from "kysely";
import type { Database } from "../db/database";
import { withinBytes, type Within } from "../db/within-bytes";
import type { EventRow } from "../db/schema";
import { notFound } from "../errors";

export type ShownEvent = Pick<EventRow, "id" | "payload" | "channel" | "ts" | "summary">;

/** Which events are listed; an absent part leaves nothing out. */
export interface EventFilter {
  limit: number;
  /** Events that came before this one. */
  before?: string | undefined;
  /** A text in the summary or the data. */
  words?: string | undefined;
  /** Their own time, in milliseconds. */
  from?: number | undefined;
  to?: number | undefined;
}

/** The newest events of a trigger that the filter leaves, in the order of their coming: as many as one answer holds. @throws HostError 404 for an unknown `before`. */
export async function newestEvents(
  db: Database,
  trigger: string,
  { limit, before, words, from, to }: EventFilter,
): Promise<Within<ShownEvent>> {
  let query = db
    .selectFrom("events")
    .select(["seq", "id", "payload", "channel", "ts", "summary"])
    .where("trigger_id", "=", trigger)
    .where("publish_at", "is", null);
  if (before !== undefined) {
    const bound = await db
      .selectFrom("events")
      .select("seq")
      .where("trigger_id", "=", trigger)
      .where("id", "=", before)
      .executeTakeFirst();
    if (!bound) throw notFound("event", before);
    query = query.where("seq", "<", bound.seq);
  }
  if (words !== undefined)
    query = query.where(
      sql<boolean>`position(lower(${words}) in lower(coalesce(summary, '') || payload)) > 0`,
    );
  if (from !== undefined) query = query.where("ts", ">=", from);
  if (to !== undefined) query = query.where("ts", "<", to);
  const newest = await withinBytes<ShownEvent>(
    db,
    query.orderBy("seq", "desc").limit(limit),
    sql`octet_length(r.payload) + coalesce(octet_length(r.summary), 0)`,
    sql`r.seq desc`,
  );
  return { rows: newest.rows.reverse(), isCut: newest.isCut };
}
