import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";
import { readRecord } from "../http/body";
import { errors } from "../core/errors";
import { pageLinks } from "../http/page-links";
import { displayValue, fieldList, flag, limit, offset, param } from "../http/params";
import type { Router } from "../http/router";
import { empty, json, type ApiRequest, type ApiResponse } from "../http/types";
import { readInput } from "../records/input";
import { recordInSql } from "../records/json-in-sql";
import { listRecords } from "../records/list";
import { settleBreaches } from "../records/sla";
import { Serialiser, type Shape } from "../records/serialise";
import { deleteRecord, insertRecord, updateRecord } from "../records/write";
import type { Row } from "../store/values";
import { nameValueQuery } from "./name-value";
import { viewFields } from "./views";

/** The Table API. */
export function tableApi(instance: Instance, router: Router): void {
  router.on("GET", "now/table/:table", (request, { table }) =>
    list(instance, request, tableOf(instance, table)),
  );
  router.on("POST", "now/table/:table", (request, { table }) =>
    create(instance, request, tableOf(instance, table)),
  );
  router.on("GET", "now/table/:table/:id", (request, { table, id }) => {
    const target = tableOf(instance, table);
    return one(instance, request, target, readable(instance, request, target, id), 200);
  });
  for (const method of ["PUT", "PATCH"])
    router.on(method, "now/table/:table/:id", (request, { table, id }) =>
      update(instance, request, tableOf(instance, table), id),
    );
  router.on("DELETE", "now/table/:table/:id", (request, { table, id }) => {
    const target = tableOf(instance, table);
    readable(instance, request, target, id);
    if (!instance.access.may(request.session.user, target, "delete", id)) throw errors.aclRefused("Delete");
    deleteRecord(instance, request.session, target, id);
    return empty(204);
  });
}

/** @throws ApiError 400 when there is no such table */
export function tableOf(instance: Instance, name: string): Table {
  const table = instance.dictionary.get(name);
  if (!table) throw errors.invalidTable(name);
  return table;
}

/**
 * The record, if it exists and the user may read it.
 *
 * @throws ApiError 404 in both other cases, so that they cannot be told apart
 */
export function readable(instance: Instance, { session }: ApiRequest, table: Table, id: string): Row {
  if (table.storage === "task_sla") settleBreaches(instance);
  const row = instance.store.byId(table, id);
  if (!row || !instance.access.may(session.user, table, "read", id)) throw errors.noRecord();
  return row;
}

function shapeOf(instance: Instance, request: ApiRequest, table: Table): Shape {
  const { query } = request;
  const view = param(query, "sysparm_view");
  return {
    displayValue: displayValue(query),
    excludeLink: flag(query, "sysparm_exclude_reference_link"),
    fields: fieldList(query) ?? (view === undefined ? undefined : viewFields(instance, table, view)),
  };
}

function list(instance: Instance, request: ApiRequest, table: Table): ApiResponse {
  const { query, session } = request;
  const page = { limit: limit(query, 10_000), offset: offset(query) };
  const noCount = flag(query, "sysparm_no_count");
  const shape = shapeOf(instance, request, table);
  const serialiser = new Serialiser(instance, session, table, shape);
  const record = recordInSql(instance, session, table, shape);
  const { rows, total } = listRecords(instance, session, table, {
    query: param(query, "sysparm_query") ?? nameValueQuery(instance, table, query),
    ...page,
    columns: serialiser.needed,
    record,
    count: !noCount || instance.config.noCountHeader === "total",
  });
  if (rows.length === 0 && request.version === "v1") throw errors.noRows();
  const headers: Record<string, string> = {};
  if (total !== undefined) headers["X-Total-Count"] = String(total);
  else if (instance.config.noCountHeader === "rows") headers["X-Total-Count"] = String(rows.length);
  if (total !== undefined && !flag(query, "sysparm_suppress_pagination_header")) {
    const links = pageLinks(instance, request, page, total);
    if (links) headers.Link = links;
  }
  const records = rows.map((row) => (record === undefined ? serialiser.write(row) : row.record));
  return json(200, `{"result":[${records.join(",")}]}`, headers);
}

function one(
  instance: Instance,
  request: ApiRequest,
  table: Table,
  row: Row,
  status: number,
  headers: Record<string, string> = {},
): ApiResponse {
  const serialiser = new Serialiser(instance, request.session, table, shapeOf(instance, request, table));
  return json(status, `{"result":${serialiser.write(row)}}`, headers);
}

function written(
  instance: Instance,
  request: ApiRequest,
  table: Table,
  row: Row,
  status: number,
  headers: Record<string, string> = {},
): ApiResponse {
  if (request.headers["x-no-response-body"]?.toLowerCase() === "true") return empty(status, headers);
  return one(instance, request, table, row, status, headers);
}

function create(instance: Instance, request: ApiRequest, table: Table): ApiResponse {
  const { session, query } = request;
  if (!instance.access.may(session.user, table, "create")) throw errors.aclRefused("Insert");
  const input = readInput(
    instance,
    session,
    table,
    readRecord(request),
    flag(query, "sysparm_input_display_value"),
  );
  const row = insertRecord(instance, session, table, input, {
    suppressAutoFields: flag(query, "sysparm_suppress_auto_sys_field"),
  });
  const version = request.version ? `${request.version}/` : "";
  return written(instance, request, table, row, 201, {
    Location: `${instance.baseUrl}/api/now/${version}table/${table.name}/${row.sys_id}`,
  });
}

function update(instance: Instance, request: ApiRequest, table: Table, id: string): ApiResponse {
  const { session, query } = request;
  instance.lateCommits.settleRecord(id);
  readable(instance, request, table, id);
  if (!instance.access.may(session.user, table, "write", id)) throw errors.aclRefused("Update");
  const input = readInput(
    instance,
    session,
    table,
    readRecord(request),
    flag(query, "sysparm_input_display_value"),
  );
  const row = updateRecord(instance, session, table, id, input, {
    suppressAutoFields: flag(query, "sysparm_suppress_auto_sys_field"),
  });
  return written(instance, request, table, row, 200);
}
