import type { PropDescription } from "./description";

const kinds: Record<string, string> = {
  string: "a text",
  "string[]": "a list of texts",
  integer: "a whole number",
  "integer[]": "a list of whole numbers",
  number: "a number",
  "number[]": "a list of numbers",
  boolean: "true or false",
  "boolean[]": "a list of true or false",
  object: "an object of names and values",
  any: "any value",
  app: "a connected account",
  "$.interface.timer": 'a schedule, {"intervalSeconds": 60} or {"cron": "0 * * * *"}',
  data_store: "a data store",
  http_request: "an HTTP request",
  sql: "an SQL query",
};

/** What a prop takes, as part of a sentence: "a whole number". */
export const kindInWords = (type: string): string => kinds[type] ?? `a value of type ${type}`;

const longestShown = 60;

/** A value inside a message: a text or number as it is, cut where it is long; of anything else the kind alone. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  const text = typeof value === "string" ? `"${value}"` : `${value as number | boolean}`;
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

/** `must be a whole number, and is "ten"`; without the value where that is secret. */
export function mustBe(prop: PropDescription, value: unknown): string {
  return `must be ${kindInWords(prop.type)}, and is ${prop.secret === true ? "something else" : shown(value)}`;
}
