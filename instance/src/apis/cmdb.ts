import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";
import { ApiError, errors } from "../core/errors";
import { limit, offset, param } from "../http/params";
import type { Router } from "../http/router";
import { empty, json, result, type ApiRequest, type ApiResponse } from "../http/types";
import { readInput } from "../records/input";
import { Serialiser } from "../records/serialise";
import { deleteRecord, updateRecord } from "../records/write";
import type { Row } from "../store/values";
import { identifyItem, invalidSource, knownSource, type Verdict } from "./cmdb-identify";
import { authorised, identificationRule, identifierId } from "./cmdb-rules";
import { reconcileApi, relationBetween, relationType } from "./cmdb-reconcile";
import { asObject, asString, bodyObject, find, isSysId, known, readableRow, text } from "./rows";
import type { Session } from "../core/session";

/** CMDB Instance, CMDB Meta, and Identification and Reconciliation. */
export function cmdbApi(instance: Instance, router: Router): void {
  const base = "now/cmdb/instance/:class";
  router.on("GET", base, (request, { class: name }) => {
    const rows = find(
      instance,
      request.session,
      classOf(instance, name),
      param(request.query, "sysparm_query") ?? "",
      {
        limit: limit(request.query, 10_000),
        offset: offset(request.query),
      },
    );
    return result(rows.map((row) => ({ sys_id: text(row, "sys_id"), name: text(row, "name") })));
  });
  router.on("POST", base, (request, { class: name }) =>
    createItem(instance, request, classOf(instance, name)),
  );
  router.on("GET", `${base}/:id`, (request, { class: name, id }) => {
    const table = classOf(instance, name);
    return whole(instance, request, table, itemOf(instance, request, table, id));
  });
  for (const method of ["PUT", "PATCH"])
    router.on(method, `${base}/:id`, (request, { class: name, id }) =>
      updateItem(instance, request, classOf(instance, name), id),
    );
  router.on("POST", `${base}/:id/relation`, (request, { class: name, id }) => {
    const table = classOf(instance, name);
    const row = itemOf(instance, request, table, id);
    mayWrite(instance, request, table, id);
    const body = bodyObject(request);
    instance.store.transaction(() => relate(instance, request.session, id, body));
    return whole(instance, request, table, row);
  });
  router.on("DELETE", `${base}/:id/relation/:relation`, (request, { class: name, id, relation }) => {
    const table = classOf(instance, name);
    itemOf(instance, request, table, id);
    mayWrite(instance, request, table, id);
    const relations = known(instance, "cmdb_rel_ci");
    const row = instance.store.byId(relations, relation);
    if (!row || (row.parent !== id && row.child !== id)) throw errors.noRecord();
    deleteRecord(instance, request.session, relations, relation);
    return empty(204);
  });
  router.on("GET", "now/cmdb/meta/:class", ({ session: { user } }, { class: name }) => {
    const table = classOf(instance, name);
    if (!instance.access.may(user, known(instance, "cmdb_ci"), "read"))
      throw errors.forbidden("Insufficient rights to query records");
    return meta(instance, table);
  });
  reconcileApi(instance, router);
}

/** @throws ApiError 404 for what is no class of the CMDB */
function classOf(instance: Instance, name: string): Table {
  const table = instance.dictionary.get(name);
  if (!table?.lineage.includes("cmdb"))
    throw new ApiError(404, "Invalid class", `${name} is no class of the CMDB`);
  return table;
}

function itemOf(instance: Instance, { session }: ApiRequest, table: Table, id: string): Row {
  const row = readableRow(instance, session, table, id);
  if (!row) throw errors.noRecord();
  return row;
}

function mayWrite(instance: Instance, { session }: ApiRequest, table: Table, id: string): void {
  if (!instance.access.may(session.user, table, "write", id)) throw errors.aclRefused("Update");
}

/** Undefined when the source is a choice of the CMDB, else the engine's verdict; a body without source is refused. */
function checkSource(instance: Instance, table: Table, body: Record<string, unknown>): Verdict | undefined {
  const source = asString(body.source);
  if (source === "") throw errors.badRequest("Invalid request", "source is mandatory");
  return knownSource(instance, source) ? undefined : invalidSource(table.name, 0, source);
}

/** A write that the engine refuses answers with the engine's own verdict. */
function refused(verdict: Verdict): ApiResponse {
  return json(400, JSON.stringify({ result: { items: [verdict], relations: [] } }));
}

function createItem(instance: Instance, request: ApiRequest, table: Table): ApiResponse {
  const { session } = request;
  if (!instance.access.may(session.user, table, "create")) throw errors.aclRefused("Insert");
  const body = bodyObject(request);
  const wrong = checkSource(instance, table, body);
  if (wrong) return refused(wrong);
  const verdict = instance.store.transaction(() => {
    const found = identifyItem(instance, session, 0, {
      className: table.name,
      values: asObject(body.attributes),
      source: asString(body.source),
    });
    if (isSysId(found.sysId)) relate(instance, session, found.sysId, body);
    return found;
  });
  const row = instance.store.byId(known(instance, "cmdb"), verdict.sysId);
  return row ? whole(instance, request, table, row) : refused(verdict);
}

