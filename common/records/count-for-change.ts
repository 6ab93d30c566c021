import type { ServiceNow } from "../client";
import { ServiceNowError, usageError } from "../errors";
import { common } from "../http/api-call";
import type { CallOptions } from "../http/requester";
import {
  assertNarrowing,
  formatCondition,
  formatQuery,
  queryText,
  type Condition,
  type Operator,
  type ParsedQuery,
  type QueryInput,
} from "../query";
import { assertTableQuery } from "../schema/table-query";
import { readStats } from "../table/stats";

/** What a bulk change would be about. */
export interface ChangeCount {
  /** Records that match. */
  matching: number;
  /** Records of the table. */
  total: number;
}

const COMPLEMENTS: Readonly<Partial<Record<Operator, Operator>>> = {
  "=": "!=",
  "!=": "=",
  "<": ">=",
  ">=": "<",
  ">": "<=",
  "<=": ">",
  IN: "NOT IN",
  "NOT IN": "IN",
  LIKE: "NOT LIKE",
  "NOT LIKE": "LIKE",
  CONTAINS: "DOES NOT CONTAIN",
  "DOES NOT CONTAIN": "CONTAINS",
  "*": "!*",
  "!*": "*",
  ISEMPTY: "ISNOTEMPTY",
  ISNOTEMPTY: "ISEMPTY",
  EMPTYSTRING: "ISNOTEMPTY",
  ON: "NOTON",
  NOTON: "ON",
  SAMEAS: "NSAMEAS",
  NSAMEAS: "SAMEAS",
  GT_FIELD: "LT_OR_EQUALS_FIELD",
  LT_OR_EQUALS_FIELD: "GT_FIELD",
  LT_FIELD: "GT_OR_EQUALS_FIELD",
  GT_OR_EQUALS_FIELD: "LT_FIELD",
};

/**
 * Counts what a bulk change would be about, and makes sure that ServiceNow takes every condition of the query into account. It drops what
 * it cannot read without a word; for each condition it is therefore asked how many records meet it and how many do not. No record is in
 * both, so a sum above the number of records shows a condition that was dropped.
 *
 * @throws ServiceNowError `usage` for a query that is not safe, or matches more than `maxRecords`; `incomplete` when a condition was dropped
 */
export async function countForChange(
  client: ServiceNow,
  table: string,
  query: QueryInput,
  options: CallOptions & { maxRecords?: number } = {},
): Promise<ChangeCount> {
  const { maxRecords } = options;
  const parsed = await assertTableQuery(client, table, query, options);
  assertNarrowing(parsed);
  const count = counter(client, table, common(options));
  const conditions = new Map(
    parsed.groups.flat(2).map((condition) => [formatCondition(condition), condition]),
  );
  for (const [text, condition] of conditions) {
    // Records come and go between the counts; what was dropped shows again.
    if ((await holds(condition, count)) || (await holds(condition, count))) continue;
    throw dropped(table, text, condition);
  }
  const [matching, total] = await Promise.all([count(queryText(parsed)), count("")]);
  if (maxRecords !== undefined && matching > maxRecords) {
    throw usageError(
      `${matching} records of ${table} match, and at most ${maxRecords} may be changed`,
      "Nothing was changed. Narrow the query or raise the maximum",
    );
  }
  return { matching, total };
}

type Count = (query: string) => Promise<number>;

function counter(client: ServiceNow, table: string, options: CallOptions): Count {
  return async (query) => {
    const [row] = await readStats(client, table, { ...options, query, count: true });
    if (!row || row.count === null || row.count === undefined || Number.isNaN(row.count)) {
      throw new ServiceNowError({
        kind: "incomplete",
        what: `ServiceNow did not say how many records of ${table} match`,
        remedy: "Nothing was changed. Try again later",
      });
    }
    return row.count;
  };
}

async function holds(condition: Condition, count: Count): Promise<boolean> {
  const complement = complementOf(condition);
  const [meet, others, total] = await Promise.all([
    count(textOf([condition])),
    complement ? count(textOf(complement)) : null,
    count(""),
  ]);
  // Where no operator says the opposite, a condition that every record meets cannot be told from one that was dropped.
  return others === null ? meet < total || total === 0 : meet + others <= total;
}

function complementOf({ field, operator, value }: Condition): Condition[] | undefined {
  if (operator === "RLQUERY") return undefined;
  if (operator === "BETWEEN") {
    const [from = "", to = ""] = value.split("@");
    return [
      { field, operator: "<", value: from },
      { field, operator: ">", value: to },
    ];
  }
  const opposite = COMPLEMENTS[operator];
  return opposite ? [{ field, operator: opposite, value }] : undefined;
}

/** The query of conditions of which one must hold. */
function textOf(anyOf: Condition[]): string {
  const query: ParsedQuery = { groups: [[anyOf]], order: [] };
  return formatQuery(query);
}

function dropped(table: string, text: string, { field, operator }: Condition): ServiceNowError {
  return new ServiceNowError({
    kind: "incomplete",
    what: `ServiceNow does not take the condition "${text}" into account`,
    reason:
      operator !== "RLQUERY" && (operator === "BETWEEN" || COMPLEMENTS[operator])
        ? `As many records of ${table} are said to meet it as not to meet it`
        : `Every record of ${table} is said to meet it`,
    remedy: "Nothing was changed. Check the column, the operator and the value, or leave the condition out",
    fields: [field],
  });
}
