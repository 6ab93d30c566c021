import type { ServiceNow } from "../client";
import { usageError } from "../errors";
import { andEach, formatQuery, parseQuery, queryText, type ParsedQuery } from "../query";
import type { ListOptions } from "../table/options";
import type { AnyRow, DisplayValue, ListFacts, Page, ResultRow } from "../table/types";

/** Borders of sixteen ranges of sys_ids; the first and the last are open, for ids that are not hexadecimal. */
const BORDERS = [..."123456789abcdef"];

/**
 * All rows of a table by several readers at once, each over its own range of sys_ids. Pages come in no order; the rows of all
 * pages are the rows of the query, each once.
 *
 * @example for await (const page of exportTable(client, "cmdb_ci", { readers: 4, pageSize: 2000 })) write(page.rows);
 */
export async function* exportTable<
  F extends string = never,
  D extends DisplayValue = "false",
  Links extends boolean = false,
>(
  client: ServiceNow,
  table: string,
  options: Omit<ListOptions<F, D, Links>, "orderBy" | "max"> & { readers?: number } = {},
): AsyncGenerator<Page<ResultRow<AnyRow, F, D, Links>>, ListFacts> {
  const { readers = 4, query, ...rest } = options;
  if (!Number.isInteger(readers) || readers < 1) throw usageError("readers must be a whole number above 0");
  const filter = parseQuery(queryText(query), { order: "refuse" });
  const ranges = [...BORDERS, null].map((border, place) =>
    range(filter, place ? (BORDERS[place - 1] ?? null) : null, border),
  );

  type Step = { reader: number; step: IteratorResult<Page<ResultRow<AnyRow, F, D, Links>>, ListFacts> };
  const open = new Map<number, { pages: ReturnType<typeof start>; next: Promise<Step> }>();
  const start = (text: string) =>
    client.table(table).pages({ ...rest, query: text } as ListOptions<F, D, Links>);
  const advance = (reader: number, pages: ReturnType<typeof start>): void => {
    const next = pages.next().then((step) => ({ reader, step }) as Step);
    // Its failure is thrown when its turn comes; until then it is not unhandled.
    next.catch(() => undefined);
    open.set(reader, { pages, next });
  };
  const facts: ListFacts = { total: 0, complete: true, hidden: 0 };
  let begun = 0;
  const more = (): void => {
    while (open.size < readers && begun < ranges.length) advance(begun, start(ranges[begun++] ?? ""));
  };
  try {
    for (more(); open.size > 0; more()) {
      const { reader, step } = await Promise.race([...open.values()].map(({ next }) => next));
      const pages = open.get(reader)?.pages;
      open.delete(reader);
      if (step.done) {
        facts.total = sum(facts.total, step.value.total);
        facts.hidden = sum(facts.hidden, step.value.hidden);
        facts.complete &&= step.value.complete;
        continue;
      }
      if (pages) advance(reader, pages);
      yield step.value;
    }
    return facts;
  } finally {
    for (const { pages } of open.values()) void pages.return(facts).catch(() => undefined);
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
