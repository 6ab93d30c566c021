import { parseQuery, type Condition, type Page } from "../../../common";
import { readByKeyset, type KeysetRead } from "../../../common/table/paging";
import { type RawRow, type ReadPage } from "../../../common/table/read-page";
import type { ListFacts } from "../../../common/table/types";

export interface FakeRow {
  sys_id: string;
  a: string;
  b: string;
  hidden: boolean;
}

/** A table as ServiceNow pages it: limit and offset first, access controls after, the count blind to them. */
export function fakeTable(rows: FakeRow[], options: { emptiesLast?: boolean; noLink?: boolean } = {}) {
  const asked: Array<{ limit: number; offset: number; count: boolean; query: string }> = [];
  const compare = (x: string, y: string): number => {
    if (x === y) return 0;
    if (x === "" || y === "") return (x === "") !== Boolean(options.emptiesLast) ? -1 : 1;
    return x < y ? -1 : 1;
  };
  const holds = (row: FakeRow, { field, operator, value }: Condition): boolean => {
    const cell = row[field as "a"];
    if (operator === "ISEMPTY") return cell === "";
    if (operator === "ISNOTEMPTY") return cell !== "";
    if (operator === "=") return cell === value;
    if (cell === "") return false;
    if (operator === ">") return cell > value;
    if (operator === "<") return cell < value;
    if (operator === ">=") return cell >= value;
    if (operator === "<=") return cell <= value;
    throw new Error(`operator ${operator}`);
  };
  const read: ReadPage = async (ask) => {
    asked.push(ask);
    const { groups, order } = parseQuery(ask.query);
    const all = rows
      .filter((row) => groups.some((group) => group.every((clause) => clause.some((c) => holds(row, c)))))
      .sort((x, y) => {
        for (const { field, descending } of order) {
          const result = compare(x[field as "a"], y[field as "a"]);
          if (result) return descending ? -result : result;
        }
        return 0;
      });
    const slice = all.slice(ask.offset, ask.offset + ask.limit);
    const visible = slice.filter((row) => !row.hidden).map(({ sys_id, a, b }) => ({ sys_id, a, b }));
    return {
      rows: visible,
      total: ask.count ? all.length : null,
      date: new Date(0),
      bytes: 0,
      hasNext: options.noLink ? false : ask.offset + ask.limit < all.length,
    };
  };
  return { read, asked };
}

export async function readAll(
  read: ReadPage,
  options: Partial<KeysetRead> & { query?: string },
): Promise<{ rows: RawRow[]; facts: ListFacts; pages: Page<RawRow>[] }> {
  const { query = "", ...rest } = options;
  const steps = readByKeyset(read, { filter: parseQuery(query), pageSize: 3, max: Infinity, ...rest });
  const rows: RawRow[] = [];
  const pages: Page<RawRow>[] = [];
  for (;;) {
    const step = await steps.next();
    if (step.done) return { rows, facts: step.value, pages };
    pages.push(step.value);
    rows.push(...step.value.rows);
  }
}

export const row = (n: number, over: Partial<FakeRow> = {}): FakeRow => ({
  sys_id: n.toString(16).padStart(4, "0"),
  a: "",
  b: "",
  hidden: false,
  ...over,
});
