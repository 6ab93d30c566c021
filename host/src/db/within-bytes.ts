import { sql, type Expression, type RawBuilder } from "kysely";
import type { Queryable } from "./database";

/** Most bytes of what one list reads: whoever stores much cannot make an answer that fills the memory of the host. */
const LIST_BYTES = 64_000_000;

/** The first rows of a query that stay within the bytes of one list, and whether there are more. */
export interface Within<Row> {
  rows: Row[];
  isCut: boolean;
}

/**
 * Reads the first rows of a query whose large columns together are not too large, and always the first one. The others are not read.
 *
 * @param query with its own order and limit.
 * @param size of a row `r` in bytes.
 * @param order of the rows `r`, the same as the query's.
 */
export async function withinBytes<Row>(
  db: Queryable,
  query: Expression<unknown>,
  size: RawBuilder<number>,
  order: RawBuilder<unknown>,
): Promise<Within<Row>> {
  const { rows } = await sql<Row & { list_bytes: number; list_place: number; list_count: number }>`
    select * from (
      select r.*, sum(${size}) over (order by ${order}) as list_bytes, row_number() over (order by ${order}) as list_place,
        count(*) over () as list_count
      from (${query}) r
    ) sized where list_bytes <= ${LIST_BYTES} or list_place = 1 order by list_place`.execute(db);
  const isCut = rows.length < Number(rows[0]?.list_count ?? 0);
  return {
    rows: rows.map(({ list_bytes: _, list_place: _place, list_count: _count, ...row }) => row as Row),
    isCut,
  };
}
