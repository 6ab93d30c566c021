import type { Instance } from "../core";
import type { Table } from "../dictionary/model";
import { readRecord } from "../http/body";
import { errors } from "../http/errors";
import { displayValue, fieldList, offset, param } from "../http/params";
import type { Router } from "../http/router";
import { json, result, type ApiRequest, type ApiResponse } from "../http/types";
import { asText, readInput } from "../records/input";
import { listRecords } from "../records/list";
import { Serialiser } from "../records/serialise";
import { insertRecord, updateRecord } from "../records/write";
import type { Row } from "../store/values";
import { readable } from "./table";

const base = "sn_customerservice/case";
const nested: Record<string, string[]> = {
  account: ["sys_id", "name", "number"],
  contact: ["sys_id", "name", "email"],
  consumer: ["sys_id", "name", "number"],
};

/** The Case API of Customer Service Management. */
export function caseApi(instance: Instance, router: Router): void {
  const table = instance.dictionary.get("sn_customerservice_case")!;

  router.on("GET", base, (request) => {
    const { query, session } = request;
    const serialiser = shaped(instance, request, table);
    const most = Number(param(query, "sysparm_limit") ?? param(query, "limit") ?? 10_000);
    const { rows, total } = listRecords(instance, session, table, {
      query: param(query, "sysparm_query") ?? "",
      limit: Number.isInteger(most) && most > 0 ? Math.min(most, 10_000) : 10_000,
      offset: offset(query),
      columns: serialiser.needed,
      count: true,
    });
    const parts = rows.map((row) => nestedCase(instance, table, row, serialiser));
    return json(200, `{"result":[${parts.join(",")}]}`, { "X-Total-Count": String(total) });
  });
  router.on("GET", `${base}/:id`, (request, { id }) => {
    const row = caseOf(instance, request, table, id!);
    return json(200, `{"result":${nestedCase(instance, table, row, shaped(instance, request, table))}}`);
  });
  router.on("POST", base, (request) => {
    if (!instance.access.may(request.session.user, table, "create")) throw errors.aclRefused("Insert");
    const input = readInput(instance, request.session, table, readRecord(request), false);
    const row = insertRecord(instance, request.session, table, input);
    return result({ sys_id: row.sys_id, number: row.number }, 201);
  });
  router.on("PUT", `${base}/:id`, (request, { id }) => {
    const sysId = String(caseOf(instance, request, table, id!).sys_id);
    if (!instance.access.may(request.session.user, table, "write", sysId)) throw errors.aclRefused("Update");
    const input = readInput(instance, request.session, table, readRecord(request), false);
    const row = updateRecord(instance, request.session, table, sysId, input);
    return result({ sys_id: row.sys_id, number: row.number });
  });
  router.on("GET", `${base}/:id/activities`, (request, { id }) => {
    const row = caseOf(instance, request, table, id!);
    const entries = instance.store.all(
      "SELECT * FROM sys_journal_field WHERE element_id = ? ORDER BY sys_created_on DESC, row_number DESC LIMIT 100",
      [String(row.sys_id)],
    );
    return result({
      entries: entries.map((entry) => ({
        sys_id: entry.sys_id,
        element: entry.element,
        value: entry.value,
        sys_created_on: entry.sys_created_on,
        user: instance.users.byName(String(entry.sys_created_by))?.name ?? entry.sys_created_by,
      })),
    });
  });
  router.on("GET", `${base}/field_values/:field`, (request, { field }) =>
    fieldValues(instance, request, table, field!),
  );
  router.on("GET", `${base}/:id/field_values/:field`, (request, { id, field }) => {
    caseOf(instance, request, table, id!);
    return fieldValues(instance, request, table, field!);
  });
}

function shaped(instance: Instance, request: ApiRequest, table: Table): Serialiser {
  return new Serialiser(instance, request.session, table, {
    displayValue: displayValue(request.query),
    excludeLink: true,
    fields: fieldList(request.query),
  });
}

/** By sys_id or by number. */
function caseOf(instance: Instance, request: ApiRequest, table: Table, id: string): Row {
  const byNumber = /^[0-9a-f]{32}$/.test(id) ? undefined : instance.store.find(table, "number", id);
  return readable(instance, request, table, byNumber ? String(byNumber.sys_id) : id);
}

/** Account, contact and consumer are objects of their own. */
function nestedCase(instance: Instance, table: Table, row: Row, serialiser: Serialiser): string {
  const shown = JSON.parse(serialiser.write(row)) as Record<string, unknown>;
  for (const [element, columns] of Object.entries(nested)) {
    if (!(element in shown)) continue;
    const target = instance.dictionary.get(table.columns.get(element)?.reference ?? "");
    const other = target && instance.store.byId(target, asText(row[element]));
    shown[element] = other ? Object.fromEntries(columns.map((name) => [name, asText(other[name])])) : {};
  }
  return JSON.stringify(shown);
}

function fieldValues(instance: Instance, request: ApiRequest, table: Table, field: string): ApiResponse {
  const column = table.columns.get(field);
  if (!column) throw errors.badRequest(`Invalid field ${field}`);
  if (column.kind === "reference" && column.reference) {
    const target = instance.dictionary.get(column.reference);
    if (!target?.display) return result([]);
    const { rows } = listRecords(instance, request.session, target, {
      query: `${param(request.query, "sysparm_query") ?? ""}^ORDERBY${target.display}`,
      limit: 100,
      offset: 0,
      columns: ["sys_id", target.display],
      count: false,
    });
    return result(rows.map((row) => ({ value: row.sys_id, display_value: asText(row[target.display!]) })));
  }
  const labels = instance.choices.list(table, field)?.labels ?? new Map<string, string>();
  return result([...labels].map(([value, label]) => ({ value, label })));
}
