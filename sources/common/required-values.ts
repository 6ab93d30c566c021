import { formatQuery, isServiceNowError, type Condition, type ServiceNow } from "../../common";
import { choicesOf, hierarchy } from "../../common/schema";
import { choicesInWords } from "../../apps/servicenow/choice-words";
import { wrongInput } from "../../apps/servicenow/input";
import type { RequiredValues } from "./filter";
import { isSysId } from "../../common/sys-id";

/**
 * Refuses picked records, choices and tables that are not there, since nothing would ever be found. What the account may not look up passes.
 */
export async function checkRequiredValues(
  client: ServiceNow,
  table: string,
  required: readonly RequiredValues[],
): Promise<void> {
  for (const { label, values, of } of required)
    for (const value of values) {
      if ("records" in of) await checkRecord(client, label, value, of);
      else if ("choices" in of) await checkChoice(client, label, value, table, of.choices);
      else await checkTable(client, label, value, of.tables);
    }
}

/** Whether records meet the condition, hidden ones too; true where nobody can say. */
async function exists(client: ServiceNow, table: string, condition: Condition): Promise<boolean> {
  try {
    const query = formatQuery({ groups: [[[condition]]], order: [] });
    const { total } = await client.table(table).page({ query, fields: ["sys_id"], limit: 1 });
    return total !== 0;
  } catch (error) {
    if (isServiceNowError(error) && (error.status === 403 || error.kind === "invalid-table")) return true;
    throw error;
  }
}

async function checkRecord(
  client: ServiceNow,
  label: string,
  value: string,
  { records, name }: { records: string; name: string },
): Promise<void> {
  const field = isSysId(value) ? "sys_id" : name;
  const stored = isSysId(value) ? value.toLowerCase() : value;
  if (await exists(client, records, { field, operator: "=", value: stored })) return;
  throw wrongInput(
    `${label}: there is no record of ${records} whose ${field} is "${value}". Give a sys_id, or the exact ${name}.`,
  );
}

async function checkChoice(
  client: ServiceNow,
  label: string,
  value: string,
  table: string,
  column: string,
): Promise<void> {
  // Subclasses and scripts have numbers of their own.
  if (/^-?\d+$/.test(value)) return;
  const { choices, source } = await choicesOf(client, table, column);
  const isThere = choices.some((one) => one.value.toLowerCase() === value.toLowerCase());
  if (source !== "dictionary" || isThere) return;
  // Values that no list has, as imports leave them.
  if (await exists(client, table, { field: column, operator: "=", value })) return;
  throw wrongInput(
    `${label}: no choice of ${column} is stored as "${value}". There are, with the stored value in brackets: ${choicesInWords(choices)}.`,
  );
}

async function checkTable(client: ServiceNow, label: string, table: string, root?: string): Promise<void> {
  const { tables, known } = await hierarchy(client, table);
  if (root && known && !tables.includes(root))
    throw wrongInput(`${label}: the table ${table} does not extend ${root}. Choose one that does.`);
}
