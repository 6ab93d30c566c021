import { ConfigurationError } from "@pipedream/platform";
import { isSysId } from "../../common/sys-id";

/** Stops the step before any request: an input is missing or wrong. */
export function wrongInput(message: string): ConfigurationError {
  return new ConfigurationError(message);
}

/** The value of a choice that was saved with its label (`{label, value}`, also under `__lv`), anything else as it is. */
export function plainValue(given: unknown): unknown {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return given;
  const choice: unknown = Reflect.get(given, "__lv") ?? given;
  const names = Object.keys(Object(choice) as object);
  const isChoice = names.includes("label") && names.includes("value") && names.length === 2;
  return isChoice ? Reflect.get(Object(choice), "value") : given;
}

/** True where nothing was given: no value, or blanks, as a template leaves them whose variable was empty. */
export const isBlank = (given: unknown): boolean =>
  given === undefined || given === null || (typeof given === "string" && given.trim() === "");

/** Examples of objects that do not hold the fields of a record, by the label of their prop. */
const EXAMPLES: Record<string, string> = {
  variables: '{"storage": "512"}',
  attributes: '{"name": "web-01"}',
  params: '{"sysparm_limit": "1"}',
  headers: '{"X-No-Response-Body": "true"}',
  "additional info": '{"rack": "B12"}',
};
const exampleOf = (label: string) =>
  EXAMPLES[label.replace(/^.*, /, "").toLowerCase()] ?? '{"short_description": "Cannot log in"}';

/**
 * An object prop as an object. Platforms and agents hand over objects or their JSON text.
 * Undefined when nothing was given. Throws a ConfigurationError that never repeats the value, since errors end up in logs.
 */
