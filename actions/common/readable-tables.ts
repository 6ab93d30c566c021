import { isServiceNowError, type ServiceNow } from "../../common";

export interface TableFacts {
  sys_id: string;
  name: string;
  label: string;
}

/** Tables asked about at a time; the client adds its own limit on parallel calls. */
const AT_A_TIME = 8;

/** True when the account may read the table. Only a refusal means no; a busy instance is an error and no answer. */
async function isReadable(client: ServiceNow, table: string): Promise<boolean> {
  try {
    await client.table(table).page({ limit: 1, fields: ["sys_id"], noCount: true });
    return true;
  } catch (error) {
    if (isServiceNowError(error) && [400, 403, 404].includes(error.status ?? 0)) return false;
    throw error;
  }
}

/** The first tables of a query that the account can read, by name, and whether there are more to look at. */
export async function readableTables(
  client: ServiceNow,
  query: string,
  limit: number,
): Promise<{ tables: TableFacts[]; more: boolean }> {
  const tables: TableFacts[] = [];
  const rows = client.table("sys_db_object").rows({
    query,
    fields: ["sys_id", "name", "label"],
    orderBy: query.includes("ORDERBY") ? [] : ["name"],
    pageSize: 200,
  });
  let waiting: TableFacts[] = [];
  const ask = async () => {
    const readable = await Promise.all(waiting.map(({ name }) => isReadable(client, name)));
    tables.push(...waiting.filter((_, index) => readable[index]));
    waiting = [];
  };
  for await (const row of rows) {
    if (!row.name) continue;
    waiting.push(row);
    if (waiting.length === AT_A_TIME) await ask();
    if (tables.length > limit) break;
  }
  await ask();
  return { tables: tables.slice(0, limit), more: tables.length > limit };
}
