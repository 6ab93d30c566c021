import type { Instance } from "../core/instance";
import { columnOf, type Table } from "../dictionary/model";
import { readRecord } from "../http/body";
import { errors } from "../core/errors";
import { pageLinks } from "../http/page-links";
import { displayValue, fieldList, param } from "../http/params";
import type { Router } from "../http/router";
import { json, result, type ApiRequest, type ApiResponse } from "../http/types";
import { readInput } from "../records/input";
import { listRecords } from "../records/list";
import { Serialiser } from "../records/serialise";
import { insertRecord, updateRecord } from "../records/write";
import { toWire, type Row } from "../store/values";
import { nameValueQuery } from "./name-value";
import { displayStamp } from "./display-stamp";
import { find, known, readableRow, text } from "./rows";
import type { Session } from "../core/session";

const base = "sn_customerservice/case";
/** Customers of a case are objects of their own, with these columns. */
const customers: Record<string, string[]> = {
  account: ["sys_id", "number", "name", "phone"],
  contact: ["sys_id", "name", "email", "phone"],
  consumer: ["sys_id", "number", "name", "email"],
};
const colours: Record<string, string> = { comments: "transparent", work_notes: "gold" };

/** The Case API of Customer Service Management. It does not check its parameters: what makes no sense counts as absent. */
export function caseApi(instance: Instance, router: Router): void {
  const table = known(instance, "sn_customerservice_case");
  router.on("GET", base, (request) => list(instance, request, table));
  router.on("POST", base, (request) => {
    const { session } = request;
    if (!instance.access.may(session.user, table, "create")) throw errors.aclRefused("Insert");
    const row = insertRecord(
      instance,
      session,
      table,
      readInput(instance, session, table, readRecord(request), false),
    );
    return result({ sys_id: text(row, "sys_id"), number: text(row, "number") }, 201);
  });
  router.on("GET", `${base}/:id`, (request, { id }) => {
    const row = caseOf(instance, request.session, id);
    return json(200, `{"result":${describe(instance, request, table, row)}}`);
  });
  router.on("PUT", `${base}/:id`, (request, { id }) => {
    const { session } = request;
    const sysId = text(caseOf(instance, session, id), "sys_id");
    if (!instance.access.may(session.user, table, "write", sysId)) throw errors.aclRefused("Update");
    const input = readInput(instance, session, table, readRecord(request), false);
    const row = updateRecord(instance, session, table, sysId, input);
    return result({ sys_id: text(row, "sys_id"), number: text(row, "number") });
  });
  router.on("GET", `${base}/:id/activities`, (request, { id }) =>
    activities(instance, request, table, caseOf(instance, request.session, id)),
  );
  router.on("GET", `${base}/field_values/:field`, (request, { field }) =>
    fieldValues(instance, request, table, field),
  );
  router.on("GET", `${base}/:id/field_values/:field`, (request, { id, field }) =>
    fieldValues(instance, request, table, field, caseOf(instance, request.session, id)),
  );
}

/**
 * By sys_id or by number.
 *
 * @throws ApiError 404 when there is none that the user may read
 */
function caseOf(instance: Instance, session: Session, id: string): Row {
  const table = known(instance, "sn_customerservice_case");
  const byNumber = /^[0-9a-f]{32}$/.test(id) ? undefined : instance.store.find(table, "number", id);
  const row = readableRow(instance, session, table, byNumber ? text(byNumber, "sys_id") : id);
  if (!row) throw errors.noRecord();
  return row;
}

/** A parameter by its full or its short name. */
function either(query: URLSearchParams, name: string): string | undefined {
  return param(query, `sysparm_${name}`) ?? param(query, name);
}

function page(query: URLSearchParams): { limit: number; offset: number } {
  const whole = (name: string, fallback: number, least: number): number => {
    const value = Number(either(query, name) ?? fallback);
    return Number.isInteger(value) && value >= least ? Math.min(value, 2_000_000_000) : fallback;
  };
  return { limit: whole("limit", 10_000, 1), offset: whole("offset", 0, 0) };
}

function list(instance: Instance, request: ApiRequest, table: Table): ApiResponse {
  const { query, session } = request;
  const serialiser = serialiserFor(instance, request, table);
  const wanted = page(query);
  const { rows, total } = listRecords(instance, session, table, {
    query: either(query, "query") ?? nameValueQuery(instance, table, query),
    ...wanted,
    columns: [...new Set([...serialiser.needed, ...Object.keys(customers)])],
    count: true,
  });
  const headers: Record<string, string> = { "X-Total-Count": String(total) };
  const links = pageLinks(instance, request, wanted, total ?? 0);
  if (links) headers.Link = links;
  return json(
    200,
    `{"result":[${rows.map((row) => describe(instance, request, table, row, serialiser)).join(",")}]}`,
    headers,
  );
}

function serialiserFor(instance: Instance, request: ApiRequest, table: Table): Serialiser {
  return new Serialiser(instance, request.session, table, {
    displayValue: displayValue(request.query),
    excludeLink: true,
    fields: fieldList(request.query),
  });
}

