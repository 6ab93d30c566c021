import { dropOldest } from "../store/drop-oldest";
import type { RowAccess } from "../access/access";
import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";
import { errors } from "../core/errors";
import { compileQuery, type CompiledQuery } from "../query/compile";
import { classCondition } from "../query/fields";
import { parseQuery } from "../query/parse";
import { countingIndex } from "../store/schema";
import type { Row } from "../store/values";
import { forgetDeletes } from "./audit";
import { settleBreaches } from "./sla";
import type { Session } from "../core/session";
import { and, type Fragment, never, or } from "../store/sql";

export interface ListRequest {
  query: string;
  limit: number;
  offset: number;
  /** Stored columns to read. */
  columns: string[];
  /** An SQL expression over a record (alias `r`); given, rows hold its value as `record` instead of the columns. */
  record?: string;
  count: boolean;
}

export interface Listing {
  /** Rows of the page that the user may read. */
  rows: Row[];
  /** Matching rows, readable or not; undefined when not asked for. */
  total: number | undefined;
}

/**
 * Finds records as the Table API does: the limit comes first and row access second, so that a page may be short, and the total
 * knows nothing of access.
 *
 * @throws ApiError 403 when the query needs a column that the user may not read
 */
export function listRecords(
  instance: Instance,
  session: Session,
  table: Table,
  request: ListRequest,
): Listing {
  if (table.storage === "task_sla") settleBreaches(instance);
  if (table.storage === "sys_audit_delete") forgetDeletes(instance);
  const compiled = compileFor(instance, session, table, request.query);
  const { groups } = compiled;
  const order = instance.config.unstableTies
    ? [...compiled.order, shiftingOrder(request.offset)]
    : compiled.order;
  const access = instance.access.rows(session.user, table);
  if (access.rows === "none" && access.forbidden) throw errors.queryRefused(null);
  const total = request.count ? countRows(instance, table, groups) : undefined;
  const rows = readPage(instance, table, groups, order, request, access);
  return { rows: hide(instance, session, rows), total };
}

/** Reads a query for a user; refused columns are an error or vanish, unknown ones vanish or find nothing. */
export function compileFor(
  instance: Instance,
  session: Session,
  table: Table,
  query: string,
): { groups: Fragment[]; order: CompiledQuery["order"] } {
  const { config } = instance;
  const compiled = compileQuery(
    parseQuery(query, config.escapedCarets),
    table,
    instance.access.queryContext(session.user),
  );
  if (compiled.denied.length > 0 && config.queryAcl === "error") throw errors.queryRefused();
  const groups = config.invalidQueryReturnsNoRows && compiled.dropped.length > 0 ? [never] : compiled.groups;
  return { groups, order: compiled.order };
}

/** An order of equal rows that is another one on each page, and the same whenever the page is asked for again. */
function shiftingOrder(offset: number): CompiledQuery["order"][number] {
  return { sql: `substr(r.sys_id, ${1 + ((offset * 7) % 29)}, 3)`, descending: false, element: "" };
}

const counts = new WeakMap<Instance, Map<string, { version: number; total: number }>>();

function countRows(instance: Instance, table: Table, groups: Fragment[]): number {
  const cache = counts.get(instance) ?? new Map<string, { version: number; total: number }>();
  counts.set(instance, cache);
  const key = `${table.name} ${JSON.stringify(groups)}`;
  // Terms may look into other tables, so only plain queries are remembered.
  const version = instance.store.version(table.storage);
  const known = cache.get(key);
  if (known && known.version === version && !key.includes("SELECT")) return known.total;
  const [one, other, ...more] = groups;
  const total =
    one && other && more.length === 0
      ? countWhere(instance, table, one) +
        countWhere(instance, table, other) -
        countWhere(instance, table, and([one, other]))
      : countWhere(instance, table, or(groups));
  if (cache.size > 300) dropOldest(cache);
  cache.set(key, { version, total });
  return total;
}

function countWhere(instance: Instance, table: Table, condition: Fragment): number {
  const ofClass = classCondition(table);
  const where = and(ofClass ? [ofClass, condition] : [condition]);
  const index = countingIndex(table.storage, where.sql);
  const row = instance.store.get(
    `SELECT COUNT(*) AS total FROM "${table.storage}" r ${index ? `INDEXED BY ${index} ` : ""}WHERE ${where.sql}`,
    where.parameters,
  );
  return Number(row?.total ?? 0);
}

function readPage(
  instance: Instance,
  table: Table,
  groups: Fragment[],
  order: CompiledQuery["order"],
  request: ListRequest,
  access: RowAccess,
): Row[] {
  const ofClass = classCondition(table);
  const columns = request.record
    ? `${request.record} AS record`
    : request.columns.map((name) => `r."${name}"`).join(", ");
  const acl: Fragment =
    access.rows === "all" ? { sql: "1", parameters: [] } : access.rows === "none" ? never : access.rows;
  const select = access.rows === "all" ? columns : `${columns}, (${acl.sql}) AS acl_allows`;
  const aclParameters = access.rows === "all" ? [] : acl.parameters;
  const sorting = order.map(({ sql, descending }) => `${sql}${descending ? " DESC" : ""}`);
  const orderBy = sorting.length > 0 ? ` ORDER BY ${sorting.join(", ")}` : "";
  let sql: string;
  let parameters: Fragment["parameters"];
  if (groups.length === 1 || groups.length > 100) {
    const where = and([...(ofClass ? [ofClass] : []), or(groups)]);
    sql = `SELECT ${select} FROM "${table.storage}" r WHERE ${where.sql}${orderBy} LIMIT ? OFFSET ?`;
    parameters = [...aclParameters, ...where.parameters, request.limit, request.offset];
  } else {
    // Each group by itself can follow an index and stop at the limit; an OR of groups could do neither.
    const keys = order.map((part, at) => `${part.sql} AS k${at}`);
    const keyOrder = order.map((part, at) => `k${at}${part.descending ? " DESC" : ""}`);
    const branches = groups.map((group) => {
      const where = and([...(ofClass ? [ofClass] : []), group]);
      return {
        sql: `SELECT * FROM (SELECT r.row_number AS n${keys.map((part) => `, ${part}`).join("")} FROM "${table.storage}" r WHERE ${where.sql}${orderBy} LIMIT ?)`,
        parameters: [...where.parameters, request.limit + request.offset],
      };
    });
    const union = `SELECT n FROM (${branches.map((branch) => branch.sql).join(" UNION ")})${keyOrder.length > 0 ? ` ORDER BY ${keyOrder.join(", ")}` : ""} LIMIT ? OFFSET ?`;
    sql = `SELECT ${select} FROM "${table.storage}" r WHERE r.row_number IN (${union})${orderBy}`;
    parameters = [
      ...aclParameters,
      ...branches.flatMap((branch) => branch.parameters),
      request.limit,
      request.offset,
    ];
  }
  const rows = instance.store.all(sql, parameters);
  return access.rows === "all" ? rows : rows.filter((row) => row.acl_allows === 1);
}

/** Rows that a fault takes out of the page, as row access would. */
function hide(instance: Instance, session: Session, rows: Row[]): Row[] {
  const share = session.hideRows;
  if (share === undefined) return rows;
  return rows.filter(() => !instance.faults.hides(share));
}
