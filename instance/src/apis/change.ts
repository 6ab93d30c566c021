import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";
import { ApiError, errors } from "../core/errors";
import { limit, offset, param } from "../http/params";
import type { Router } from "../http/router";
import { json, type ApiRequest, type ApiResponse } from "../http/types";
import { readInput, type Input } from "../records/input";
import { templateValues } from "../records/standard-change";
import { deleteRecord, insertRecord, updateRecord } from "../records/write";
import type { Row } from "../store/values";
import { changeStateRoutes } from "./change-states";
import { changeWorkerRoutes } from "./change-workers";
import { nameValueQuery } from "./name-value";
import { asString, bodyObject, find, known, narrowed, readableRow, text } from "./rows";
import { typedRecord, typedWriter } from "./typed-values";
import type { Session } from "../core/session";

const base = "sn_chg_rest/change";
const types = ["normal", "emergency", "standard"];

/** The Change Management API. */
export function changeApi(instance: Instance, router: Router): void {
  const table = known(instance, "change_request");
  const changeOf = (request: ApiRequest, id: string, type?: string): Row => {
    const row = readableRow(instance, request.session, table, id);
    if (!row || (type !== undefined && row.type !== type)) throw errors.noRecord();
    return row;
  };
  listing(instance, router, `${base}/model`, known(instance, "chg_model"), "name");
  listing(
    instance,
    router,
    `${base}/standard/template`,
    known(instance, "std_change_record_producer"),
    "name",
  );
  for (const type of [undefined, ...types]) {
    const path = type === undefined ? base : `${base}/${type}`;
    router.on("GET", path, (request) => list(instance, request, table, "number", type && `type=${type}`));
    if (type !== "standard") router.on("POST", path, (request) => createChange(instance, request, type));
  }
  router.on("POST", `${base}/standard/:template`, (request, { template }) =>
    createFromTemplate(instance, request, template),
  );
  changeWorkerRoutes(instance, router, changeOf);
  for (const type of [...types, undefined]) {
    const path = type === undefined ? (`${base}/:id` as const) : (`${base}/${type}/:id` as const);
    router.on("GET", path, (request, { id }) => typed(instance, request, table, changeOf(request, id, type)));
    router.on("PATCH", path, (request, { id }) => {
      changeOf(request, id, type);
      return update(instance, request, table, id, "Change Request");
    });
    router.on("DELETE", path, (request, { id }) =>
      remove(instance, request, table, changeOf(request, id, type)),
    );
  }
  changeStateRoutes(instance, router, changeOf);
  taskRoutes(instance, router, changeOf);
}

function listing(instance: Instance, router: Router, path: string, table: Table, order: string): void {
  router.on("GET", path, (request) => list(instance, request, table, order));
  router.on("GET", `${path}/:id`, (request, { id }) => {
    const row = readableRow(instance, request.session, table, id);
    if (!row) throw errors.noRecord();
    return typed(instance, request, table, row);
  });
}

function typed(
  instance: Instance,
  request: ApiRequest,
  table: Table,
  row: Row,
  extra?: Record<string, unknown>,
): ApiResponse {
  return json(200, `{"result":${typedRecord(instance, request.session, table, row, extra)}}`);
}

function list(
  instance: Instance,
  { session, query }: ApiRequest,
  table: Table,
  order: string,
  condition?: string,
): ApiResponse {
  let encoded = param(query, "sysparm_query") ?? nameValueQuery(instance, table, query);
  const words = param(query, "textSearch")?.replaceAll("^", "");
  if (words) encoded = narrowed(`123TEXTQUERY321=${words}`, encoded);
  if (condition) encoded = narrowed(condition, encoded);
  if (!encoded.includes("ORDERBY")) {
    const wanted = param(query, "order");
    encoded += `^ORDERBY${wanted && table.columns.has(wanted) ? wanted : order}`;
  }
  const rows = find(instance, session, table, encoded.replace(/^\^/, ""), {
    limit: limit(query, 500),
    offset: offset(query),
  });
  const write = typedWriter(instance, session, table);
  return json(200, `{"result":[${rows.map((row) => write(row)).join(",")}]}`);
}

/** Field values stand in the body or in the URL; the body wins. */
function givenFields(request: ApiRequest): Record<string, unknown> {
  const fromUrl: Record<string, unknown> = {};
  for (const [name, value] of request.query)
    if (!/^(sysparm_|access_token$|x-sn-apikey$|textSearch$)/.test(name)) fromUrl[name] = value;
  return { ...fromUrl, ...bodyObject(request) };
}

