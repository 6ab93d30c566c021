import { usageError } from "../errors";
import { andEach, formatQuery, parseQuery, queryText, type ParsedQuery, type QueryInput } from "../query";
import type { ListFacts, Page } from "./types";

/** Borders of sixteen ranges of sys_ids; the first and the last are open, for ids that are not hexadecimal. */
const BORDERS = [..."123456789abcdef"];

/** What is read side by side, and what cannot be asked for then. */
export interface ParallelRead {
  /** Readers at a time. */
  parallel: number;
  /** Which rows. */
  query?: QueryInput | undefined;
  /** Refused: ranges come in no order. */
  orderBy?: readonly string[] | undefined;
  /** Refused: a reader does not know what the others have read. */
  max?: number | undefined;
}

/**
 * All rows of a query by several readers at once, each over its own range of sys_ids. Pages come in no order; the rows of all pages are the
 * rows of the query, each once. A reader reads its next page when the one before was taken, so that no more than one page a reader is held.
 * How many calls really run is the client's limit, which halves while the instance is busy.
 *
 * @throws ServiceNowError `usage` for an order or a maximum, which parts read side by side cannot keep
 */
export async function* readInParallel<Row>(
  pagesOf: (query: string) => AsyncGenerator<Page<Row>, ListFacts>,
  { parallel, query, orderBy = [], max }: ParallelRead,
): AsyncGenerator<Page<Row>, ListFacts> {
  if (!Number.isInteger(parallel) || parallel < 1)
    throw usageError("parallel must be a whole number above 0");
  if (orderBy.length > 0 || max !== undefined) {
    throw usageError(
      "Rows that are read in parallel come in no order, so there is no first one",
      "Leave out orderBy and max, or leave out parallel",
    );
  }
  const filter = parseQuery(queryText(query), { order: "refuse" });
  const waiting = [...BORDERS, null].map((border, place) =>
    range(filter, place ? (BORDERS[place - 1] ?? null) : null, border),
  );
  type Pages = ReturnType<typeof pagesOf>;
  type Step = { pages: Pages; step: IteratorResult<Page<Row>, ListFacts> };
  const open = new Map<Pages, Promise<Step>>();
  const advance = (pages: Pages): void => {
    const next = pages.next().then((step) => ({ pages, step }));
    // Its failure is thrown when its turn comes; until then it is not unhandled.
    next.catch(() => undefined);
    open.set(pages, next);
  };
  const facts: ListFacts = { total: 0, complete: true, hidden: 0 };
  try {
    for (;;) {
      while (open.size < parallel && waiting.length > 0) advance(pagesOf(waiting.shift() ?? ""));
      if (open.size === 0) return facts;
      const { pages, step } = await Promise.race(open.values());
      if (step.done) {
        open.delete(pages);
        facts.total = sum(facts.total, step.value.total);
        facts.hidden = sum(facts.hidden, step.value.hidden);
        facts.complete &&= step.value.complete;
        continue;
      }
      advance(pages);
      yield step.value;
    }
  } finally {
    for (const pages of open.keys()) void pages.return(facts).catch(() => undefined);
  }
}

function range(filter: ParsedQuery, from: string | null, to: string | null): string {
  const conditions = [
    ...(from === null ? [] : [{ field: "sys_id", operator: ">=" as const, value: from }]),
    ...(to === null ? [] : [{ field: "sys_id", operator: "<" as const, value: to }]),
  ];
  return formatQuery(andEach(filter, { groups: [conditions.map((condition) => [condition])], order: [] }));
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
