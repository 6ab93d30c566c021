import type { ServiceNow } from "../client";
import { ServiceNowError } from "../errors";
import { batch } from "../http/batch/batch";
import type { CallOptions } from "../http/requester";
import { tableName } from "../http/url";
import { asRows } from "./rows";

/** One read of a table among several. */
export interface PageAsk<F extends string = string> {
  /** `incident` */
  table: string;
  /** Encoded query of our own making. */
  query: string;
  /** Columns to give; dot-walks allowed. */
  fields: readonly F[];
  /** Rows at most. */
  limit: number;
}

/** Rows as texts, and how many there are where that is known. */
export interface PageRead<F extends string = string> {
  /** Columns as texts; one that the account may not read is missing. */
  rows: Record<F, string>[];
  /** Rows that match, those that access rules hide included. */
  total: number | null;
}

type Reads<A extends readonly PageAsk[]> = {
  [K in keyof A]: A[K] extends PageAsk<infer F> ? PageRead<F> | ServiceNowError : never;
};

/**
 * Reads several tables in one request, by the Batch API.
 *
 * @returns one answer a read, in their order; an error for what could not be read, or what the instance did not get to
 * @throws ServiceNowError when the request itself failed
 */
export async function pagesTogether<const A extends readonly PageAsk[]>(
  client: ServiceNow,
  asks: A,
  options: CallOptions = {},
): Promise<Reads<A>> {
  const answers = await batch(
    client,
    asks.map(({ table, query, fields, limit }) => ({
      path: `/api/now/table/${tableName(table)}`,
      params: {
        sysparm_query: query,
        sysparm_fields: [...fields],
        sysparm_limit: limit,
        sysparm_exclude_reference_link: true,
      },
      operation: `read ${table}`,
    })),
    options,
  );
  return answers.map(({ outcome, status, headers, data, error }, at) => {
    const operation = `read ${asks[at]?.table ?? "a table"}`;
    if (error) return error;
    if (outcome !== "ok")
      return new ServiceNowError({
        kind: "cancelled",
        what: `Could not ${operation}: the instance did not get to it within the time of a batch`,
        remedy: "Try again later",
        retryable: true,
      });
    const total = headers["x-total-count"];
    return { rows: asRows(resultIn(data), operation, status), total: total ? Number(total) : null };
  }) as Reads<A>;
}

const resultIn = (data: unknown): unknown =>
  typeof data === "object" && data !== null ? Reflect.get(data, "result") : undefined;

/** Reads a page; one that fails rejects. */
export type ReadOne = <F extends string>(ask: PageAsk<F>) => Promise<PageRead<F>>;

/** Reads each page by itself. */
export function readAlone(client: ServiceNow, options: CallOptions = {}): ReadOne {
  return async <F extends string>({ table, query, fields, limit }: PageAsk<F>) => {
    const page = await client.table(table).page({ ...options, query, fields, limit });
    return { rows: page.rows as Record<F, string>[], total: page.total };
  };
}

interface Waiting {
  ask: PageAsk;
  resolve: (read: PageRead) => void;
  reject: (error: unknown) => void;
}

/** Reads the pages that are asked for at the same time in one request; where batches are closed, each by itself. */
export function readTogether(client: ServiceNow, options: CallOptions = {}): ReadOne {
  const alone = readAlone(client, options);
  let waiting: Waiting[] = [];
  const send = async (): Promise<void> => {
    const asked = waiting;
    waiting = [];
    const answers =
      asked.length > 1
        ? await pagesTogether(
            client,
            asked.map(({ ask }) => ask),
            options,
          ).catch(onlyErrorsOfOurs)
        : undefined;
    for (const [at, { ask, resolve, reject }] of asked.entries()) {
      const answer = answers?.[at];
      if (answer && !(answer instanceof ServiceNowError)) resolve(answer);
      else alone(ask).then(resolve, reject);
    }
  };
  return <F extends string>(ask: PageAsk<F>) =>
    new Promise<PageRead<F>>((resolve, reject) => {
      if (waiting.length === 0) setTimeout(() => void send().catch(reject), 0);
      waiting.push({ ask, resolve, reject });
    });
}

/** What hinders a batch may not hinder single reads; where it does, they say so. */
function onlyErrorsOfOurs(error: unknown): undefined {
  if (error instanceof ServiceNowError) return undefined;
  throw error;
}
