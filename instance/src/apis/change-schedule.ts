import type { Instance } from "../core/instance";
import { errors } from "../core/errors";
import type { Row } from "../store/values";
import { parseStamp, stamp } from "../clock/time";
import { blackouts, schedulesFor, spansOf, type Span } from "./change-windows";
import { known, text } from "./rows";
import type { Session } from "../core/session";

const day = 86_400_000;

/** @throws ApiError 400 when the change has no item or no planned times */
export function plannedOf(row: Row): { ci: string; start: number; length: number } {
  const start = parseStamp(text(row, "start_date"));
  const end = parseStamp(text(row, "end_date"));
  if (text(row, "cmdb_ci") === "")
    throw errors.badRequest("The change request does not have an associated configuration item");
  if (start === undefined || end === undefined || end < start)
    throw errors.badRequest("The change request is missing the planned start and end times");
  return { ci: text(row, "cmdb_ci"), start, length: end - start };
}

/**
 * Up to five spans of a length in which the item is free of other changes and of blackouts, within the 90 days that are looked at:
 * the beginnings of its maintenance windows, or nights from 01:00 UTC for an item without any.
 */
export function slots(
  instance: Instance,
  session: Session,
  ci: string,
  { from, length }: { from: number; length: number },
  row?: Row,
): Span[] {
  const item = instance.store.byId(known(instance, "cmdb_ci"), ci);
  if (!item) return [];
  const last = from + 90 * day;
  const schedules = schedulesFor(instance, session, "cmn_schedule_maintenance", item, row);
  const starts =
    schedules.length > 0
      ? schedules
          .flatMap((schedule) => spansOf(instance, session, schedule, { start: from, end: last }))
          .filter(({ start, end }) => end - Math.max(start, from) >= length)
          .map(({ start }) => Math.max(start, from))
          .sort((a, b) => a - b)
      : nights(from, last);
  const found: Span[] = [];
  for (const start of new Set(starts)) {
    const span = { start, end: start + length };
    if (found.length === 5 || span.end > last) break;
    if (
      overlapping(instance, ci, span, text(row, "sys_id")).length === 0 &&
      blackouts(instance, session, item, row, span).length === 0
    )
      found.push(span);
  }
  return found;
}

function nights(from: number, last: number): number[] {
  const starts: number[] = [];
  for (let at = Math.ceil((from - 3_600_000) / day) * day + 3_600_000; at < last; at += day) starts.push(at);
  return starts;
}

/** Active changes of the item whose planned times meet the span. */
export function overlapping(instance: Instance, ci: string, { start, end }: Span, except: string): Row[] {
  return instance.store.all(
    `SELECT * FROM task WHERE sys_class_name = 'change_request' AND cmdb_ci = ? AND active = 1 AND sys_id <> ?
     AND start_date < ? AND end_date > ? ORDER BY start_date`,
    [ci, except, stamp(end), stamp(start)],
  );
}
