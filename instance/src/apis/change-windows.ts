import type { Instance } from "../core/instance";
import type { Row } from "../store/values";
import { localToUtc, parseStamp, zoneOffset } from "../clock/time";
import { find, known, narrowed, text } from "./rows";
import type { Session } from "../core/session";

/** A stretch of time in milliseconds. */
export interface Span {
  start: number;
  end: number;
}

export type WindowKind = "cmn_schedule_blackout" | "cmn_schedule_maintenance";

const day = 86_400_000;

/**
 * Schedules of a kind that apply to a change of an item: those for the item's class, for changes, or for everything, whose condition
 * holds. Maintenance also knows the schedule that the item itself names.
 */
export function schedulesFor(
  instance: Instance,
  session: Session,
  kind: WindowKind,
  item: Row,
  change: Row | undefined,
): Row[] {
  const itemTable = instance.dictionary.get(text(item, "sys_class_name"));
  const applying = instance.store
    .all("SELECT * FROM cmn_schedule WHERE sys_class_name = ? ORDER BY name", [kind])
    .filter((schedule) => {
      const about = text(schedule, "applies_to");
      const condition = text(schedule, "condition");
      if (about === "") return true;
      if (about === "change_request") return holds(instance, session, about, change, condition);
      return itemTable?.lineage.includes(about) === true && holds(instance, session, about, item, condition);
    });
  const own =
    kind === "cmn_schedule_maintenance"
      ? instance.store.byId(known(instance, "cmn_schedule"), text(item, "maintenance_schedule"))
      : undefined;
  return own && !applying.some((schedule) => schedule.sys_id === own.sys_id) ? [...applying, own] : applying;
}

function holds(
  instance: Instance,
  session: Session,
  tableName: string,
  row: Row | undefined,
  condition: string,
): boolean {
  if (!row) return false;
  const system: Session = { user: { ...session.user, admin: true } };
  const query = narrowed(`sys_id=${text(row, "sys_id")}`, condition.replace(/\^EQ$/, ""));
  return find(instance, system, known(instance, tableName), query, { limit: 1 }).length > 0;
}

/** The entries of a schedule that meet a stretch of time. A schedule without a zone floats: it has the zone of the caller. */
export function spansOf(instance: Instance, session: Session, schedule: Row, within: Span): Span[] {
  const zone = text(schedule, "time_zone").replace(/^floating$/i, "") || session.user.timeZone;
  return instance.store
    .all("SELECT * FROM cmn_schedule_span WHERE schedule = ?", [text(schedule, "sys_id")])
    .flatMap((entry) => occurrences(entry, zone, within))
    .filter(({ start, end }) => start < within.end && end > within.start)
    .sort((a, b) => a.start - b.start);
}

/** Blackout schedules that meet the span. */
export function blackouts(
  instance: Instance,
  session: Session,
  item: Row,
  row: Row | undefined,
  span: Span,
): Row[] {
  return schedulesFor(instance, session, "cmn_schedule_blackout", item, row).filter(
    (schedule) => spansOf(instance, session, schedule, span).length > 0,
  );
}

/** `20300101T220000Z` is UTC, without the Z it is local to the schedule, and so is `2030-01-01 22:00:00`. */
function localTime(stored: string, zone: string): number | undefined {
  const compact = /^(\d{4})(\d\d)(\d\d)T?(\d\d)(\d\d)(\d\d)(Z?)$/.exec(stored);
  if (!compact) return parseStamp(stored);
  const [, year, month, date, hour, minute, second, utc] = compact;
  const time = parseStamp(`${year}-${month}-${date} ${hour}:${minute}:${second}`);
  return time === undefined ? undefined : utc === "Z" ? time + zoneOffset(zone, time) : time;
}

function occurrences(entry: Row, zone: string, within: Span): Span[] {
  const first = localTime(text(entry, "start_date_time"), zone);
  const last = localTime(text(entry, "end_date_time"), zone);
  if (first === undefined || last === undefined || last < first) return [];
  const wholeDays = entry.all_day === 1;
  const start = wholeDays ? Math.floor(first / day) * day : first;
  const length = wholeDays ? (Math.floor(last / day) + 1) * day - start : last - first;
  const at = (local: number): Span => ({
    start: localToUtc(local, zone),
    end: localToUtc(local + length, zone),
  });
  const repeat = text(entry, "repeat_type");
  if (repeat === "") return [at(start)];
  const until = localTime(text(entry, "repeat_until").padEnd(14, "0"), zone);
  const found: Span[] = [];
  const from = Math.max(start, start + Math.floor((within.start - length - start) / day - 1) * day);
  for (
    let local = from;
    local < within.end + day && (until === undefined || local < until + day);
    local += day
  )
    if (repeats(entry, repeat, local, start)) found.push(at(local));
  return found;
}

/** Days of the week are 1 for Monday to 7 for Sunday. */
function repeats(entry: Row, repeat: string, local: number, start: number): boolean {
  const weekday = (time: number): number => ((Math.floor(time / day) + 3) % 7) + 1;
  const every = Math.max(1, Number(entry.repeat_count ?? 1));
  const today = weekday(local);
  switch (repeat) {
    case "daily":
      return Math.round((local - start) / day) % every === 0;
    case "weekdays":
      return today <= 5;
    case "weekends":
      return today >= 6;
    default: {
      const days = text(entry, "days_of_week") || String(weekday(start));
      const weeks = Math.floor((local - start) / day + weekday(start) - 1) / 7;
      return days.includes(String(today)) && Math.floor(weeks) % every === 0;
    }
  }
}
