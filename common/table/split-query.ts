import { ServiceNowError } from "../errors";
import { MAX_URL_BYTES } from "../http/url";
import { splitLongQuery } from "../query";
import { readByKeyset, type KeysetRead } from "./paging";
import { type RawRow, type ReadPage } from "./read-page";
import { withTieBreak } from "./keyset-cursor";
import type { ListFacts, Page } from "./types";

/** Room for the address itself, the other parameters, and the place in the list. */
const RESERVE = 1200;

/**
 * A walk whose query may be too long for an address: it is split at its longest `IN` list and the parts are read one after the
 * other. An order of its own cannot be kept over parts, and is refused then.
 */
export async function* readSplitQuery(
  read: ReadPage,
  options: KeysetRead,
  fieldBytes: number,
): AsyncGenerator<Page<RawRow>, ListFacts> {
  const { filter, max } = options;
  const room = MAX_URL_BYTES - RESERVE - fieldBytes;
  // The key of the next page is repeated in every group.
  const parts = splitLongQuery({ ...filter, order: [] }, Math.max(500, room));
  if (parts === null || parts.length === 1) return yield* readByKeyset(read, options);
  if (withTieBreak(filter.order)[0]?.field !== "sys_id") {
    throw new ServiceNowError({
      kind: "url-too-long",
      what: "The query is too long for one address, and its order cannot be kept over several",
      remedy: "Leave out the order, or shorten the list of values",
    });
  }
  const facts: ListFacts = { total: 0, complete: true, hidden: 0 };
  let given = 0;
  for (const part of parts) {
    if (given >= max) return { ...facts, complete: false, stoppedAt: "max", hidden: null };
    const steps = readByKeyset(read, {
      ...options,
      filter: { ...part, order: filter.order },
      max: max - given,
    });
    for (;;) {
      const step = await steps.next();
      if (step.done) {
        facts.total = plus(facts.total, step.value.total);
        facts.hidden = plus(facts.hidden, step.value.hidden);
        facts.complete &&= step.value.complete;
        if (step.value.stoppedAt) return { ...facts, complete: false, stoppedAt: "max", hidden: null };
        break;
      }
      given += step.value.rows.length;
      yield step.value;
    }
  }
  return facts;
}

function plus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
