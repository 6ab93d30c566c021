import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";
import { readRecord } from "../http/body";
import { errors } from "../core/errors";
import type { Router } from "../http/router";
import { json, type ApiRequest, type ApiResponse } from "../http/types";
import { readInput } from "../records/input";
import { insertRecord } from "../records/write";
import type { Row } from "../store/values";
import { outcomesOf, transform, type Outcome } from "./import-transform";
import { asObject, bodyObject, change, create, known, readableRow, text } from "./rows";
import { tableOf } from "./table";

/** The Import Set API. Its answers have no outer `result` object. */
export function importSetApi(instance: Instance, router: Router): void {
  router.on("POST", "now/import/:table", (request, { table }) => {
    const staging = stagingTable(instance, table);
    mayInsert(instance, request, staging);
    const body = readRecord(request);
    const { importSet, outcomes } = instance.store.transaction(() => {
      const importSet = create(instance, request.session, "sys_import_set", setValues(staging));
      const staged = stage(instance, request, staging, importSet, body, 0);
      const outcomes = transform(instance, request.session, staging, staged);
      finish(instance, request, importSet);
      return { importSet, outcomes };
    });
    return answer(instance, request, staging, importSet, outcomes, 201);
  });
  router.on("POST", "now/import/:table/insertMultiple", (request, { table }) =>
    insertMultiple(instance, request, stagingTable(instance, table)),
  );
  router.on("GET", "now/import/:table/:id", (request, { table, id }) => {
    const staging = stagingTable(instance, table);
    const staged = readableRow(instance, request.session, staging, id);
    if (!staged) throw errors.noRecord();
    const importSet = instance.store.byId(known(instance, "sys_import_set"), text(staged, "sys_import_set"));
    return answer(instance, request, staging, importSet, outcomesOf(instance, id) ?? [], 200);
  });
}

function stagingTable(instance: Instance, name: string): Table {
  const table = tableOf(instance, name);
  if (table.name === "sys_import_set_row" || !table.lineage.includes("sys_import_set_row"))
    throw errors.badRequest(`Invalid staging table ${name}`);
  return table;
}

function mayInsert(instance: Instance, request: ApiRequest, staging: Table): void {
  if (!instance.access.may(request.session.user, staging, "create")) throw errors.aclRefused("Insert");
}

function setValues(staging: Table): Row {
  return { table_name: staging.name, state: "loading", mode: "synchronous" };
}

function stage(
  instance: Instance,
  { session }: ApiRequest,
  staging: Table,
  importSet: Row,
  body: Record<string, unknown>,
  at: number,
): Row {
  const input = readInput(instance, session, staging, body, false);
  input.values.set("sys_import_set", text(importSet, "sys_id"));
  input.values.set("sys_import_row", at);
  input.values.set("sys_import_state", "pending");
  return insertRecord(instance, session, staging, input);
}

function finish(instance: Instance, { session }: ApiRequest, importSet: Row): void {
  change(instance, session, "sys_import_set", text(importSet, "sys_id"), { state: "processed" });
}

function answer(
  instance: Instance,
  request: ApiRequest,
  staging: Table,
  importSet: Row | undefined,
  outcomes: Outcome[],
  status: number,
): ApiResponse {
  return json(
    status,
    JSON.stringify({
      import_set: text(importSet, "number"),
      staging_table: staging.name,
      result: outcomes.map((outcome) => describe(instance, request, outcome)),
    }),
  );
}

function describe(instance: Instance, request: ApiRequest, outcome: Outcome): Record<string, string> {
  const target = instance.dictionary.get(outcome.table);
  const version = request.version ? `${request.version}/` : "";
  const described: Record<string, string> = { transform_map: outcome.map, table: outcome.table };
  if (outcome.sysId !== "") {
    described.display_name = target?.display ?? "";
    described.display_value = instance.displays.of(outcome.table, outcome.sysId);
    described.record_link = `${instance.baseUrl}/api/now/${version}table/${outcome.table}/${outcome.sysId}`;
  }
  described.status = outcome.status;
  if (outcome.status === "error") described.error_message = outcome.message;
  else if (outcome.message !== "") described.status_message = outcome.message;
  if (outcome.sysId !== "") described.sys_id = outcome.sysId;
  return described;
}

/**
 * Stages many rows at once. Keys are column labels, or names. The transform runs after the answer, unless a row of
 * sys_rest_insert_multiple asks for it at once.
 */
function insertMultiple(instance: Instance, request: ApiRequest, staging: Table): ApiResponse {
  mayInsert(instance, request, staging);
  const { records } = bodyObject(request);
  if (!Array.isArray(records)) throw errors.badRequest("Invalid request body", "records is missing");
  const { session } = request;
  const settings = instance.store.find(
    known(instance, "sys_rest_insert_multiple"),
    "source_table",
    staging.name,
  );
  const { importSet, multi, staged } = instance.store.transaction(() => {
    const given = request.query.get("multi_import_set_id") ?? "";
    const multi =
      instance.store.byId(known(instance, "sys_multi_import_set"), given) ??
      create(instance, session, "sys_multi_import_set", { name: staging.name });
    const importSet = create(instance, session, "sys_import_set", setValues(staging));
    const staged = records.map((record, at) =>
      stage(instance, request, staging, importSet, byElement(staging, asObject(record)), at),
    );
    return { importSet, multi, staged };
  });
  const run = (): void => {
    instance.store.transaction(() => {
      for (const row of staged) transform(instance, session, staging, row);
      finish(instance, request, importSet);
    });
  };
  if (settings?.transform_synchronously === 1) run();
  else
    setImmediate(() => {
      if (instance.store.isOpen) run();
    });
  return json(
    201,
    JSON.stringify({
      import_set_id: text(importSet, "sys_id"),
      multi_import_set_id: text(multi, "sys_id"),
    }),
  );
}

function byElement(staging: Table, record: Record<string, unknown>): Record<string, unknown> {
  const labels = new Map(
    [...staging.columns.values()].map((column) => [column.label.toLowerCase(), column.element]),
  );
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [labels.get(key.toLowerCase()) ?? key, value]),
  );
}
