import { matching, type ServiceNow } from "../../common";
import { isServiceNowError } from "../../common/errors";
import { textOf } from "../../common/table/cells";
import type { Warnings } from "./report";
import { count } from "./text";
import { isStored } from "./write-result";

type Values = Record<string, unknown>;

const NAMED = 5;

/**
 * What became of rows otherwise than they were sent: rows that did not arrive, values that the staging table did not take as given (it cuts what is
 * too long), and transforms that have failed by now. Usually nothing, and nothing where the account may not read the staging table.
 *
 * @param rows those that were sent, in their order
 */
export async function importWarnings(
  client: ServiceNow,
  table: string,
  importSetId: string,
  rows: readonly Values[],
): Promise<Warnings> {
  const staged = await stagedRows(client, table, importSetId, rows);
  if (!staged) return [];
  const missing = rows.length - staged.length;
  return [
    ...(missing > 0 ? [`${count(missing, "row")} of ${rows.length} did not arrive in ${table}.`] : []),
    ...(missing === 0 ? changedValues(staged, rows) : []),
    ...failedTransforms(staged),
  ];
}

async function stagedRows(
  client: ServiceNow,
  table: string,
  importSetId: string,
  rows: readonly Values[],
): Promise<Record<string, string>[] | undefined> {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  try {
    const { rows: staged, hidden } = await client.table(table).list({
      query: matching({ sys_import_set: importSetId }),
      fields: [...columns, "sys_import_row", "sys_import_state", "sys_import_state_comment"],
      max: Math.max(1, rows.length),
    });
    if (hidden) return undefined;
    const read = staged as Record<string, string>[];
    return read.sort((one, other) => Number(one.sys_import_row) - Number(other.sys_import_row));
  } catch (error) {
    // The rows are imported; an account that may only write them is none to warn.
    if (isServiceNowError(error)) return undefined;
    throw error;
  }
}

function changedValues(staged: readonly Record<string, string>[], rows: readonly Values[]): string[] {
  const changed = rows.flatMap((row, at) =>
    Object.entries(row)
      .filter(([column, given]) => {
        const stored = staged[at]?.[column];
        return stored !== undefined && !isStored(column, textOf(given), stored);
      })
      .map(([column]) => `${column} of row ${at + 1}`),
  );
  if (changed.length === 0) return [];
  const more = changed.length > NAMED ? ` and ${changed.length - NAMED} more` : "";
  return [
    `The staging table did not store these values as given, probably since they are too long: ${changed.slice(0, NAMED).join(", ")}${more}.`,
  ];
}

function failedTransforms(staged: readonly Record<string, string>[]): string[] {
  const failed = staged.filter(({ sys_import_state: state }) => state === "error");
  if (failed.length === 0) return [];
  const words = [...new Set(failed.map((row) => row.sys_import_state_comment).filter(Boolean))].slice(0, 3);
  return [
    `The transform failed for ${count(failed.length, "row")}${words.length > 0 ? `: ${words.join("; ")}` : ""}.`,
  ];
}
