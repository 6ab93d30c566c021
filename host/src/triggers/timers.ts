import type { TriggerRow } from "../db/schema";
import type { Schedule } from "./schedule";

/** A timer of a source that has several; due when the source was started, as long as it is null. */
interface Timer {
  schedule: Schedule;
  due: number | null;
}

/** What is stored of a trigger's timers: the schedule that is due next, and all where there are several. */
type StoredTimers = Pick<TriggerRow, "schedule" | "timers">;

const timersIn = (row: StoredTimers): Timer[] | undefined =>
  row.timers ? (JSON.parse(row.timers) as Timer[]) : undefined;

/** The timers of a source before its first poll, which each of them begins with. */
export function startOf(schedules: Schedule[]): StoredTimers {
  const [first] = schedules;
  return {
    schedule: first ? JSON.stringify(first) : null,
    timers:
      schedules.length > 1
        ? JSON.stringify(schedules.map((schedule): Timer => ({ schedule, due: null })))
        : null,
  };
}

/**
 * How a source with several timers goes on after the one that was due at `due` had its poll.
 *
 * @param next when that one is due again
 * @returns undefined for a source with one timer.
 */
export function afterTimer(
  row: StoredTimers,
  due: number,
  next: number,
): (StoredTimers & { next_run_at: number }) | undefined {
  const timers = timersIn(row);
  if (!timers) return undefined;
  const polled = timers.findIndex(({ schedule }) => JSON.stringify(schedule) === row.schedule);
  const later = timers.map((timer, at): Timer & { due: number } => ({
    ...timer,
    due: at === polled ? next : (timer.due ?? due),
  }));
  const first = later.reduce((one, other) => (other.due < one.due ? other : one));
  return {
    schedule: JSON.stringify(first.schedule),
    timers: JSON.stringify(later),
    next_run_at: first.due,
  };
}
