import { requiredText, wrongInput } from "./input";

/**
 * A date as ServiceNow compares it: `2026-07-30 14:05:00` in UTC. Takes a date, a date with a time, or an ISO 8601 text with a zone.
 * Throws a ConfigurationError for anything else, since ServiceNow would compare it as text.
 */
export function utcTime(value: unknown, label: string): string {
  const text = requiredText(value, label);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return checked(`${text}T00:00:00Z`, label);
  if (/^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?(\.\d+)?$/.test(text))
    return checked(`${text.replace(" ", "T")}${/:\d{2}:\d{2}/.test(text) ? "" : ":00"}Z`, label);
  if (/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/.test(text)) return checked(text, label);
  throw wrongInput(
    `${label} must be a date such as 2026-07-30, a time in UTC such as 2026-07-30 14:05:00, or an ISO 8601 time with its zone.`,
  );
}

function checked(text: string, label: string): string {
  const date = new Date(text);
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  // JavaScript would read the 30th of February as the 2nd of March.
  if (
    [date, day].some((one) => Number.isNaN(one.getTime())) ||
    !day.toISOString().startsWith(text.slice(0, 10))
  )
    throw wrongInput(`${label} is not a date that exists.`);
  return date.toISOString().slice(0, 19).replace("T", " ");
}
