import type { TriggerRow } from "../db/schema";
import { messageOf } from "../errors";
import type { ComponentError } from "../execution/protocol";
import { addLog, type RunRecord } from "./run-records";
import { backOnSchedule, nextPoll } from "./schedule";
import { afterTimer } from "./timers";
import { scheduleIn } from "./trigger-rows";

const UNREADABLE_SCHEDULE_MS = 3600_000;

/** How the trigger goes on after a poll. Polled by hand, it returns to its schedule. */
export function nextAfterPoll(
  row: TriggerRow,
  run: RunRecord,
  failure: ComponentError | undefined,
  locked: { now: number; next_run_at: number | null; failures: number; active: boolean },
  isByHand: boolean,
): Partial<Pick<TriggerRow, "next_run_at" | "schedule" | "timers" | "failures" | "failing_since">> {
  const failures = failure ? (isByHand ? 1 : locked.failures + 1) : 0;
  const since = failures === 0 ? null : (row.failing_since ?? locked.now);
  const schedule = scheduleIn(row);
  if (!schedule || locked.next_run_at === null || !locked.active) return { failures, failing_since: since };
  let next: number;
  try {
    const due =
      isByHand && row.failures > 0
        ? backOnSchedule(schedule, locked.next_run_at, locked.now)
        : locked.next_run_at;
    next = nextPoll(schedule, due, locked.now, isByHand ? 0 : failures);
  } catch (error) {
    next = locked.now + UNREADABLE_SCHEDULE_MS;
    // Whatever is stored as a schedule, the run must come to its end.
    addLog(
      run,
      "error",
      `The next time cannot be told from the schedule (${messageOf(error)}), so it is in an hour. Set the schedule again.`,
      locked.now,
    );
  }
  return {
    next_run_at: next,
    ...afterTimer(row, locked.next_run_at, next),
    failures,
    failing_since: since,
  };
}
