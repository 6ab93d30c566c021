import type { ConfigurableProp, PropProblem } from "./protocol";

/** Types whose value the host makes itself; a form may leave them out. */
const PROVIDED = new Set(["alert", "$.service.db", "$.interface.http", "$.interface.apphook", "dir"]);

/** A stored `{"__lv": …}` as the component sees it: the value, or label and value where it asked `withLabel`. */
export function unwrapLabelValue(stored: unknown, withLabel = false): unknown {
  if (Array.isArray(stored)) return stored.map((item) => unwrapLabelValue(item, withLabel));
  if (!isRecord(stored) || !("__lv" in stored)) return stored;
  const inner = stored.__lv;
  if (withLabel) return inner;
  const valueOf = (item: unknown): unknown => (isRecord(item) && "value" in item ? item.value : item);
  return Array.isArray(inner) ? inner.map(valueOf) : valueOf(inner);
}

/** True when nothing was chosen. An empty text counts: a form's cleared field is no value. */
export function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

export interface CheckedProps {
  values: Record<string, unknown>;
  problems: PropProblem[];
  /** Names that no prop has. */
  unknown: string[];
}

/**
 * Turns configured values into what `this.<prop>` holds, and names each prop that is missing or of the wrong type.
 * App props are not judged here. `partial` leaves out the check for required ones (while a form is being filled).
 */
export function checkProps(
  defs: ConfigurableProp[],
  configured: Record<string, unknown>,
  { partial = false } = {},
): CheckedProps {
  const values: Record<string, unknown> = {};
  const problems: PropProblem[] = [];
  for (const def of defs) {
    if (def.type === "app" || PROVIDED.has(def.type)) continue;
    const stored = configured[def.name];
    let value = unwrapLabelValue(stored, def.withLabel === true);
    if (def.static !== undefined && def.type === "$.interface.timer") value = def.static;
    if (value === undefined || (isUnset(value) && !allowsEmpty(def))) value = def.default;
    if (value === undefined || value === null) {
      if (!partial && def.optional !== true && def.hidden !== true && def.disabled !== true)
        problems.push({ prop: def.name, message: `is missing; it takes ${expectation(def)}` });
      continue;
    }
    const read = def.withLabel === true ? { value } : readAs(def, value);
    if ("problem" in read) problems.push({ prop: def.name, message: read.problem });
    else values[def.name] = read.value;
  }
  const known = new Set(defs.map((def) => def.name));
  const unknown = Object.keys(configured).filter((name) => !known.has(name));
  return { values, problems, unknown };
}

/** One sentence a person can act on. */
export function describeProblems(problems: PropProblem[]): string {
  return problems.map(({ prop, message }) => `${prop} ${message}.`).join(" ");
}

function allowsEmpty(def: ConfigurableProp): boolean {
  return def.type === "any" || (def.type === "string" && def.default === "");
}

function expectation(def: ConfigurableProp): string {
  const label = def.label && def.label !== def.name ? ` (${def.label})` : "";
  const kinds: Record<string, string> = {
    string: "a text",
    "string[]": "a list of texts",
    integer: "a whole number",
    "integer[]": "a list of whole numbers",
    number: "a number",
    boolean: "true or false",
    "boolean[]": "a list of true or false",
    object: "an object of names and values",
    any: "any value",
    "$.interface.timer": 'a schedule, {"intervalSeconds": 60} or {"cron": "0 * * * *"}',
    data_store: "a data store",
    http_request: "an HTTP request",
    sql: "an SQL query",
  };
  return `${kinds[def.type] ?? `a value of type ${def.type}`}${label}`;
}

type Read = { value: unknown } | { problem: string };

function readAs(def: ConfigurableProp, value: unknown): Read {
  switch (def.type) {
    case "string":
      return typeof value === "string"
        ? { value }
        : typeof value === "number" || typeof value === "boolean"
          ? { value: String(value) }
          : wrong(def, value);
    case "integer":
    case "number":
      return readNumber(def, value);
    case "boolean":
      if (typeof value === "boolean") return { value };
      if (value === "true" || value === "false") return { value: value === "true" };
      return wrong(def, value);
    case "string[]":
    case "integer[]":
    case "boolean[]":
      return readList(def, value);
    case "object":
      if (isRecord(value) || Array.isArray(value)) return { value };
      if (typeof value === "string") {
        const parsed = parseJson(value);
        if (isRecord(parsed) || Array.isArray(parsed)) return { value: parsed };
        return { problem: `must be ${expectation(def)}, and is a text that is not a JSON object` };
      }
      return wrong(def, value);
    case "$.interface.timer":
      return readTimer(def, value);
    default:
      return { value };
  }
}

function readNumber(def: ConfigurableProp, value: unknown): Read {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) return wrong(def, value);
  if (def.type.startsWith("integer") && !Number.isInteger(number)) return wrong(def, value);
  if (typeof def.min === "number" && number < def.min)
    return { problem: `must be at least ${def.min}, and is ${number}` };
  if (typeof def.max === "number" && number > def.max)
    return { problem: `must be at most ${def.max}, and is ${number}` };
  return { value: number };
}

function readList(def: ConfigurableProp, value: unknown): Read {
  const parsed = typeof value === "string" && value.trim().startsWith("[") ? parseJson(value) : value;
  const list = Array.isArray(parsed) ? parsed : isRecord(value) ? undefined : [value];
  if (!list) return wrong(def, value);
  const items: unknown[] = [];
  for (const item of list) {
    const read = readAs({ ...def, type: def.type.slice(0, -2) }, item);
    if ("problem" in read) return wrong(def, value);
    items.push(read.value);
  }
  return { value: items };
}

const LONGEST_INTERVAL_S = 366 * 24 * 3600;

function readTimer(def: ConfigurableProp, value: unknown): Read {
  if (!isRecord(value)) return wrong(def, value);
  const { intervalSeconds: given, cron, timezone } = value;
  if (given !== undefined && given !== null) {
    const isNumeric = typeof given === "number" || (typeof given === "string" && given.trim() !== "");
    const seconds = isNumeric ? Number(given) : NaN;
    if (seconds >= 1 && seconds <= LONGEST_INTERVAL_S) return { value: { intervalSeconds: seconds } };
    return {
      problem: `must have as intervalSeconds a number from 1 to ${LONGEST_INTERVAL_S} (366 days), and has ${shown(given)}`,
    };
  }
  if (typeof cron === "string" && cron.trim() !== "") {
    if (timezone !== undefined && timezone !== null && typeof timezone !== "string")
      return { problem: `must have as timezone a text such as "Europe/Berlin", and has ${shown(timezone)}` };
    return { value: { cron: cron.trim(), ...(timezone?.trim() ? { timezone: timezone.trim() } : {}) } };
  }
  return { problem: `must be ${expectation(def)}, and has neither` };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function wrong(def: ConfigurableProp, value: unknown): Read {
  const kind = Array.isArray(value) ? "a list" : value === null ? "null" : `a ${typeof value}`;
  return { problem: `must be ${expectation(def)}, and is ${kind.replace("a object", "an object")}` };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
