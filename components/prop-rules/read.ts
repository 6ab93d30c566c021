import { isList, isRecord, itemOf, type PropDescription } from "./description";
import type { Read } from "./reading";
import { readSchedule } from "./schedule";
import { mustBe, shown } from "./wording";

const wrong = (prop: PropDescription, value: unknown): Read => ({ problem: mustBe(prop, value) });

/**
 * Turns a set value into what `this.<prop>` holds. Texts that plainly mean the wanted type are taken: `"12"` as a number, `"true"` as
 * a boolean, JSON text as an object or a list. Types that are not listed are given back as they are.
 */
export function readValue(prop: PropDescription, value: unknown): Read {
  if (prop.withLabel === true) return readLabelled(prop, value);
  switch (prop.type) {
    case "string":
      if (typeof value === "string") return { value };
      return typeof value === "number" || typeof value === "boolean"
        ? { value: String(value) }
        : wrong(prop, value);
    case "integer":
    case "number":
      return readNumber(prop, value);
    case "boolean":
      if (typeof value === "boolean") return { value };
      return value === "true" || value === "false" ? { value: value === "true" } : wrong(prop, value);
    case "string[]":
    case "integer[]":
    case "number[]":
    case "boolean[]":
      return readList(prop, value);
    case "object":
      return readObject(prop, value);
    case "$.interface.timer":
      return readSchedule(value);
    default:
      return { value };
  }
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function readNumber(prop: PropDescription, value: unknown): Read {
  const number = typeof value === "string" && decimal.test(value.trim()) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) return wrong(prop, value);
  if (prop.type === "integer" && !Number.isInteger(number)) return wrong(prop, value);
  if (prop.type === "integer" && !Number.isSafeInteger(number))
    return { problem: `has ${shown(value)}, which is too large to be kept exactly; give it as a text` };
  if (typeof prop.min === "number" && number < prop.min)
    return { problem: `must be at least ${prop.min}, and is ${number}` };
  if (typeof prop.max === "number" && number > prop.max)
    return { problem: `must be at most ${prop.max}, and is ${number}` };
  return { value: number };
}

/** A list, JSON text of one, or a single item, which becomes a list of one. */
function readList(prop: PropDescription, value: unknown): Read {
  const parsed = typeof value === "string" && value.trim().startsWith("[") ? parseJson(value) : undefined;
  const list = Array.isArray(value) ? value : Array.isArray(parsed) ? parsed : [value];
  if (!Array.isArray(value) && isRecord(value)) return wrong(prop, value);
  const items: unknown[] = [];
  for (const [at, item] of list.entries()) {
    const read = readValue(itemOf(prop), item);
    if ("problem" in read)
      return list.length === 1 && !Array.isArray(value)
        ? read
        : { problem: `has a wrong item: item ${at + 1} ${read.problem}` };
    items.push(read.value);
  }
  return { value: items };
}

/** An object as it is, or JSON text of one. Arrays pass: components take lists of records here too. */
function readObject(prop: PropDescription, value: unknown): Read {
  if (isRecord(value) || Array.isArray(value)) return { value };
  if (typeof value !== "string") return wrong(prop, value);
  const parsed = parseJson(value);
  return isRecord(parsed) || Array.isArray(parsed)
    ? { value: parsed }
    : { problem: "must be an object of names and values, and is a text that is not a JSON object" };
}

/** `{label, value}` where the component asked for both; a value that came alone is its own label. */
function readLabelled(prop: PropDescription, value: unknown): Read {
  const plain = { ...prop, withLabel: false };
  if (isList(prop)) {
    const items = (Array.isArray(value) ? value : [value]).map((item) => readLabelled(itemOf(prop), item));
    const bad = items.find((item) => "problem" in item);
    return bad ?? { value: items.map((item) => ("value" in item ? item.value : undefined)) };
  }
  const pair = isRecord(value) && "value" in value ? value : { label: undefined, value };
  const read = readValue(plain, pair.value);
  return "problem" in read ? read : { value: { label: String(pair.label ?? pair.value), value: read.value } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
