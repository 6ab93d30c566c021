import { isServiceNowError, type ServiceNow } from "../../common";
import { checkQuery } from "./columns";

export interface Access {
  table: string;
  readable: boolean;
  /** Rows that the instance says match, hidden ones included; null where it does not say. */
  matching: number | null;
  /** How many of the matching rows (of the first 1,000, where there are more) the account does not see; null where the instance does not say. */
  hiddenRows: number | null;
  /** True when rows match and none of those may be seen. */
  hidden: boolean;
  /** Columns of a row as the account gets it. */
  columns: string[];
  explanation: string;
}

const LOOKED_AT = 1000;

function inWords(seen: number, matching: number | null, hiddenRows: number | null, columns: number): string {
  if (seen === 0 && !hiddenRows) return "no row matches";
  const among = (matching ?? 0) > LOOKED_AT ? `the first ${LOOKED_AT}` : "them";
  const hiding = hiddenRows ? `, ${hiddenRows} of ${among} are hidden by row access rules` : "";
  const shown = columns > 0 ? `, and a row shows ${columns} columns` : "";
  return `${matching ?? seen} rows match${hiding}${shown}`;
}

/** What the account sees of a table, in facts and in a sentence. */
export async function checkAccess(
  client: ServiceNow,
  table: string,
  query: string | undefined,
): Promise<Access> {
  const none = { table, matching: null, hiddenRows: null, hidden: false, columns: [] };
  try {
    await checkQuery(client, table, query);
    const records = client.table(table);
    const page = await records.page({ query: query ?? "", fields: ["sys_id"], limit: LOOKED_AT });
    const [first] = page.rows;
    const columns = first ? Object.keys(await records.get(first.sys_id)).sort() : [];
    const matching = page.total;
    const hiddenRows = matching === null ? null : Math.min(matching, LOOKED_AT) - page.rows.length;
    const hidden = !first && (hiddenRows ?? 0) > 0;
    return {
      table,
      readable: true,
      matching,
      hiddenRows,
      hidden,
      columns,
      explanation: `Table ${table} may be read: ${inWords(page.rows.length, matching, hiddenRows, columns.length)}`,
    };
  } catch (error) {
    if (!isServiceNowError(error) || ![400, 403].includes(error.status ?? 0)) throw error;
    return { ...none, readable: false, explanation: `Table ${table} may not be read: ${error.message}` };
  }
}
