import { isServiceNowError, type ServiceNow } from "../../common";
import { cell } from "../../common/feed";
import { LABEL_COLUMNS } from "../../apps/servicenow/record-label";
import type { Filter } from "./filter";
import { encodeWith } from "./query";
import type { Row } from "./payload";

/** The records of those ids that meet the filter and can be read, by sys_id, with stored and display values. At most 50 ids. */
export async function recordsByIds(
  client: ServiceNow,
  table: string,
  ids: readonly string[],
  filter: Filter,
  fields: readonly string[] | undefined,
): Promise<Map<string, Row>> {
  const unique = [...new Set(ids)].filter(Boolean);
  if (unique.length === 0) return new Map();
  const { rows } = await client.table(table).page({
    query: encodeWith(filter.groups, [`sys_idIN${unique.join(",")}`], ["ORDERBYsys_id"]),
    ...(fields ? { fields: [...new Set(["sys_id", ...fields, ...LABEL_COLUMNS])] } : {}),
    limit: unique.length,
    displayValue: "all",
    referenceLinks: true,
  });
  return new Map((rows as unknown as Row[]).map((row) => [cell(row, "sys_id"), row]));
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
