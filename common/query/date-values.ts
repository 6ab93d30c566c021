import type { Condition } from "./grammar";
import { isKnownScript, isScript } from "./scripts";
import { isInCalendar, short, type ValueProblem } from "./values";

const UNITS = ["minute", "hour", "dayofweek", "month", "quarter", "year"];
const WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday";
const MONTHS =
  "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec";
const PARTS: Readonly<Record<string, RegExp>> = {
  dayofweek: new RegExp(`^(${WEEKDAYS})$`),
  month: new RegExp(`^(${MONTHS})$`),
  quarter: /^[1-4]$/,
  year: /^\d{4}$/,
  week: /^([1-9]|[1-4]\d|5[0-3])$/,
  hour: /^(\d|1\d|2[0-3])$/,
  dayofmonth: /^([1-9]|[12]\d|3[01])$/,
};

/** What is wrong with the value of an operator that only dates have: `ON`, `NOTON`, `DATEPART`, `RELATIVE…`. */
export function dateValueProblem(operator: Condition["operator"], value: string): ValueProblem | undefined {
  if (operator === "ON" || operator === "NOTON") return onProblem(value);
  if (operator === "DATEPART") return partProblem(value);
  if (operator.startsWith("RELATIVE")) return relativeProblem(value);
  return { reason: "nobody knows what this operator does with a query" };
}

/** `Today@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()` */
function onProblem(value: string): ValueProblem | undefined {
  const [label = "", from = "", to = "", ...more] = value.split("@");
  if (label && isMoment(from) && isMoment(to) && more.length === 0) return undefined;
  const day = /^\d{4}-\d\d-\d\d$/.test(label) && isInCalendar(label) ? label : undefined;
  const name = /^(today|yesterday|tomorrow)$/i.exec(label)?.[1];
  const range = name && `${(name[0] ?? "").toUpperCase()}${name.slice(1).toLowerCase()}`;
  const meant = day
    ? `${day}@javascript:gs.dateGenerate('${day}','start')@javascript:gs.dateGenerate('${day}','end')`
    : range && `${range}@javascript:gs.beginningOf${range}()@javascript:gs.endOf${range}()`;
  return {
    reason: `"${short(value)}" is not a label with its first and last moment, which ON takes; ServiceNow would drop the condition`,
    ...(meant ? { meant } : {}),
  };
}

function isMoment(text: string): boolean {
  if (isScript(text)) return isKnownScript(text, "moment");
  return /^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?$/.test(text) && isInCalendar(text);
}

function partProblem(value: string): ValueProblem | undefined {
  const form = /^[^@]+@javascript:gs\.datePart\('(\w+)','(\w+)','(EE|GE|LE|GT|LT)'\)$/;
  const [, part = "", wanted = ""] = form.exec(value) ?? [];
  const known = Object.hasOwn(PARTS, part) ? PARTS[part] : undefined;
  if (known?.test(wanted)) return undefined;
  return {
    reason: `"${short(value)}" is not a part of the calendar; one is written Monday@javascript:gs.datePart('dayofweek','monday','EE')`,
  };
}

function relativeProblem(value: string): ValueProblem | undefined {
  const [before = "", unit = "", side = "", amount = "", ...more] = value.split("@");
  const fits =
    before === "" && (side === "ago" || side === "ahead") && /^\d{1,5}$/.test(amount) && more.length === 0;
  if (fits && UNITS.includes(unit)) return undefined;
  const days = fits && /^days?$/.test(unit) ? `@dayofweek@${side}@${amount}` : undefined;
  const singular =
    fits && UNITS.includes(unit.replace(/s$/, ""))
      ? `@${unit.replace(/s$/, "")}@${side}@${amount}`
      : undefined;
  const meant = days ?? singular;
  return {
    reason: `"${short(value)}" is not a distance from now; one is written @hour@ago@2, its unit ${UNITS.join(", ")} (dayofweek means days)`,
    ...(meant ? { meant } : {}),
  };
}
