import type { ServiceNow } from "../client";
import type { CallOptions } from "../http/requester";
import type { Order } from "../query";
import type { ListFacts } from "../table/types";
import { utc } from "../table/values";
import { common } from "../http/api-call";
import { where, type Term } from "../query/terms";

/** An instance that reads dates in the user's own zone reads a bound up to twelve hours late, west of Greenwich. */
const MARGIN = 12 * 3_600_000;

/**
 * The rows that match and were made after `since`, ordered by `sys_created_on`, whatever zone the instance reads dates in: the bound
 * is early, and the rows are filtered here. `sys_created_on` must be among the fields.
 *
 * @returns at most `max` rows; `total` is without the rows that were too early
 */
export async function listSince<F extends string>(
  client: ServiceNow,
  table: string,
  options: CallOptions & {
    terms: Term[];
    fields: readonly F[];
    newestFirst?: boolean;
    since?: Date;
    max: number;
  },
): Promise<ListFacts & { rows: Record<F, string>[] }> {
  const { terms, fields, newestFirst = false, since, max } = options;
  const order: Order[] = [{ field: "sys_created_on", descending: newestFirst }];
  const ask = { ...common(options), fields };
  if (!since) return client.table(table).list({ ...ask, query: where(terms, order), max });
  const bound: Term = ["sys_created_on", ">", utc(new Date(since.getTime() - MARGIN))];
  const pages = client.table(table).pages({ ...ask, query: where([...terms, bound], order) });
  const from = utc(since);
  const rows: Record<F, string>[] = [];
  let early = 0;
  const without = (total: number | null) => (total === null ? null : total - early);
  for (;;) {
    const step = await pages.next();
    if (step.done) return { rows, ...step.value, total: without(step.value.total) };
    for (const row of step.value.rows) {
      if (!(String(Reflect.get(row, "sys_created_on")) > from)) early++;
      else if (rows.length < max) rows.push(row);
      else {
        const total = without(step.value.total);
        return { rows, total, complete: false, stoppedAt: "max", hidden: null };
      }
    }
  }
}
