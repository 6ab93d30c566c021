import { CronExpressionParser } from "cron-parser";
import type { Schedule } from "../../../components/prop-rules";
import { HostError } from "../errors";
import { checkProps, isRecord } from "../../../components/prop-rules";
import type { ConfigurableProp } from "../execution/protocol";

export type { Schedule };

/** The schedule of each timer prop of a source: fixed by its author, configured, or its default. An optional one without a value has none. */
export function schedulesOf(props: ConfigurableProp[], configured: Record<string, unknown>): Schedule[] {
  return props
    .filter((prop) => prop.type === "$.interface.timer")
    .flatMap((timer) => {
      const schedule = scheduleOf(timer, configured);
      return schedule ? [schedule] : [];
    });
}

function scheduleOf(timer: ConfigurableProp, configured: Record<string, unknown>): Schedule | undefined {
  const { values, problems } = checkProps([timer], configured);
  const value = values[timer.name];
  if (value === undefined && problems.length === 0 && timer.optional === true) return undefined;
  if (problems.length > 0 || !isRecord(value)) {
    const problem = problems[0] ?? { prop: timer.name, message: "is missing" };
    throw new HostError(400, `${problem.prop} ${problem.message}.`, { problems: [problem] });
  }
  const schedule = value as Schedule;
  const message = "cron" in schedule ? problemOfCron(schedule) : undefined;
  if (message)
    throw new HostError(400, `${timer.name} ${message}.`, { problems: [{ prop: timer.name, message }] });
  return schedule;
}

/** Why a cron schedule can never run; undefined where it can. Its fields and its zone were checked with the prop. */
function problemOfCron({ cron, timezone }: { cron: string; timezone?: string }): string | undefined {
  try {
    nextRun({ cron, timezone }, 0, Date.now());
    return undefined;
  } catch (error) {
    return `has the cron expression "${cron}"${timezone ? ` in zone ${timezone}` : ""}, which cannot be read (${(error as Error).message}); it takes five fields, such as "*/15 * * * *"`;
  }
}

/** A zone that is blank is none, which is UTC. */
function zoneOf(timezone: string | undefined): string {
  return timezone?.trim() || "UTC";
}

/** When a trigger runs next that was due at `due`: not sooner for a run by hand, otherwise the first time after `now` on the grid that `due` stands on: a late poll does not shift those after it, and missed ones are not made up for. */
export function nextRun(schedule: Schedule, due: number, now: number): number {
  if (due > now) return due;
  if ("cron" in schedule)
    return CronExpressionParser.parse(schedule.cron, {
      currentDate: new Date(now),
      tz: zoneOf(schedule.timezone),
    })
      .next()
      .getTime();
  const interval = intervalMs(schedule);
  const missed = Math.max(0, Math.floor((now - due) / interval));
  return due + (missed + 1) * interval;
}

/** A source that fails is polled ever less often, and at least this often. */
export const LONGEST_BACK_OFF_MS = 900_000;

/** When a trigger is polled next after `failures` polls that failed in a row: on the grid of its schedule, later the more there were. */
export function nextPoll(schedule: Schedule, due: number, now: number, failures: number): number {
  const regular = nextRun(schedule, due, now);
  if (failures === 0) return regular;
  const earliest = now + Math.min(LONGEST_BACK_OFF_MS, 1000 * 2 ** Math.min(failures, 10));
  if (regular >= earliest) return regular;
  const latest = now + LONGEST_BACK_OFF_MS;
  const next = nextRun(schedule, due, earliest);
  return next <= latest ? next : Math.max(regular, lastBefore(schedule, due, latest));
}

/** The first time of the schedule after `now`, for a trigger whose next time was put off. */
export function backOnSchedule(schedule: Schedule, due: number, now: number): number {
  if ("cron" in schedule) return nextRun(schedule, now, now);
  const interval = intervalMs(schedule);
  return due - Math.max(0, Math.ceil((due - now) / interval) - 1) * interval;
}

function lastBefore(schedule: Schedule, due: number, latest: number): number {
  if ("cron" in schedule)
    return CronExpressionParser.parse(schedule.cron, {
      currentDate: new Date(latest),
      tz: zoneOf(schedule.timezone),
    })
      .prev()
      .getTime();
  const interval = intervalMs(schedule);
  return due + Math.floor((latest - due) / interval) * interval;
}

const intervalMs = ({ intervalSeconds }: { intervalSeconds: number }): number =>
  Math.max(1000, Math.round(intervalSeconds * 1000));

/** What `run(event)` gets from a timer; the same for a poll asked for by hand. */
export function timerEvent(schedule: Schedule | null, now: number): Record<string, unknown> {
  const timestamp = Math.floor(now / 1000);
  if (!schedule) return { timestamp };
  if ("cron" in schedule)
    return {
      timestamp,
      cron: schedule.cron,
      timezone_configured: zoned(now, zoneOf(schedule.timezone)),
      timezone_utc: zoned(now, "UTC"),
    };
  return { timestamp, interval_seconds: schedule.intervalSeconds };
}

function zoned(now: number, timezone: string): Record<string, unknown> {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-CA", {
      timeZone: timezone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    })
      .formatToParts(new Date(now))
      .map(({ type, value }) => [type, value]),
  );
  const date = `${parts.year}-${parts.month}-${parts.day}`;
  const time = `${parts.hour}:${parts.minute}:${parts.second}`;
  return { timezone, iso8601: { date, time, timestamp: `${date}T${time}` } };
}