export function optionalObject(value: unknown, label: string): Record<string, unknown> | undefined {
  if (isBlank(value)) return undefined;
  let parsed = value;
  if (typeof value === "string") {
    try {
      parsed = JSON.parse(value);
    } catch {
      throw wrongInput(`${label} is not valid JSON. Write an object such as ${exampleOf(label)}.`);
    }
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw wrongInput(
      `${label} must be a JSON object such as ${exampleOf(label)}, not ${Array.isArray(parsed) ? "a list" : `a ${typeof parsed}`}.`,
    );
  return parsed as Record<string, unknown>;
}

/** An object prop that must hold something. */
export function requiredObject(value: unknown, label: string): Record<string, unknown> {
  const object = optionalObject(value, label);
  if (!object || Object.keys(object).length === 0)
    throw wrongInput(
      `${label} is empty. Give at least one field and its value, such as ${exampleOf(label)}.`,
    );
  return object;
}

/** A list prop as a list: platforms hand over lists, their JSON text, or one value. Entries are trimmed, empty ones dropped. */
export function textList(value: unknown): string[] {
  let list: unknown = plainValue(value);
  if (isBlank(list)) return [];
  if (typeof value === "string" && value.trim().startsWith("[")) {
    try {
      list = JSON.parse(value);
    } catch {
      list = value;
    }
  }
  const entries = Array.isArray(list) ? list : String(list).split(",");
  return entries.map((entry) => String(plainValue(entry)).trim()).filter(Boolean);
}

/** A text prop without the blanks around it; throws when nothing is left. */
export function requiredText(given: unknown, label: string, example?: string): string {
  const value = plainValue(given);
  const text = typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
  if (!text) throw wrongInput(`${label} is missing.${example ? ` Example: ${example}.` : ""}`);
  return text;
}

/** A text prop without the blanks around it; undefined when nothing is left. */
export function optionalText(given: unknown, label: string): string | undefined {
  return isBlank(plainValue(given)) ? undefined : requiredText(given, label);
}

/** A sys_id, checked before it becomes part of an address. */
export function sysId(value: unknown, label: string): string {
  const text = requiredText(value, label);
  if (!isSysId(text))
    throw wrongInput(
      `${label} must be a sys_id: 32 hexadecimal characters, such as 1c741bd70b2322007518478d83673af3. The action "Get Record by Number" finds it from a number.`,
    );
  return text.toLowerCase();
}

/** As {@link sysId}; undefined where nothing was given. */
export function optionalSysId(value: unknown, label: string): string | undefined {
  return isBlank(plainValue(value)) ? undefined : sysId(value, label);
}

/** A text that must be one of a few; the first where nothing is given. An unknown one is an error, since it would be ignored without a word. */
export function oneOf<const T extends string>(given: unknown, allowed: readonly T[], label: string): T {
  const value = plainValue(given);
  const [first] = allowed as readonly [T];
  if (isBlank(value)) return first;
  const found = allowed.find((one) => one.toLowerCase() === String(value).trim().toLowerCase());
  if (found) return found;
  throw notAmong(allowed, label);
}

const notAmong = (allowed: readonly string[], label: string) =>
  wrongInput(
    `${label} must be ${allowed
      .map((one) => `"${one}"`)
      .join(", ")
      .replace(/, ([^,]*)$/, " or $1")}.`,
  );

/** The value of one of a prop's options, given as value or label; undefined where nothing was given. An unknown one is an error. */
export function optionOf<const T extends string>(
  given: unknown,
  options: readonly { label: string; value: T }[],
  label: string,
): T | undefined {
  const value = plainValue(given);
  if (isBlank(value)) return undefined;
  const text = String(value).trim().toLowerCase();
  const found = options.find((one) => [one.value, one.label].some((name) => name.toLowerCase() === text));
  if (found) return found.value;
  throw notAmong(
    options.map((one) => one.value),
    label,
  );
}

/** As {@link optionOf}, for a list. */
export const optionsOf = <const T extends string>(
  given: unknown,
  options: readonly { label: string; value: T }[],
  label: string,
): T[] =>
  textList(given).flatMap((one) => {
    const value = optionOf(one, options, label);
    return value === undefined ? [] : [value];
  });

/** A number, also as text; undefined where nothing was given. Throws for anything else. */
export function optionalNumber(given: unknown, label: string): number | undefined {
  const value = plainValue(given);
  if (isBlank(value)) return undefined;
  const number = typeof value === "boolean" ? NaN : Number(value);
  if (!Number.isFinite(number)) throw wrongInput(`${label} must be a number.`);
  return number;
}

/** As {@link oneOf}; undefined where nothing was given. */
export function optionalOneOf<const T extends string>(
  given: unknown,
  allowed: readonly T[],
  label: string,
): T | undefined {
  return isBlank(plainValue(given)) ? undefined : oneOf(given, allowed, label);
}

/** A whole number, which agents also hand over as text. Throws for anything else, and beyond its bounds. */
export function wholeNumber(
  given: unknown,
  otherwise: number,
  label: string,
  { min = 1, max = Infinity }: { min?: number; max?: number } = {},
): number {
  const value = plainValue(given);
  if (isBlank(value)) return otherwise;
  const number = typeof value === "boolean" ? NaN : Number(value);
  if (!Number.isInteger(number) || number < min || number > max)
    throw wrongInput(`${label} must be a whole number from ${min}${max === Infinity ? "" : ` to ${max}`}.`);
  return number;
}

/** The highest number of records, from 1. */
export function atMost(given: unknown, otherwise: number, label = "Maximum"): number {
  return wholeNumber(given, otherwise, label);
}

/** A switch, which expressions and agents also hand over as text; the other value where nothing was given. Throws for any other word. */
export function isTrue(given: unknown, otherwise = false): boolean {
  const value = plainValue(given);
  if (isBlank(value)) return otherwise;
  const word = String(value).trim().toLowerCase();
  if (word === "true" || word === "1") return true;
  if (word === "false" || word === "0") return false;
  throw wrongInput(`A switch is given as "${word}". Write true or false.`);
}

/** The fields that were asked for, or the usual ones. */
export function fieldsOr(asked: unknown, usual: readonly string[]): string[] {
  const fields = textList(asked);
  return fields.length > 0 ? fields : [...usual];
}
