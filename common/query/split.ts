import { TEXT_SEARCH, type ParsedQuery } from "./grammar";
import { formatQuery } from "./parse";

/** Bytes that a query takes in an address. */
export function encodedLength(query: ParsedQuery | string): number {
  return encodeURIComponent(typeof query === "string" ? query : formatQuery(query)).length;
}

/**
 * Splits a query that is too long for an address at its longest `IN` list, so that the parts together match the same
 * records and no two of them the same one. Null when there is no such list, or it stands beside an `^OR` or `^NQ`.
 */
export function splitLongQuery(query: ParsedQuery, maxBytes: number): ParsedQuery[] | null {
  if (encodedLength(query) <= maxBytes) return [query];
  const [group, ...others] = query.groups;
  if (!group || others.length > 0) return null;
  let place = -1;
  group.forEach((clause, index) => {
    const [condition, ...rest] = clause;
    if (condition?.operator !== "IN" || rest.length > 0 || TEXT_SEARCH.includes(condition.field)) return;
    if (place < 0 || condition.value.length > (group[place]?.[0]?.value.length ?? 0)) place = index;
  });
  const list = group[place]?.[0];
  if (!list) return null;
  const values = [...new Set(list.value.split(","))];
  const part = (some: string[]): ParsedQuery => ({
    ...query,
    groups: [group.map((clause, index) => (index === place ? [{ ...list, value: some.join(",") }] : clause))],
  });
  if (encodedLength(part(values.slice(0, 1))) > maxBytes) return null;
  const parts: ParsedQuery[] = [];
  const room = maxBytes - encodedLength(part([]));
  let some: string[] = [];
  let used = 0;
  for (const value of values) {
    const size = encodeURIComponent(`${value},`).length;
    if (some.length > 0 && used + size > room) {
      parts.push(part(some));
      [some, used] = [[], 0];
    }
    some.push(value);
    used += size;
  }
  parts.push(part(some));
  return parts;
}
