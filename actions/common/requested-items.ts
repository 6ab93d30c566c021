import type { ServiceNow } from "../../common";
import { readRequestVariables } from "../../common/apis/request-variables";
import { fieldsOr } from "./input";
import { labelledRows } from "./labelled";

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

/** Requested items that meet the conditions, in the order they were made, with their answers if asked for. */
export async function requestedItems(
  client: ServiceNow,
  conditions: Record<string, string | undefined>,
  max: number,
  withVariables: boolean,
  fields: unknown,
): Promise<{ items: Record<string, unknown>[]; more: boolean }> {
  const { rows, more } = await labelledRows(client, "sc_req_item", fieldsOr(fields, FIELDS), conditions, {
    max,
    orderBy: ["number"],
  });
  if (!withVariables) return { items: rows, more };
  const items: Record<string, unknown>[] = [];
  for (const row of rows)
    items.push({ ...row, ...(await readRequestVariables(client, String(row.sys_id ?? ""))) });
  return { items, more };
}
