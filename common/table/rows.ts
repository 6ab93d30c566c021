import { ServiceNowError } from "../errors";
import type { Answer } from "../http/call-types";
import { assertQuery, parseQuery, queryText, type QueryInput } from "../query";
import type { RawRow } from "./read-page";
import type { Page } from "./types";

/** What is said of a list whose time is up between two pages. */
export function outOfTime(table: string): ServiceNowError {
  return new ServiceNowError({
    kind: "timeout",
    what: `Could not read ${table}: the time for the whole list is up`,
    remedy: "Ask for fewer records or fields, or allow more time",
    retryable: true,
  });
}

/** The rows of an answer. @throws ServiceNowError `not-servicenow` when they are not a list of records */
export function asRows(result: unknown, operation: string, status: number): RawRow[] {
  if (Array.isArray(result) && result.every(isRecord)) return result;
  throw wrongShape(operation, status, "is not a list of records");
}

/** The record of an answer. @throws ServiceNowError `not-servicenow` when it is not one */
export function asRecord(result: unknown, operation: string, status: number): RawRow {
  if (isRecord(result)) return result;
  throw wrongShape(operation, status, "is not a record");
}

function isRecord(value: unknown): value is RawRow {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrongShape(operation: string, status: number, what: string): ServiceNowError {
  return new ServiceNowError({
    kind: "not-servicenow",
    what: `Could not ${operation}: the result ${what}`,
    reason: "Something else than ServiceNow's Table API answered, or a proxy changed the answer",
    remedy: "Check the instance address",
    status,
  });
}

/** A page of the Table API with what its headers say: the count, the clock, whether there is more. */
export function toPage(
  answer: Answer<RawRow[]>,
  limit: number,
  offset: number,
  noCount: boolean,
): Page<RawRow> {
  const claimed = Number(answer.headers["x-total-count"] ?? "");
  // Without counting, some instances put the number of rows given into the header.
  const total = noCount || !answer.headers["x-total-count"] || Number.isNaN(claimed) ? null : claimed;
  const link = answer.headers["link"];
  const next = /;\s*rel="?next"?/.test(link ?? "");
  // Without count and Link, only a full page tells that more may follow.
  const full = link === undefined && answer.data.length >= limit;
  const page: Page<RawRow> = {
    rows: answer.data,
    total,
    date: answer.date,
    bytes: answer.bytes,
    hasNext: next || (total === null ? full : offset + limit < total),
  };
  if (answer.requestId) page.requestId = answer.requestId;
  return page;
}

/** A row without the columns that were read for the order alone; with `displayOnly` what a person sees instead of both values. */
export function trim(row: RawRow, extra: string[], displayOnly: boolean): RawRow {
  const entries = Object.entries(row).filter(([name]) => !extra.includes(name));
  if (!displayOnly) return Object.fromEntries(entries);
  return Object.fromEntries(
    entries.map(([name, cell]) => {
      if (typeof cell !== "object" || cell === null) return [name, cell];
      const { display_value: shown, link } = cell as { display_value?: string | null; link?: string };
      return [name, link ? { display_value: shown ?? "", link } : (shown ?? "")];
    }),
  );
}

/** A row that was read with links to tell references by, as it is without them. */
export function withoutLinks(row: RawRow): RawRow {
  const plain = (cell: unknown): unknown => {
    if (typeof cell !== "object" || cell === null || !("link" in cell)) return cell;
    const { link: _, ...rest } = cell as { link: unknown; value?: unknown };
    return "display_value" in rest ? rest : (rest.value ?? "");
  };
  return Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, plain(cell)]));
}

/** Refuses a query that ServiceNow would read otherwise than meant. @throws ServiceNowError `usage` */
export function safe(query: QueryInput | undefined): void {
  if (query !== undefined) assertQuery(typeof query === "string" ? query : parseQuery(queryText(query)));
}

/** The encoded query, or undefined for none. */
export function text(query: QueryInput | undefined): string | undefined {
  return query === undefined ? undefined : queryText(query);
}

/** `-number` is number, descending. */
export function toOrder(column: string): { field: string; descending: boolean } {
  return column.startsWith("-")
    ? { field: column.slice(1), descending: true }
    : { field: column, descending: false };
}

/** The number itself, when it is whole and above 0 (an offset may be 0). @throws ServiceNowError `usage` */
export function whole(value: number, what: string): number {
  if (!Number.isInteger(value) || value < 0 || (what !== "offset" && value < 1)) {
    throw new ServiceNowError({
      kind: "usage",
      what: `${what} must be a whole number above 0, not ${value}`,
    });
  }
  return value;
}