function updateItem(instance: Instance, request: ApiRequest, table: Table, id: string): ApiResponse {
  const { session } = request;
  const existing = itemOf(instance, request, table, id);
  mayWrite(instance, request, table, id);
  const body = bodyObject(request);
  const wrong = checkSource(instance, table, body);
  if (wrong) return refused(wrong);
  const values = authorised(instance, table, existing, asObject(body.attributes), asString(body.source));
  const row = instance.store.transaction(() => {
    const updated = updateRecord(
      instance,
      session,
      table,
      id,
      readInput(instance, session, table, values, false),
    );
    relate(instance, session, id, body);
    return updated;
  });
  return whole(instance, request, table, row);
}

/** @throws ApiError 400 for a type or target that does not exist */
function relate(instance: Instance, session: Session, id: string, body: Record<string, unknown>): void {
  const items = known(instance, "cmdb_ci");
  for (const key of ["inbound_relations", "outbound_relations"] as const) {
    const list = body[key];
    if (list === undefined) continue;
    if (!Array.isArray(list)) throw errors.badRequest("Invalid request", `${key} must be a list`);
    for (const entry of list) {
      const { type, target } = asObject(entry);
      const typeId = relationType(instance, asString(type));
      const other = asString(target);
      if (!typeId || !instance.store.byId(items, other))
        throw errors.badRequest("Invalid relation", "type or target does not exist");
      if (key === "inbound_relations") relationBetween(instance, session, other, id, typeId);
      else relationBetween(instance, session, id, other, typeId);
    }
  }
}

/** Attributes as the Table API shows them, references as objects, and the relations both ways. */
function whole(instance: Instance, request: ApiRequest, table: Table, row: Row): ApiResponse {
  const { session } = request;
  const id = text(row, "sys_id");
  const serialiser = new Serialiser(instance, session, table, { displayValue: "all", excludeLink: false });
  const shown = JSON.parse(serialiser.write(row)) as Record<string, Record<string, string>>;
  const relations = (mine: string, other: string): unknown[] =>
    instance.store
      .all(
        `SELECT sys_id, type, "${other}" AS target FROM cmdb_rel_ci WHERE "${mine}" = ? ORDER BY row_number`,
        [id],
      )
      .map((relation) => ({
        sys_id: text(relation, "sys_id"),
        type: linked(instance, "now/table/cmdb_rel_type", "cmdb_rel_type", text(relation, "type")),
        target: linked(instance, "now/cmdb/instance/cmdb_ci", "cmdb_ci", text(relation, "target")),
      }));
  return result({
    outbound_relations: relations("parent", "child"),
    attributes: Object.fromEntries(
      Object.entries(shown).map(([name, value]) => [name, value.link === undefined ? value.value : value]),
    ),
    inbound_relations: relations("child", "parent"),
  });
}

function linked(instance: Instance, path: string, table: string, id: string): Record<string, string> {
  return {
    display_value: instance.displays.of(table, id),
    link: `${instance.baseUrl}/api/${path}/${id}`,
    value: id,
  };
}

/** What the CMDB says of a class; booleans and lengths of attributes are texts, as recorded. */
function meta(instance: Instance, table: Table): ApiResponse {
  const rule = identificationRule(table);
  return result({
    icon_url: "images/app.ngbsm/ci.svg",
    is_extendable: true,
    parent: table.superName ?? "",
    children: [...instance.dictionary.tables.values()]
      .filter((other) => other.superName === table.name)
      .map((other) => other.name),
    name: table.name,
    icon: "",
    attributes: [...table.columns.values()]
      .filter((column) => column.kind !== "hidden")
      .map((column) => ({
        is_inherited: String(column.definedOn !== table.name),
        is_mandatory: String(column.mandatory),
        is_read_only: String(column.readOnly),
        default_value: column.default ?? null,
        label: column.label,
        type: column.type,
        element: column.element,
        max_length: String(column.maxLength),
        is_display: String(column.element === table.display),
      })),
    relationship_rules: [],
    label: table.label,
    identification_rules: {
      related_rules: [],
      applies_to: rule.appliesTo,
      identifiers: rule.identifiers.map((identifier) => ({
        sys_id: identifierId(rule, identifier),
        condition: null,
        exact_count_match: false,
        referenced_field: null,
        active: true,
        attributes: identifier.attributes.join(","),
        allow_fallback: false,
        table: identifier.lookup ?? null,
        order: identifier.order,
        allow_null_attribute: false,
      })),
      name: rule.name,
      description: "",
      active: true,
      is_independent: true,
    },
  });
}
