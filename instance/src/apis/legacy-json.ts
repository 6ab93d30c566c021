import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";
import { readJson } from "../http/body";
import { ApiError, errors } from "../core/errors";
import { limit, param } from "../http/params";
import type { ApiPath, Router } from "../http/router";
import { json, type ApiRequest, type ApiResponse } from "../http/types";
import { readInput } from "../records/input";
import { Serialiser } from "../records/serialise";
import { deleteRecord, insertRecord, updateRecord } from "../records/write";
import type { Row } from "../store/values";
import { asObject, asString, find, readableRow, text } from "./rows";
import { tableOf } from "./table";
import type { Session } from "../core/session";

/** Rows of one answer, unless the property `glide.processor.json.row_limit` says otherwise. */
const rowLimit = 250;
/** Tables whose events come in bulk past the business rules. */
const quiet = new Set(["em_event"]);

/** `/{table}.do?JSONv2&…` as a path of the API router; undefined for any other path. */
export function legacyPath(path: string, query: URLSearchParams): ApiPath | undefined {
  const table = /^\/(\w+?)(?:_list)?\.do$/.exec(path)?.[1];
  return table && query.has("JSONv2") ? { segments: ["jsonv2", table], version: undefined } : undefined;
}

/** The JSONv2 web service: `sysparm_action` in the URL or, with precedence, in the body says what is done. */
export function legacyJsonApi(instance: Instance, router: Router): void {
  for (const method of ["GET", "POST"])
    router.on(method, "jsonv2/:table", (request, { table }) => {
      if (request.path.startsWith("/api/")) throw errors.noResource(instance.config.unknownUriStatus);
      return act(instance, request, tableOf(instance, table));
    });
}

function act(instance: Instance, request: ApiRequest, table: Table): ApiResponse {
  const given: unknown = request.method === "POST" && request.body.length > 0 ? readJson(request) : {};
  const list = Array.isArray(given) ? given : undefined;
  const body = asObject(given);
  const asked = (name: string): string => asString(body[name]) || (param(request.query, name) ?? "");
  const action = asked("sysparm_action") || "getRecords";
  if (request.method === "GET" && !action.startsWith("get")) throw errors.methodNotSupported();
  const { session } = request;
  const whole = (row: Row): Record<string, unknown> => describe(instance, request, table, row);
  const query = asked("sysparm_query");
  switch (action) {
    case "getRecords":
      return records(read(instance, request, table, query).map(whole));
    case "getKeys":
      return records(read(instance, request, table, query).map((row) => text(row, "sys_id")));
    case "get": {
      const row = readableRow(instance, session, table, asked("sysparm_sys_id"));
      return records(row ? [whole(row)] : []);
    }
    case "insert":
      return records([attempt(() => whole(insert(instance, session, table, fieldsOf(body))))]);
    case "insertMultiple": {
      const rows = list ?? (Array.isArray(body.records) ? (body.records as unknown[]) : undefined);
      if (!rows) throw errors.badRequest("Invalid request", "records must be a list");
      return records(
        rows.map((row) => attempt(() => whole(insert(instance, session, table, asObject(row))))),
      );
    }
    case "update":
      return records(
        read(instance, request, table, query).map((row) =>
          attempt(() => whole(update(instance, session, table, row, fieldsOf(body)))),
        ),
      );
    case "deleteRecord": {
      const row = readableRow(instance, session, table, asked("sysparm_sys_id"));
      return records(row ? [attempt(() => remove(instance, session, table, row, whole))] : []);
    }
    case "deleteMultiple": {
      if (query === "") throw errors.badRequest("Invalid request", "sysparm_query is missing");
      const removed = read(instance, request, table, query).map((row) =>
        attempt(() => remove(instance, session, table, row, whole)),
      );
      return json(200, JSON.stringify({ records: removed, count: removed.length }));
    }
    default:
      throw errors.badRequest("Invalid sysparm_action", `There is no action ${action.slice(0, 40)}`);
  }
}

function records(list: unknown[]): ApiResponse {
  return json(200, JSON.stringify({ records: list }));
}

/** A record that cannot be written says so itself; the others of the call are written all the same. */
function attempt(work: () => Record<string, unknown>): Record<string, unknown> {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { __status: "failure", __error: { message: error.message, reason: error.detail } };
  }
}

/** What is not a parameter is a column. */
function fieldsOf(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !name.startsWith("sysparm_")));
}

function read(instance: Instance, request: ApiRequest, table: Table, query: string): Row[] {
  const access = instance.access.rows(request.session.user, table);
  if (access.rows === "none" && access.forbidden) throw errors.queryRefused(null);
  const property = instance.store.get(
    "SELECT value FROM sys_properties WHERE name = 'glide.processor.json.row_limit'",
  );
  const most = Number(property?.value ?? rowLimit) || rowLimit;
  const wanted = request.query.has("sysparm_record_count")
    ? Number(request.query.get("sysparm_record_count")) || most
    : limit(request.query, most);
  return find(instance, request.session, table, query, { limit: Math.min(wanted, most) });
}

/** Database values; with `displayvalue=true` display values in their place, with `all` beside them as `dv_…`. */
function describe(
  instance: Instance,
  { session, query }: ApiRequest,
  table: Table,
  row: Row,
): Record<string, unknown> {
  const actual = instance.dictionary.get(text(row, "sys_class_name")) ?? table;
  const shown = (displayValue: "true" | "false"): Record<string, string | null> =>
    JSON.parse(
      new Serialiser(instance, session, table, {
        displayValue,
        excludeLink: true,
        fields: displayValue === "false" ? [...actual.columns.keys()] : undefined,
      }).write(row),
    ) as Record<string, string | null>;
  const wanted = query.get("displayvalue") ?? query.get("sysparm_display_value") ?? "false";
  const plain = shown("false");
  const values =
    wanted === "true"
      ? shown("true")
      : wanted === "all"
        ? {
            ...plain,
            ...Object.fromEntries(
              Object.entries(shown("true")).map(([name, value]) => [`dv_${name}`, value]),
            ),
          }
        : plain;
  return { __status: "success", ...values };
}

function insert(instance: Instance, session: Session, table: Table, values: Record<string, unknown>): Row {
  if (!instance.access.may(session.user, table, "create")) throw errors.aclRefused("Insert");
  const input = readInput(instance, session, table, flattened(values), false);
  return insertRecord(instance, session, table, input, { quiet: quiet.has(table.name) });
}

/** Objects are kept as JSON, as events bring them in additional_info. */
function flattened(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "object" && value !== null ? JSON.stringify(value) : value,
    ]),
  );
}

function update(
  instance: Instance,
  session: Session,
  table: Table,
  row: Row,
  values: Record<string, unknown>,
): Row {
  const id = text(row, "sys_id");
  if (!instance.access.may(session.user, table, "write", id)) throw errors.aclRefused("Update");
  return updateRecord(instance, session, table, id, readInput(instance, session, table, values, false));
}

function remove(
  instance: Instance,
  session: Session,
  table: Table,
  row: Row,
  describe: (row: Row) => Record<string, unknown>,
): Record<string, unknown> {
  const id = text(row, "sys_id");
  if (!instance.access.may(session.user, table, "delete", id)) throw errors.aclRefused("Delete");
  const described = describe(row);
  deleteRecord(instance, session, table, id);
  return described;
}
