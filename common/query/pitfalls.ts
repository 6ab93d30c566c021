import type { Condition, ParsedQuery } from "./grammar";
import { asParsed, formatQuery } from "./parse";

/** Operators that an empty value turns into "every record". */
const EMPTY_IS_ALL = ["LIKE", "CONTAINS", "STARTSWITH", "ENDSWITH"];

/** True for a search without a text, such as `short_descriptionLIKE`, which every record meets. */
export const isEmptySearch = ({ operator, value }: Condition): boolean =>
  EMPTY_IS_ALL.includes(operator) && !value.trim();

const AFTER = String.raw`\s+(?=[a-z_][a-z0-9_.]*\s*(?:!=|[=<>]|LIKE\b|IN\b))`;

/**
 * What was probably meant by a query whose conditions are joined as in SQL: `priority=1 AND state=2` compares the priority with
 * `1 AND state=2`, and finds nothing. Undefined where none are. In texts that a column contains small letters pass, since people write so.
 */
export function withoutSql(query: ParsedQuery | string): string | undefined {
  for (const { operator, value } of asParsed(query).groups.flat(2)) {
    const words = /LIKE|WITH/.test(operator) ? "AND|OR" : "AND|and|OR|or";
    const joint = new RegExp(`\\s+(${words})${AFTER}`, "g");
    if (!joint.test(value)) continue;
    const text = typeof query === "string" ? query : formatQuery(query);
    return text.replace(joint, (_all, word: string) => (word.toLowerCase() === "or" ? "^OR" : "^"));
  }
  return undefined;
}

const DATE = /^(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d(?::\d\d)?))?$/;
const COMPARES_TIMES = ["<", "<=", ">", ">="];

/** True for a date that is in no calendar, and for what is no date where a time is compared: the instance answers with anything or nothing. */
export function isBadDate({ field, operator, value }: Condition): boolean {
  const [, day, clock = "00:00"] = DATE.exec(value) ?? [];
  if (day !== undefined) {
    const time = new Date(`${day}T${clock}Z`);
    return Number.isNaN(time.getTime()) || time.toISOString().slice(0, 10) !== day;
  }
  const isTime = /_(at|on)$/.test(field);
  return isTime && COMPARES_TIMES.includes(operator) && !/^\s*javascript:/i.test(value);
}

/** Sentences about what in a query fits more or less than it seems to, beyond what `checkQuery` knows; empty when nothing does. */
export function pitfalls(query: ParsedQuery): string[] {
  const meant = withoutSql(query);
  const joined = meant
    ? [
        `Conditions are joined with "^" and alternatives with "^OR"; "AND" and "OR" would be part of a value. Perhaps: ${meant}`,
      ]
    : [];
  return query.groups.flat(2).reduce((found, condition) => {
    const { field, operator, value } = condition;
    if (isEmptySearch(condition)) found.push(`"${field}${operator}" without a text fits every record`);
    if (isBadDate(condition))
      found.push(
        `"${value}" is no date; "${field}" is compared with one such as 2026-02-28 or 2026-02-28 13:00:00`,
      );
    return found;
  }, joined);
}
