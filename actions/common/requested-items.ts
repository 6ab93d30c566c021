import { isServiceNowError, type ServiceNow } from "../../common";
import { readRequestVariables } from "../../common/apis/catalog/request-variables";
import { fieldsOr } from "./input";
import { rowsWithLabels } from "./with-labels";
import { equals } from "./query";
import { count } from "./text";
import { textOf } from "../../common/table/cells";

const FIELDS = [
  "sys_id",
  "number",
  "short_description",
  "cat_item",
  "request",
  "requested_for",
  "quantity",
  "state",
  "stage",
  "approval",
  "price",
  "opened_at",
  "due_date",
  "closed_at",
  "active",
];

/** The parts of a request, with the table that each is in. */
const PARTS = [
  ["sc_req_item", "requested item"],
  ["sc_task", "task"],
] as const;

/** What of a canceled request is open all the same, in words for the end of a summary; empty where nothing is. */
export async function openParts(client: ServiceNow, request: string): Promise<string> {
  try {
    const open: string[] = [];
    for (const [table, recordType] of PARTS) {
      const query = equals({ request, active: "true" });
      const { rows, total } = await client.table(table).page({ query, fields: ["sys_id"], limit: 100 });
      const number = total ?? rows.length;
      if (number > 0) open.push(count(number, recordType));
    }
    if (open.length === 0) return "";
    return `; still open of it: ${open.join(" and ")}, so the delivery may go on until Complete Task and Update Task end them`;
  } catch (error) {
    if (!isServiceNowError(error)) throw error;
    return "; whether its items and tasks are still open could not be read";
  }
}

/** Requested items that meet the conditions, in the order they were made, with their answers if asked for. */
export async function requestedItems(
  client: ServiceNow,
  conditions: Record<string, string | undefined>,
  max: number,
  withVariables: boolean,
  fields: unknown,
): Promise<{ items: Record<string, unknown>[]; more: boolean }> {
  const { rows, more } = await rowsWithLabels(client, "sc_req_item", fieldsOr(fields, FIELDS), conditions, {
    max,
    orderBy: ["number"],
  });
  if (!withVariables) return { items: rows, more };
  const items: Record<string, unknown>[] = [];
  for (const row of rows) items.push({ ...row, ...(await readRequestVariables(client, textOf(row.sys_id))) });
  return { items, more };
}
