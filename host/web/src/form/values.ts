import type { Prop, PropOption } from "../api/types";

/** What a prop is edited with. */
export type Control =
  | "none"
  | "alert"
  | "app"
  | "timer"
  | "note"
  | "select"
  | "multiselect"
  | "yesno"
  | "number"
  | "lines"
  | "object"
  | "json"
  | "secret"
  | "text";

export interface ObjectDraft {
  mode: "rows" | "json";
  rows: { name: string; value: string }[];
  json: string;
}

export interface TimerDraft {
  mode: "every" | "cron";
  amount: string;
  unit: "seconds" | "minutes" | "hours" | "days";
  cron: string;
  timezone: string;
}

/** A value read from what was typed: `value` undefined means not set, `error` says what to mend. */
export interface Reading {
  value?: unknown;
  error?: string;
}

const platformSupplied = new Set(["$.service.db", "dir"]);

export function controlOf(prop: Prop): Control {
  if (prop.hidden || platformSupplied.has(prop.type)) return "none";
  if (prop.type === "alert") return "alert";
  if (prop.type === "app") return "app";
  if (prop.type === "$.interface.timer") return "timer";
  if (prop.type === "$.interface.http" || prop.type === "$.interface.apphook") return "note";
  const list = prop.type.endsWith("[]");
  if (prop.remoteOptions || prop.options) return list ? "multiselect" : "select";
  if (prop.type === "boolean") return "yesno";
  if (prop.type === "integer" || prop.type === "number") return "number";
  if (list) return "lines";
  if (prop.type === "object") return "object";
  if (prop.type === "any" || prop.type === "http_request" || prop.type === "sql") return "json";
  return prop.secret ? "secret" : "text";
}

/** True for a prop that shows only after it was added by hand. */
export function isOptional(prop: Prop): boolean {
  const control = controlOf(prop);
  return prop.optional === true && control !== "none" && control !== "alert" && control !== "note";
}

export function labelOf(prop: Prop): string {
  if (prop.label) return prop.label;
  if (prop.type === "$.interface.timer") return "Schedule";
  const words = prop.name
    .replace(/[_-]+/g, " ")
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Options as components give them: bare values, `{label, value}`, or either wrapped as `{__lv}`. */
export function toOption(option: unknown): PropOption {
  if (isRecord(option)) {
    if ("__lv" in option) return toOption(option.__lv);
    if ("value" in option) return { label: String(option.label ?? option.value), value: option.value };
  }
  return { label: String(option), value: option };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What the control starts with: the prop's default in the control's own form. */
export function initialDraft(prop: Prop): unknown {
  const start = prop.static ?? prop.default;
  switch (controlOf(prop)) {
    case "timer":
      return timerDraft(start);
    case "select":
      return start === undefined || start === null || start === "" ? null : knownOption(prop, start);
    case "multiselect":
      return Array.isArray(start) ? start.map((value) => knownOption(prop, value)) : [];
    case "yesno":
      return typeof start === "boolean" ? start : undefined;
    case "lines":
      return Array.isArray(start) ? start.map(String).join("\n") : "";
    case "object":
      return objectDraft(start);
    case "json":
      return start === undefined ? "" : typeof start === "string" ? start : JSON.stringify(start, null, 2);
    case "app":
      return undefined;
    default:
      return start === undefined || start === null
        ? ""
        : typeof start === "object"
          ? JSON.stringify(start)
          : String(start);
  }
}

function knownOption(prop: Prop, value: unknown): PropOption {
  const wanted = toOption(value);
  return prop.options?.map(toOption).find((option) => option.value === wanted.value) ?? wanted;
}

function timerDraft(start: unknown): TimerDraft {
  const draft: TimerDraft = {
    mode: "every",
    amount: "15",
    unit: "minutes",
    cron: "0 * * * *",
    timezone: "UTC",
  };
  if (!isRecord(start)) return draft;
  if (typeof start.cron === "string")
    return {
      ...draft,
      mode: "cron",
      cron: start.cron,
      timezone: typeof start.timezone === "string" ? start.timezone : "UTC",
    };
  const seconds = Number(start.intervalSeconds);
  if (!Number.isFinite(seconds) || seconds <= 0) return draft;
  const [unit, size] = unitFor(seconds);
  return { ...draft, amount: String(seconds / size), unit };
}

export const unitSeconds = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const;

function unitFor(seconds: number): [TimerDraft["unit"], number] {
  for (const unit of ["days", "hours", "minutes"] as const)
    if (seconds % unitSeconds[unit] === 0) return [unit, unitSeconds[unit]];
  return ["seconds", 1];
}

function objectDraft(start: unknown): ObjectDraft {
  const blank = { mode: "rows", rows: [{ name: "", value: "" }], json: "" } as const;
  let value = start;
  if (typeof value === "string" && value.trim() !== "") {
    try {
      value = JSON.parse(value);
    } catch {
      return { mode: "json", rows: [], json: String(start) };
    }
  }
  if (!isRecord(value) || Object.keys(value).length === 0) return { ...blank, rows: [...blank.rows] };
  return rowsOf(value) ?? { mode: "json", rows: [], json: JSON.stringify(value, null, 2) };
}

/** An object whose values are all text, as rows; undefined when rows would lose something. */
export function rowsOf(value: Record<string, unknown>): ObjectDraft | undefined {
  const entries = Object.entries(value);
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === "string")) return undefined;
  return { mode: "rows", rows: entries.map(([name, text]) => ({ name, value: text })), json: "" };
}

