import type { ServiceNow } from "../client";
import type { CallOptions } from "../http/requester";
import { ServiceNowError, usageError } from "../errors";
import { common } from "../http/api-call";
import { isSysId } from "../sys-id";
import { readAlone } from "../table/pages-together";
import { namedRecords } from "./named-records";

const CANDIDATES = 5;

/**
 * The one record that a text means: its sys_id, or what stands in one of the columns, tried one after the other; of namesakes the only active one.
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
  const read = readAlone(client, common(options));
  for (const column of isSysId(wanted) ? ["sys_id"] : columns) {
    const lookup = { table, columns: [column], fields: [...fields, ...columns, "sys_id"] };
    const { meant, rows, total } = await namedRecords(read, lookup, wanted, CANDIDATES);
    if (meant) return meant;
    if (rows.length === 0) continue;
    const names = rows.map((one) => {
      const shown = columns.map((name) => one[name]).filter(Boolean);
      return `${shown.join(", ")} (${one.sys_id})`;
    });
    throw new ServiceNowError({
      kind: "several-matches",
      what: `${total ?? rows.length} ${recordType}s have the ${column.replaceAll("_", " ")} "${wanted}": ${names.join("; ")}`,
      remedy: `Give the sys_id of the ${recordType} that is meant`,
    });
  }
  throw new ServiceNowError({
    kind: "no-match",
    what: `There is no ${recordType} with the ${columns.map((name) => name.replaceAll("_", " ")).join(" or ")} "${wanted}"`,
    reason: "There is none, or the account may not read it",
    remedy: `Check the spelling, or give the ${recordType}'s sys_id`,
  });
}
