import { isServiceNowError, type ServiceNow } from "../../common";
import { cell, checkColumns, unknownColumns } from "../../common/change-feed";
import { LABEL_COLUMNS } from "../../apps/servicenow/record-label";
import { pageReader } from "./feed";
import type { Filter } from "./filter";
import { encodeWith } from "./query";
import type { Row } from "./payload";

/** Room for query and fields in an address of 8,192 bytes; the rest is host, path and other parameters. */
const ROOM = 7_400;

/** The ids in pieces that fit into a request: each `^NQ` group of the filter holds them again. */
function* pieces(ids: readonly string[], groups: readonly string[], fields: readonly string[]) {
  const bytes = (list: readonly string[]) =>
    encodeURIComponent(encodeWith(groups, [`sys_idIN${list.join(",")}`])).length;
  const room = ROOM - encodeURIComponent(fields.join(",")).length - bytes([]);
  const each = bytes(ids.slice(0, 2)) - bytes(ids.slice(0, 1)) || 1;
  // A filter that leaves no room for one id is refused by the client, with its length.
  const most = Math.max(1, Math.floor(room / each));
  for (let at = 0; at < ids.length; at += most) yield ids.slice(at, at + most);
}

/** A column that no record has any more has left the filter too: ServiceNow drops conditions on what it does not know. */
function checkFilter(table: string, { columns }: Filter, rows: readonly Row[]): void {
  const plain = columns.filter((name) => !name.includes("."));
  const gone = plain.filter((name) => rows.length > 0 && rows.every((row) => !(name in row)));
  if (gone.length > 0) throw unknownColumns(table, gone);
}

/** The records of those ids that meet the filter and can be read, by sys_id. Without `fields` with all columns. */
export async function readByIds(
  client: ServiceNow,
  table: string,
  ids: readonly string[],
  filter: Filter,
  how: { fields?: readonly string[] | undefined; displayValue: "false" | "all"; referenceLinks?: boolean },
): Promise<Map<string, Row>> {
  const { fields, ...options } = how;
  const asked = fields && [...new Set([...fields, ...filter.columns])];
  const found = new Map<string, Row>();
  let matching = 0;
  for (const piece of pieces(ids, filter.groups, asked ?? [])) {
    const { rows, total } = await client.table(table).page({
      ...options,
      query: encodeWith(filter.groups, [`sys_idIN${piece.join(",")}`], ["ORDERBYsys_id"]),
      ...(asked ? { fields: asked } : {}),
      limit: piece.length,
    });
    for (const row of rows as unknown as Row[]) found.set(cell(row, "sys_id"), row);
    matching += total ?? 0;
  }
  // All of them hidden: unless others can be read, the account has lost its right to the table, and nothing is passed over.
  if (found.size === 0 && matching > 0)
    await checkColumns({ table, column: "sys_id", read: pageReader(client, table) });
  checkFilter(table, filter, [...found.values()]);
  return found;
}

/** The records of those ids that meet the filter and can be read, by sys_id, with stored and display values. */
export function recordsByIds(
  client: ServiceNow,
  table: string,
  ids: readonly string[],
  filter: Filter,
  fields: readonly string[] | undefined,
): Promise<Map<string, Row>> {
  const unique = [...new Set(ids)].filter(Boolean);
  return readByIds(client, table, unique, filter, {
    fields: fields && [...new Set(["sys_id", ...fields, ...LABEL_COLUMNS])],
    displayValue: "all",
    referenceLinks: true,
  });
}

/**
 * The table and all tables that extend it. Only the table itself, with `complete` false, where the account may not read the list of
 * tables.
 */
export async function withSubclasses(
  client: ServiceNow,
  table: string,
): Promise<{ tables: string[]; complete: boolean }> {
  const found = new Set([table]);
  let level = [table];
  try {
    const [own] = (
      await client.table("sys_db_object").page({ query: `name=${table}`, fields: ["name"], limit: 1 })
    ).rows;
    if (!own) return { tables: [table], complete: false };
    while (level.length > 0) {
      const next: string[] = [];
      for (let at = 0; at < level.length; at += 100) {
        const { rows } = await client.table("sys_db_object").list({
          query: `super_class.nameIN${level.slice(at, at + 100).join(",")}`,
          fields: ["name"],
        });
        for (const { name } of rows) if (name && !found.has(name)) next.push(name);
      }
      for (const name of next) found.add(name);
      level = next;
    }
    return { tables: [...found], complete: true };
  } catch (error) {
    if (isServiceNowError(error) && error.status === 403) return { tables: [table], complete: false };
    throw error;
  }
}

/** Whether the account may read rows of the table. "empty": there are none at all, so nobody can say. */
export async function canRead(
  client: ServiceNow,
  table: string,
  query: string,
): Promise<"yes" | "no" | "empty"> {
  try {
    const { rows, total } = await client.table(table).page({ query, fields: ["sys_id"], limit: 20 });
    if (rows.length > 0) return "yes";
    return total === 0 ? "empty" : "no";
  } catch (error) {
    if (isServiceNowError(error) && (error.status === 403 || error.kind === "invalid-table")) return "no";
    throw error;
  }
}
