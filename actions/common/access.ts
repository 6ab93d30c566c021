import { isServiceNowError, type ServiceNow } from "../../common";
import { checkQuery } from "./columns";

export interface Access {
  table: string;
  readable: boolean;
  /** Rows that the instance says match, hidden ones included; null where it does not say. */
  matching: number | null;
  /** True when rows match and none of the first page may be seen. */
  hidden: boolean;
  /** Columns of a row as the account gets it. */
  columns: string[];
  explanation: string;
}

/** What the account sees of a table, in facts and in a sentence. */
export async function checkAccess(
  client: ServiceNow,
  table: string,
  query: string | undefined,
): Promise<Access> {
  const none = { table, matching: null, hidden: false, columns: [] };
  try {
    await checkQuery(client, table, query);
    const page = await client.table(table).page({ query: query ?? "", limit: 20 });
    const [row] = page.rows;
    const matching = page.total;
    const hidden = !row && (matching ?? 0) > 0;
    const seen = row
      ? `${matching ?? page.rows.length} rows match, and a row shows ${Object.keys(row).length} columns`
      : hidden
        ? `${matching} rows match and none of the first ones may be seen: row access rules hide them`
        : "no row matches";
    return {
      table,
      readable: true,
      matching,
      hidden,
      columns: Object.keys(row ?? {}).sort(),
      explanation: `Table ${table} may be read: ${seen}`,
    };
  } catch (error) {
    if (!isServiceNowError(error) || ![400, 403].includes(error.status ?? 0)) throw error;
    return { ...none, readable: false, explanation: `Table ${table} may not be read: ${error.message}` };
  }
}
