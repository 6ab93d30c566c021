import { currentUser } from "../../apps/servicenow/current-user";
import { formatQuery, type ServiceNow } from "../../common";
import { parseStamp } from "../../common/change-feed";
import { literalsFor, measureDateLiteralMode } from "../../common/time/date-literals";
import { wrongInput } from "./input";

/** Records to measure with: one that changes meanwhile proves nothing. */
const PROBES = 3;

/**
 * The literal that means a moment in a query of this account: most instances read dates in queries as UTC, some in the zone of the user, and
 * ServiceNow documents neither. Measured with the newest records of the table, as event sources do.
 * @param stamp the moment in UTC, `2026-07-30 14:05:00`
 * @returns in the hour that a zone's clock shows twice, the one before it
 * @throws ConfigurationError where the account's zone decides and cannot be found out
 */
export async function dateBound(
  client: ServiceNow,
  table: string,
  column: string,
  stamp: string,
): Promise<string> {
  const fields = ["sys_id", column];
  const newest = await client.table(table).page({
    query: formatQuery({ groups: [], order: [{ field: column, descending: true }] }),
    fields,
    limit: PROBES,
    noCount: true,
  });
  const probes = newest.rows as Record<string, string>[];
  if (probes.length === 0) return stamp;
  for (const { sys_id: id = "", [column]: time = "" } of probes) {
    const isBetween = async (from: string, to: string): Promise<boolean> => {
      const { rows } = await client.table(table).page({
        query: `sys_id=${id}^${column}>=${from}^${column}<=${to}`,
        fields,
        limit: 1,
        noCount: true,
      });
      return (rows as Record<string, string>[])[0]?.sys_id === id;
    };
    const zone = async () => (await currentUser(client))?.timeZone;
    const mode = await measureDateLiteralMode({ isBetween, time: parseStamp(time), zone });
    if (!mode) continue;
    const literals = literalsFor(mode);
    return literals.exact(parseStamp(stamp)) ?? literals.before(parseStamp(stamp)).literal;
  }
  throw wrongInput(
    "This instance reads dates in a query in the account's own time zone, and that zone cannot be found out. Set the time zone of the account ServiceNow is connected with (its sys_user record), and try again.",
  );
}
