import type { ServiceNow } from "../../common";
import { textOf } from "../../common/table/cells";

export interface CurrentUser {
  sysId: string;
  userName: string;
  name: string;
  /** Empty when the user has none of its own and follows the system's. */
  timeZone: string;
}

/**
 * The user behind the client's sign-in, read from its own record; null when that record is not readable.
 * Where an instance refuses the script in the query it drops the condition and answers with everybody, so a list of more than one is nobody.
 */
export async function currentUser(client: ServiceNow): Promise<CurrentUser | null> {
  const { rows } = await client.table("sys_user").page({
    query: "sys_id=javascript:gs.getUserID()",
    fields: ["sys_id", "user_name", "name", "time_zone"],
    limit: 2,
  });
  const [row] = rows as Record<string, unknown>[];
  if (rows.length !== 1 || !row) return null;
  const text = (key: string) => textOf(row[key]);
  return {
    sysId: text("sys_id"),
    userName: text("user_name"),
    name: text("name") || text("user_name"),
    timeZone: text("time_zone"),
  };
}