/** The input without what may not be written, and the names of that. */
function writable(
  instance: Instance,
  session: Session,
  table: Table,
  given: Record<string, unknown>,
): { input: Input; ignoredFields: string[] } {
  const input = readInput(instance, session, table, given, false);
  const readOnly = Object.keys(given).filter((name) => table.columns.get(name)?.readOnly);
  for (const name of readOnly) input.values.delete(name);
  return { input, ignoredFields: [...new Set([...input.ignored, ...readOnly])] };
}

function createChange(
  instance: Instance,
  request: ApiRequest,
  type: string | undefined,
  preset: Record<string, unknown> = {},
): ApiResponse {
  const { session } = request;
  const table = known(instance, "change_request");
  if (!instance.access.may(session.user, table, "create")) throw errors.aclRefused("Insert");
  const given = { ...preset, ...givenFields(request) };
  const modelId = asString(given.chg_model);
  const model = modelId === "" ? undefined : instance.store.byId(known(instance, "chg_model"), modelId);
  if (modelId !== "" && model?.active !== 1) throw errors.badRequest("Invalid change model");
  const kind = type ?? (text(model, "type") || asString(given.type) || "normal");
  if (!types.includes(kind)) throw errors.badRequest("Invalid change type");
  given.type = kind;
  if (!model) {
    const fallback = instance.store.find(known(instance, "chg_model"), "type", kind);
    if (fallback) given.chg_model = text(fallback, "sys_id");
  }
  const { input, ignoredFields } = writable(instance, session, table, given);
  const row = told("Change Request", "created", () => insertRecord(instance, session, table, input));
  return typed(instance, request, table, row, { __meta: { ignoredFields } });
}

function createFromTemplate(instance: Instance, request: ApiRequest, id: string): ApiResponse {
  const template = readableRow(instance, request.session, known(instance, "std_change_record_producer"), id);
  if (!template || template.active !== 1) throw errors.noRecord();
  const preset: Record<string, unknown> = templateValues(text(template, "template"));
  const version = instance.store.get(
    "SELECT sys_id FROM std_change_producer_version WHERE std_change_producer = ? ORDER BY version DESC LIMIT 1",
    [id],
  );
  if (version) preset.std_change_producer_version = text(version, "sys_id");
  return createChange(instance, request, "standard", preset);
}

function update(
  instance: Instance,
  request: ApiRequest,
  table: Table,
  id: string,
  label: string,
): ApiResponse {
  const { session } = request;
  if (!instance.access.may(session.user, table, "write", id)) throw errors.aclRefused("Update");
  const { input, ignoredFields } = writable(instance, session, table, givenFields(request));
  const row = told(label, "updated", () => updateRecord(instance, session, table, id, input));
  return typed(instance, request, table, row, { __meta: { ignoredFields } });
}

/** Puts the API's own words around a refusal of the write. */
function told<T>(label: string, done: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 403) throw error;
    throw new ApiError(400, `${label} record could not be ${done}. ${error.detail ?? error.message}`, "");
  }
}

function remove(instance: Instance, request: ApiRequest, table: Table, row: Row): ApiResponse {
  const { user } = request.session;
  const id = text(row, "sys_id");
  if (!instance.access.may(user, table, "delete", id) && !user.roles.has("change_manager"))
    throw errors.aclRefused("Delete");
  const answer = typed(instance, request, table, row);
  deleteRecord(instance, request.session, table, id);
  return answer;
}

function taskRoutes(
  instance: Instance,
  router: Router,
  changeOf: (request: ApiRequest, id: string) => Row,
): void {
  const table = known(instance, "change_task");
  const taskOf = (request: ApiRequest, id: string, taskId: string): Row => {
    changeOf(request, id);
    const row = readableRow(instance, request.session, table, taskId);
    if (!row || row.change_request !== id) throw errors.noRecord();
    return row;
  };
  router.on("GET", `${base}/:id/task`, (request, { id }) => {
    changeOf(request, id);
    return list(instance, request, table, "number", `change_request=${id}`);
  });
  router.on("POST", `${base}/:id/task`, (request, { id }) => {
    changeOf(request, id);
    const { session } = request;
    if (!instance.access.may(session.user, table, "create")) throw errors.aclRefused("Insert");
    const { input, ignoredFields } = writable(instance, session, table, givenFields(request));
    input.values.set("change_request", id);
    input.values.set("parent", id);
    const row = told("Change Task", "created", () => insertRecord(instance, session, table, input));
    return typed(instance, request, table, row, { __meta: { ignoredFields } });
  });
  router.on("GET", `${base}/:id/task/:task`, (request, { id, task }) =>
    typed(instance, request, table, taskOf(request, id, task)),
  );
  router.on("PATCH", `${base}/:id/task/:task`, (request, { id, task }) => {
    taskOf(request, id, task);
    return update(instance, request, table, task, "Change Task");
  });
  router.on("DELETE", `${base}/:id/task/:task`, (request, { id, task }) =>
    remove(instance, request, table, taskOf(request, id, task)),
  );
}
