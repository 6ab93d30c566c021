import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";
import { errors } from "../core/errors";
import { readJson } from "../http/body";
import type { ApiRequest } from "../http/types";
import { listRecords } from "../records/list";
import { isStored } from "../records/serialise";
import { insertRecord, updateRecord, type WriteOptions } from "../records/write";
import type { Row } from "../store/values";
import type { Session } from "../core/session";

/** Whether a text has the form of a sys_id. */
export function isSysId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

/** A JSON object, or an empty one for anything else. */
export function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** A JSON scalar as text; everything else is empty. */
export function asString(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "";
}

/**
 * The body as a JSON object.
 *
 * @throws ApiError 400 when it is no object
 */
export function bodyObject(request: ApiRequest): Record<string, unknown> {
  const value = readJson(request);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw errors.unreadableBody();
  return value as Record<string, unknown>;
}

/** A table that the instance always has. */
export function known(instance: Instance, name: string): Table {
  const table = instance.dictionary.get(name);
  if (!table) throw new Error(`The instance has no table ${name}.`);
  return table;
}

/** Inserts a record the way the instance's own code does: rules run, access is not asked. */
export function create(
  instance: Instance,
  session: Session,
  tableName: string,
  values: Row,
  options?: WriteOptions,
): Row {
  const input = { values: new Map(Object.entries(values)), journals: [], ignored: [] };
  return insertRecord(instance, session, known(instance, tableName), input, options);
}

/** Updates a record the way the instance's own code does. */
export function change(
  instance: Instance,
  session: Session,
  tableName: string,
  sysId: string,
  values: Row,
): Row {
  const input = { values: new Map(Object.entries(values)), journals: [], ignored: [] };
  return updateRecord(instance, session, known(instance, tableName), sysId, input);
}

/** Puts a condition in front of each `^NQ` group of a query, so that it holds for all of them. */
export function narrowed(condition: string, query: string): string {
  return query
    .split("^NQ")
    .map((group) => (group === "" ? condition : `${condition}^${group}`))
    .join("^NQ");
}

/** Whole rows that the user may read. */
export function find(
  instance: Instance,
  session: Session,
  table: Table,
  query: string,
  page: { limit?: number; offset?: number } = {},
): Row[] {
  return findCounted(instance, session, table, query, { ...page, count: false }).rows;
}

/** As `find`, with the number of all matching rows, which knows nothing of access. */
export function findCounted(
  instance: Instance,
  session: Session,
  table: Table,
  query: string,
  page: { limit?: number; offset?: number; count?: boolean } = {},
): { rows: Row[]; total: number } {
  const { rows, total } = listRecords(instance, session, table, {
    query,
    limit: page.limit ?? 10_000,
    offset: page.offset ?? 0,
    columns: [...table.columns.values()].filter(isStored).map((column) => column.element),
    count: page.count ?? true,
  });
  return { rows, total: total ?? 0 };
}

/** The record by id, if the user may read it. */
export function readableRow(
  instance: Instance,
  session: Session,
  table: Table,
  sysId: string,
): Row | undefined {
  const row = instance.store.byId(table, sysId);
  return row && instance.access.may(session.user, table, "read", sysId) ? row : undefined;
}

/** A text of a row; empty for nothing. */
export function text(row: Row | undefined, element: string): string {
  const stored = row?.[element];
  return stored === null || stored === undefined ? "" : String(stored);
}

/** `$1,100.00` */
export function dollars(amount: number): string {
  return amount.toLocaleString("en-US", { style: "currency", currency: "USD" });
}