function describe(
  instance: Instance,
  request: ApiRequest,
  table: Table,
  row: Row,
  serialiser = serialiserFor(instance, request, table),
): string {
  const shown = JSON.parse(serialiser.write(row)) as Record<string, unknown>;
  for (const [element, columns] of Object.entries(customers)) {
    if (!Object.hasOwn(shown, element)) continue;
    const target = known(instance, columnOf(table, element).reference ?? "");
    const customer = instance.store.byId(target, text(row, element));
    shown[element] = customer
      ? Object.fromEntries(
          columns.flatMap((name) => {
            const column = target.columns.get(name);
            return column ? [[name, toWire(column, customer[name])]] : [];
          }),
        )
      : {};
  }
  return JSON.stringify(shown);
}

/** The journal of a case as its activity stream shows it, newest first. */
function activities(instance: Instance, { query, session }: ApiRequest, table: Table, row: Row): ApiResponse {
  const { user } = session;
  const fields = ["comments", "work_notes"].filter((name) =>
    instance.access.mayField(user, table, name, "read"),
  );
  const all = instance.store.all(
    "SELECT * FROM sys_journal_field WHERE element_id = ? ORDER BY sys_created_on DESC, row_number DESC",
    [text(row, "sys_id")],
  );
  const entries = all.filter((entry) => fields.includes(text(entry, "element")));
  const wanted = page(query);
  const headers: Record<string, string> =
    either(query, "limit") !== undefined || either(query, "offset") !== undefined
      ? { "X-Total-Count": String(entries.length) }
      : {};
  return result(
    {
      display_value: text(row, "number"),
      sys_id: text(row, "sys_id"),
      short_description: text(row, "short_description"),
      number: text(row, "number"),
      entries: entries.slice(wanted.offset, wanted.offset + wanted.limit).map((entry) => {
        const author = instance.users.byName(text(entry, "sys_created_by"));
        const name = author?.name ?? text(entry, "sys_created_by");
        const element = text(entry, "element");
        return {
          sys_created_on_adjusted: displayStamp(user, text(entry, "sys_created_on")),
          sys_id: text(entry, "sys_id"),
          login_name: name,
          user_sys_id: author?.sysId ?? "",
          initials: initials(name),
          sys_created_on: text(entry, "sys_created_on"),
          contains_code: /\[code\]/i.test(text(entry, "value")) ? "true" : "false",
          field_label: table.columns.get(element)?.label ?? element,
          name,
          value: text(entry, "value"),
          element,
        };
      }),
      user_sys_id: user.sysId,
      user_full_name: user.name,
      user_login: user.userName,
      label: table.label,
      table: table.name,
      journal_fields: fields.map((name) => ({
        can_read: true,
        color: colours[name],
        can_write: instance.access.mayField(user, table, name, "write"),
        name,
        label: table.columns.get(name)?.label ?? name,
      })),
      sys_created_on: text(row, "sys_created_on"),
      sys_created_on_adjusted: displayStamp(user, text(row, "sys_created_on")),
    },
    200,
    headers,
  );
}

function initials(name: string): string {
  return name
    .split(/\s+/)
    .map((word) => word.charAt(0).toUpperCase())
    .join("");
}

/**
 * What a choice or reference column may hold. For a contact of a case, only the contacts of its account.
 *
 * @throws ApiError 400 for a column that is neither
 */
function fieldValues(
  instance: Instance,
  { query, session }: ApiRequest,
  table: Table,
  field: string,
  row?: Row,
): ApiResponse {
  const column = table.columns.get(field);
  const wanted = page(query);
  if (column?.kind === "reference" && column.reference) {
    const target = instance.dictionary.get(column.reference);
    if (!target?.display) return result([]);
    const account = field === "contact" ? text(row, "account") : "";
    const terms = [account && `account=${account}`, either(query, "query") ?? "", `ORDERBY${target.display}`];
    const extra = (either(query, "reference_field_columns") ?? either(query, "reference_fields") ?? "")
      .split(",")
      .map((name) => name.trim())
      .filter(
        (name) => target.columns.has(name) && instance.access.mayField(session.user, target, name, "read"),
      );
    const rows = find(instance, session, target, terms.filter(Boolean).join("^"), wanted);
    return result(
      rows.map((record) => ({
        label: instance.displays.of(target.name, text(record, "sys_id")),
        value: text(record, "sys_id"),
        ...Object.fromEntries(extra.map((name) => [name, toWire(columnOf(target, name), record[name])])),
      })),
    );
  }
  const choices = column && instance.choices.list(table, field);
  if (!choices) throw errors.badRequest("Invalid field name", `${field} is no choice or reference field`);
  const active = new Set(choices.byText.values());
  const values = [...choices.labels].filter(([value]) => active.has(value));
  return result(
    values.slice(wanted.offset, wanted.offset + wanted.limit).map(([value, label]) => ({ label, value })),
  );
}
