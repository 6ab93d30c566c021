/** The value, which a test cannot go on without. Throws where there is none. */
export function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined)
    throw new Error("The test needs a value here, and there is none.");
  return value;
}

const wrong = (wanted: string, value: unknown): Error =>
  new Error(`The test needs ${wanted} here, and there is ${JSON.stringify(value)?.slice(0, 200)}.`);

/** A value of JSON that is a text, such as a sys_id. Throws when it is anything else. */
export function toText(value: unknown): string {
  if (typeof value !== "string") throw wrong("a text", value);
  return value;
}

/** A value of JSON that is an object. Throws when it is anything else. */
export function toRow(value: unknown): Record<string, unknown> {
  if (!isRow(value)) throw wrong("an object", value);
  return value;
}

/** A value of JSON that is a list of objects. Throws when it is anything else. */
export function toRows(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) throw wrong("a list", value);
  return value.map(toRow);
}

function isRow(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
