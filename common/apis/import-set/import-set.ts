import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import { ServiceNowError, usageError } from "../../errors";
import { tableName } from "../../http/url";
import type { Reference } from "../../table/types";
import { sysIdOf } from "../../table/values";
import { common, path, send } from "../../http/api-call";
import { textOf } from "../../table/cells";

/** What a transform map made of a row. */
export interface TransformResult {
  /** What became of the target record. */
  status: "inserted" | "updated" | "ignored" | "skipped" | "error" | (string & {});
  /** Name of the map that ran. */
  transformMap: string;
  /** Target table and record. */
  table: string;
  /** sys_id of the target record; empty when there is none. */
  sys_id: string;
  /** The target table's display column: `number`. */
  displayName: string;
  /** The record's value in it: `INC0010023`. */
  displayValue: string;
  /** The instance's words for an error, otherwise empty. */
  message: string;
}

/** What became of one row. */
export interface ImportResult {
  /** `ISET0010001` */
  importSet: string;
  /** The table the row lies in. */
  stagingTable: string;
  /** One for each transform map that ran. Empty when none is there: then the row only lies in the staging table. */
  results: TransformResult[];
}

/** What a failed transform means. */
export interface ImportOptions extends CallOptions {
  /** What to do when a transform fails, which ServiceNow reports inside an answer that looks like success. @default throw */
  onError?: "throw" | "return";
}

/**
 * Puts one row into a staging table and waits for its transform maps.
 *
 * @throws ServiceNowError `partial-failure` with the transform's own message when one failed
 * @see https://www.servicenow.com/docs/csh?topicname=c_ImportSetAPI.html
 */
export async function importRow(
  client: ServiceNow,
  staging: string,
  values: Record<string, string | number | boolean | null>,
  options: ImportOptions = {},
): Promise<ImportResult> {
  const table = tableName(staging);
  const answer = await send<RawImport>(client, {
    ...common(options),
    method: "POST",
    path: path("/api/now/import", table),
    body: texts(values),
    operation: `import a row into ${table}`,
  });
  return judged(toResult(answer.data, table), options);
}

/** What became of a row that was imported before. @param row sys_id in the staging table */
export async function importResult(
  client: ServiceNow,
  staging: string,
  row: Reference,
  options: ImportOptions = {},
): Promise<ImportResult> {
  const table = tableName(staging);
  const answer = await send<RawImport>(client, {
    ...common(options),
    path: path("/api/now/import", table, sysIdOf(row)),
    operation: `read an import of ${table}`,
  });
  return judged(toResult(answer.data, table), options);
}

/**
 * Puts many rows into a staging table in one request. The transforms run later unless the instance is set otherwise, so only the import set is
 * known here.
 */
export async function importRows(
  client: ServiceNow,
  staging: string,
  rows: readonly Record<string, string | number | boolean | null>[],
  options: CallOptions = {},
): Promise<{ importSetId: string; multiImportSetId: string }> {
  if (rows.length === 0) throw usageError("There are no rows to import");
  const table = tableName(staging);
  const answer = await send<Record<string, unknown>>(client, {
    ...common(options),
    method: "POST",
    path: path("/api/now/import", table, "insertMultiple"),
    body: { records: rows.map(texts) },
    operation: `import ${rows.length} rows into ${table}`,
  });
  const inner: unknown = answer.data?.["result"] ?? answer.data;
  return {
    importSetId: textOf(Reflect.get(Object(inner), "import_set_id")),
    multiImportSetId: textOf(Reflect.get(Object(inner), "multi_import_set_id")),
  };
}

interface RawImport {
  import_set?: unknown;
  staging_table?: unknown;
  result?: Record<string, unknown>[];
}

/** The envelope stands beside `result`, not inside of it. */
function toResult(raw: RawImport | null, table: string): ImportResult {
  return {
    importSet: textOf(raw?.import_set),
    stagingTable: textOf(raw?.staging_table) || table,
    results: (Array.isArray(raw?.result) ? raw.result : []).map((entry) => ({
      status: textOf(entry["status"]),
      transformMap: textOf(entry["transform_map"]),
      table: textOf(entry["table"]),
      sys_id: textOf(entry["sys_id"]),
      displayName: textOf(entry["display_name"]),
      displayValue: textOf(entry["display_value"]),
      message: textOf(entry["error_message"]) || textOf(entry["status_message"]),
    })),
  };
}

function judged(result: ImportResult, options: ImportOptions): ImportResult {
  const failed = result.results.filter(({ status }) => status === "error");
  if (failed.length === 0 || options.onError === "return") return result;
  const words = failed.map(
    ({ transformMap, message }) => `${transformMap || "a transform map"}: ${message || "no reason given"}`,
  );
  throw new ServiceNowError({
    kind: "partial-failure",
    what: `The row was put into ${result.stagingTable} (${result.importSet}) and not transformed: ${words.join("; ")}`,
    reason: "The transform map or a rule of the target table refused the values",
    remedy: "Correct the values, or look at the import set in ServiceNow",
    detail: words.join("; "),
  });
}

function texts(values: Record<string, string | number | boolean | null>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value === null ? "" : String(value)]),
  );
}
