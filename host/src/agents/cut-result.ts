/** Most characters of JSON that one answer holds. */
export const ANSWER_CHARACTERS = 16_000;
const LONG_TEXT = 2000;

/** A place in a result of which only a part is shown. */
export interface Omission {
  /** JSON Pointer (RFC 6901); empty for the result itself. */
  path: string;
  /** Items of a list, names of an object or characters of a text. */
  shown: number;
  total: number;
}

export interface CutResult {
  value: unknown;
  /** What was left out; empty when everything is there. */
  omissions: Omission[];
}

/** A JSON value in at most about so many characters: long lists end early, long texts are cut, and each such place is named. */
export function cutResult(value: unknown, characters = ANSWER_CHARACTERS): CutResult {
  const omissions: Omission[] = [];
  const text = JSON.stringify(value) ?? "null";
  if (text.length <= characters) return { value, omissions };
  return { value: shorten(value, characters, "", omissions), omissions };
}

function shorten(value: unknown, room: number, path: string, omissions: Omission[]): unknown {
  if (typeof value === "string") return shortenText(value, room, path, omissions);
  if (typeof value !== "object" || value === null || sizeOf(value) <= room) return value;
  return Array.isArray(value)
    ? shortenList(value, room, path, omissions)
    : shortenObject(value as Record<string, unknown>, room, path, omissions);
}

function shortenText(text: string, room: number, path: string, omissions: Omission[]): string {
  if (sizeOf(text) <= room) return text;
  const shown = Math.max(0, Math.min(text.length, LONG_TEXT, Math.floor(room / 2)));
  omissions.push({ path, shown, total: text.length });
  return text.slice(0, shown);
}

function shortenList(list: unknown[], room: number, path: string, omissions: Omission[]): unknown[] {
  const kept: unknown[] = [];
  // One very large item must not hide the others.
  const most = Math.max(200, Math.floor(room / 2));
  let left = room - 2;
  for (const [at, item] of list.entries()) {
    const places: Omission[] = [];
    const short = shorten(item, most, `${path}/${at}`, places);
    const size = sizeOf(short) + 1;
    // An item that does not fit is left for the next part; the first one is always told, so that reading on comes to an end.
    if (size > left && kept.length > 0) break;
    kept.push(short);
    omissions.push(...places);
    left -= size;
  }
  if (kept.length < list.length) omissions.push({ path, shown: kept.length, total: list.length });
  return kept;
}

function shortenObject(
  object: Record<string, unknown>,
  room: number,
  path: string,
  omissions: Omission[],
): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  const entries = Object.entries(object);
  // Small values first get their place: what is large is shortened to what is left.
  const sizes = new Map(entries.map(([name, value]) => [name, sizeOf(value)]));
  let left = room - 2;
  let large = entries.filter(([name]) => (sizes.get(name) ?? 0) > 200).length;
  for (const [name] of entries)
    if ((sizes.get(name) ?? 0) <= 200) left -= sizeOf(name) + (sizes.get(name) ?? 0) + 2;
  for (const [name, value] of entries) {
    const small = (sizes.get(name) ?? 0) <= 200;
    if (small && left >= 0) {
      kept[name] = value;
      continue;
    }
    const share = Math.floor(left / Math.max(1, large));
    large -= small ? 0 : 1;
    if (share < 40) continue;
    const short = shorten(value, share - sizeOf(name) - 2, `${path}/${escapePointer(name)}`, omissions);
    kept[name] = short;
    left -= sizeOf(name) + sizeOf(short) + 2;
  }
  if (Object.keys(kept).length < entries.length)
    omissions.push({ path, shown: Object.keys(kept).length, total: entries.length });
  return kept;
}

const sizeOf = (value: unknown): number => (JSON.stringify(value) ?? "null").length;
const escapePointer = (name: string): string => name.replace(/~/g, "~0").replace(/\//g, "~1");

/** The value at a JSON Pointer. @throws RangeError that names the place that is not there. */
export function valueAt(value: unknown, pointer: string): unknown {
  if (pointer === "") return value;
  if (!pointer.startsWith("/"))
    throw new RangeError(`path is a JSON Pointer such as /0/description, and is "${pointer.slice(0, 100)}".`);
  let at = value;
  for (const part of pointer
    .slice(1)
    .split("/")
    .map((step) => step.replace(/~1/g, "/").replace(/~0/g, "~"))) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, part))
      throw new RangeError(`The result has no "${part.slice(0, 100)}" at ${pointer.slice(0, 200)}.`);
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}
