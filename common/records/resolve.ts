import type { ServiceNow } from "../client";
import type { CallOptions } from "../http/requester";
import { ServiceNowError, usageError } from "../errors";
import { common } from "../http/api-call";
import { where } from "../query/terms";
import { isSysId } from "../sys-id";

/**
 * The one record that a text means: its sys_id, or what stands in one of the columns, tried one after the other.
 *
 * @throws ServiceNowError `no-match`, or `several-matches` with the candidates in its words
 */
export async function resolve<F extends string>(
  client: ServiceNow,
  table: string,
  text: string,
  columns: readonly string[],
  fields: readonly F[],
  options: CallOptions & { recordType: string },
): Promise<Record<F, string>> {
  const wanted = text.trim();
  const { recordType } = options;
  if (!wanted) throw usageError(`The ${recordType} is empty`);
  for (const column of isSysId(wanted) ? ["sys_id"] : columns) {
    const page = await client.table(table).page({
      ...common(options),
      query: where([[column, "=", wanted]], columns.slice(0, 1)),
      fields: [...new Set([...fields, ...columns, "sys_id"])] as F[],
      limit: 5,
    });
    if (page.rows.length > 1) {
      const names = page.rows.map((row) => {
        const cells = row as Record<string, string>;
        return `${columns
          .map((name) => cells[name])
          .filter(Boolean)
          .join(", ")} (${cells["sys_id"]})`;
      });
      const more = page.total === null ? page.rows.length : page.total;
      throw new ServiceNowError({
        kind: "several-matches",
        what: `${more} ${recordType}s have the ${column.replaceAll("_", " ")} "${wanted}": ${names.join("; ")}`,
        remedy: `Give the sys_id of the ${recordType} that is meant`,
      });
    }
    if (page.rows[0]) return page.rows[0];
  }
  throw new ServiceNowError({
    kind: "no-match",
    what: `There is no ${recordType} with the ${columns.map((name) => name.replaceAll("_", " ")).join(" or ")} "${wanted}"`,
    reason: "There is none, or the account may not read it",
    remedy: `Check the spelling, or give the ${recordType}'s sys_id`,
  });
}