/** Reads what stands in a control. Says nothing about "required": that is for the form to say. */
export function readDraft(prop: Prop, draft: unknown): Reading {
  switch (controlOf(prop)) {
    case "none":
    case "alert":
    case "note":
      return {};
    case "app":
      return draft ? { value: { authProvisionId: draft } } : {};
    case "timer":
      return prop.static === undefined ? readTimer(draft as TimerDraft) : {};
    case "select":
      return draft ? readOption(prop, draft as PropOption) : {};
    case "multiselect": {
      const chosen = draft as PropOption[];
      return chosen.length === 0 ? {} : { value: { __lv: chosen } };
    }
    case "yesno":
      return { value: draft };
    case "number":
      return readNumber(prop, draft as string);
    case "lines":
      return readLines(prop, draft as string);
    case "object":
      return readObject(draft as ObjectDraft);
    case "json":
      return readJson(prop, draft as string);
    default:
      return draft === "" ? {} : { value: draft };
  }
}

function readOption(prop: Prop, option: PropOption): Reading {
  if (/^(integer|number)/.test(prop.type) && typeof option.value === "string") {
    const read = readNumber(prop, option.value);
    if (read.error) return read;
    return { value: { __lv: { label: option.label, value: read.value } } };
  }
  // A value that is its own label needs no wrapping; stored settings stay readable.
  return { value: option.label === String(option.value) ? option.value : { __lv: option } };
}

function readNumber(prop: Prop, text: string): Reading {
  const trimmed = text.trim();
  if (trimmed === "") return {};
  const number = Number(trimmed);
  const whole = prop.type.startsWith("integer");
  if (!Number.isFinite(number))
    return { error: `“${trimmed}” is not a number. Write digits, like ${whole ? "25" : "2.5"}.` };
  if (whole && !Number.isSafeInteger(number))
    return { error: `Write a whole number; ${trimmed} is not one.` };
  if (prop.min !== undefined && number < prop.min)
    return { error: `The smallest value allowed is ${prop.min}.` };
  if (prop.max !== undefined && number > prop.max)
    return { error: `The largest value allowed is ${prop.max}.` };
  return { value: number };
}

function readLines(prop: Prop, text: string): Reading {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (lines.length === 0) return {};
  if (prop.type === "string[]") return { value: lines };
  if (prop.type === "boolean[]") {
    const wrong = lines.find((line) => line !== "true" && line !== "false");
    return wrong
      ? { error: `Write true or false on each line; “${wrong}” is neither.` }
      : { value: lines.map((line) => line === "true") };
  }
  const values: unknown[] = [];
  for (const line of lines) {
    const read = readNumber(prop, line);
    if (read.error) return read;
    values.push(read.value);
  }
  return { value: values };
}

export function readObject(draft: ObjectDraft): Reading {
  if (draft.mode === "json") {
    if (draft.json.trim() === "") return {};
    const read = parseJson(draft.json);
    if (read.error) return read;
    return isRecord(read.value)
      ? read
      : { error: "This must be a JSON object: names and values between { and }." };
  }
  const value: Record<string, string> = {};
  for (const row of draft.rows) {
    const name = row.name.trim();
    if (name === "") {
      if (row.value !== "")
        return { error: `The value “${row.value}” has no field name. Name the field, or empty the value.` };
      continue;
    }
    if (name in value) return { error: `“${name}” stands there twice. Keep one of the two rows.` };
    value[name] = row.value;
  }
  return Object.keys(value).length === 0 ? {} : { value };
}

function readJson(prop: Prop, text: string): Reading {
  if (text.trim() === "") return {};
  const read = parseJson(text);
  if (!read.error) return read;
  // `any` takes plain text as well, unless it was plainly meant as JSON.
  return prop.type === "any" && !/^\s*[[{"]/.test(text) ? { value: text } : read;
}

function parseJson(text: string): Reading {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { error: `This is not valid JSON: ${words}` };
  }
}

function readTimer(draft: TimerDraft): Reading {
  if (draft.mode === "cron") {
    const cron = draft.cron.trim().replace(/\s+/g, " ");
    const fields = cron === "" ? 0 : cron.split(" ").length;
    if (fields !== 5 && fields !== 6)
      return {
        error:
          "A cron schedule has five parts: minute, hour, day of month, month, day of week. Example: 0 9 * * 1-5",
      };
    return { value: { cron, timezone: draft.timezone || "UTC" } };
  }
  const amount = Number(draft.amount);
  if (draft.amount.trim() === "" || !Number.isInteger(amount) || amount < 1)
    return { error: "Write how often as a whole number of 1 or more." };
  return { value: { intervalSeconds: amount * unitSeconds[draft.unit] } };
}

/** A schedule in words: "every 15 minutes", "at 0 9 * * 1-5 (UTC)". */
export function scheduleWords(schedule: unknown): string {
  if (typeof schedule === "string") return schedule;
  if (!isRecord(schedule)) return "when called";
  if (typeof schedule.cron === "string") return `at ${schedule.cron} (${String(schedule.timezone ?? "UTC")})`;
  const seconds = Number(schedule.intervalSeconds ?? schedule.interval_seconds);
  if (!Number.isFinite(seconds) || seconds <= 0) return "when called";
  const [unit, size] = unitFor(seconds);
  const amount = seconds / size;
  return amount === 1 ? `every ${unit.slice(0, -1)}` : `every ${amount} ${unit}`;
}
