import { isSysId } from "../sys-id";
import { parseDateTime } from "../time/date-time";
import { isKnownScript, isScript, type ScriptUse } from "./scripts";
import type { QueryColumn } from "./column-kind";

/** What is wrong with a value, and the value that was probably meant. */
export interface ValueProblem {
  /** A clause that follows the condition: `"yes" is neither true nor false`. */
  reason: string;
  /** The value that was probably meant. */
  meant?: string;
}

const fine = undefined;

/** References whose target keeps its key in a column of names: types and tables are referred to by name. */
const KEYED_BY_NAME: ReadonlySet<string> = new Set([
  "sys_glide_object",
  "sys_db_object",
  "sys_language",
  "sys_user_role",
]);

/** Whether one plain value fits a column. An empty one stands for "no value" where it is compared for equality. */
export function valueProblem(value: string, column: QueryColumn, use: ScriptUse): ValueProblem | undefined {
  if (isScript(value)) {
    return isKnownScript(value, use)
      ? fine
      : {
          reason: `the script "${short(value)}" is not one of those that ServiceNow runs here; it would drop the condition`,
        };
  }
  switch (column.kind) {
    case "boolean":
      return booleanProblem(value);
    case "number":
    case "number-choice":
      return numberProblem(value);
    case "date-time":
      return dateTimeProblem(value);
    case "date":
      return dateProblem(value);
    case "duration":
      return durationProblem(value);
    case "reference":
      return referenceProblem(value, column.reference);
    case "sys-id":
      return /^[0-9a-z_-]{1,32}$/.test(value) ? fine : notASysId(value);
    default:
      return fine;
  }
}

function booleanProblem(value: string): ValueProblem | undefined {
  if (value === "true" || value === "false") return fine;
  const word = value.trim().toLowerCase();
  const meant = /^(true|yes|1|on)$/.test(word)
    ? "true"
    : /^(false|no|0|off)$/.test(word)
      ? "false"
      : undefined;
  return { reason: `"${short(value)}" is neither true nor false`, ...(meant ? { meant } : {}) };
}

function numberProblem(value: string): ValueProblem | undefined {
  if (/^-?\d{1,15}(\.\d{1,15})?$/.test(value)) return fine;
  const meant = /^\s*["']?(-?\d{1,15})["']?\s*$/.exec(value)?.[1];
  return { reason: `"${short(value)}" is not a number`, ...(meant ? { meant } : {}) };
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

function dateTimeProblem(value: string): ValueProblem | undefined {
  if ((MOMENT.test(value) || DAY.test(value)) && isInCalendar(value)) return fine;
  const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(value)
    ? new Date(value)
    : undefined;
  const meant =
    iso && !Number.isNaN(iso.getTime())
      ? iso.toISOString().slice(0, 19).replace("T", " ")
      : withSeconds(value);
  return {
    reason: `"${short(value)}" is no date; a date and time is written 2026-02-28 13:00:00, in UTC`,
    ...(meant ? { meant } : {}),
  };
}

function withSeconds(value: string): string | undefined {
  const text = value.trim().replace("T", " ");
  const full = /^\d{4}-\d\d-\d\d \d\d:\d\d$/.test(text) ? `${text}:00` : text;
  return MOMENT.test(full) && isInCalendar(full) ? full : undefined;
}

function dateProblem(value: string): ValueProblem | undefined {
  if (DAY.test(value) && isInCalendar(value)) return fine;
  const meant = value.trim().slice(0, 10);
  return {
    reason: `"${short(value)}" is no date; a date is written 2026-02-28`,
    ...(DAY.test(meant) && isInCalendar(meant) ? { meant } : {}),
  };
}

/** Durations are kept as the moment that lies so far behind 1970 began. */
function durationProblem(value: string): ValueProblem | undefined {
  if (MOMENT.test(value) && isInCalendar(value)) return fine;
  const [, days = "0", clock = ""] = /^(?:(\d{1,3}) )?(\d\d:\d\d:\d\d)$/.exec(value.trim()) ?? [];
  const [hour = 99, minute = 0, second = 0] = clock.split(":").map(Number);
  const meant =
    clock && hour < 24
      ? new Date(((Number(days) * 24 + hour) * 60 + minute) * 60_000 + second * 1000).toISOString()
      : undefined;
  return {
    reason: `"${short(value)}" is not a duration; one of 90 minutes is written 1970-01-01 01:30:00`,
    ...(meant ? { meant: meant.slice(0, 19).replace("T", " ") } : {}),
  };
}

function referenceProblem(value: string, table: string | undefined): ValueProblem | undefined {
  if (isSysId(value) && value === value.toLowerCase()) return fine;
  if (table === undefined || KEYED_BY_NAME.has(table))
    return /^[\w-]{1,80}$/.test(value) ? fine : notASysId(value);
  return notASysId(value);
}

/** Databases differ in whether case counts; sys_ids are written small. */
function notASysId(value: string): ValueProblem {
  const meant = value.trim().toLowerCase();
  return {
    reason: `"${short(value)}" is not a sys_id, 32 small hexadecimal digits`,
    ...(isSysId(meant) ? { meant } : {}),
  };
}

/** True for a day or a moment that exists. */
export function isInCalendar(value: string): boolean {
  return parseDateTime(value) !== null;
}

/** A value as it is shown in a message. */
export const short = (value: string): string => (value.length > 60 ? `${value.slice(0, 60)}…` : value);
