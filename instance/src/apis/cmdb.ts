import type { Instance, Session } from "../core";
import type { Table } from "../dictionary/model";
import { readJson, readRecord } from "../http/body";
import { errors, ApiError } from "../http/errors";
import { limit, offset, param } from "../http/params";
import type { Router } from "../http/router";
import { empty, result, type ApiRequest, type ApiResponse } from "../http/types";
import { readInput } from "../records/input";
import { listRecords } from "../records/list";
import { Serialiser } from "../records/serialise";
import { deleteRecord, insertRecord, updateRecord } from "../records/write";
import type { Row } from "../store/values";
import { readable } from "./table";

interface Relation {
  type?: unknown;
  target?: unknown;
  sys_class_name?: unknown;
}

/** CMDB Instance, Meta and Identify-and-Reconcile. */
export function cmdbApi(instance: Instance, router: Router): void {
  router.on("GET", "now/cmdb/instance/:class", (request, params) => {
    const table = classOf(instance, params.class!);
    const { rows, total } = listRecords(instance, request.session, table, {
      query: param(request.query, "sysparm_query") ?? "",
      limit: limit(request.query, 1000),
      offset: offset(request.query),
      columns: ["sys_id", "name"],
      count: true,
    });
    return result(
      rows.map((row) => ({ sys_id: row.sys_id, name: row.name ?? "" })),
      200,
      { "X-Total-Count": String(total) },
    );
  });
  router.on("GET", "now/cmdb/instance/:class/:id", (request, { class: name, id }) =>
    whole(instance, request, classOf(instance, name!), id!),
  );
  router.on("POST", "now/cmdb/instance/:class", (request, params) => {
    const table = classOf(instance, params.class!);
    const body = sourced(readRecord(request));
    if (!instance.access.may(request.session.user, table, "create")) throw errors.aclRefused("Insert");
    const attributes = (body.attributes ?? {}) as Record<string, unknown>;
    const { sysId } = identify(instance, request.session, table, attributes);
    relate(instance, request.session, sysId, body);
    return { ...whole(instance, request, table, sysId), status: 201 };
  });
  for (const method of ["PUT", "PATCH"])
    router.on(method, "now/cmdb/instance/:class/:id", (request, { class: name, id }) => {
      const table = classOf(instance, name!);
      readable(instance, request, table, id!);
      const body = sourced(readRecord(request));
      if (!instance.access.may(request.session.user, table, "write", id!)) throw errors.aclRefused("Update");
      const input = readInput(
        instance,
        request.session,
        table,
        (body.attributes ?? {}) as Record<string, unknown>,
        false,
      );
      updateRecord(instance, request.session, table, id!, input);
      relate(instance, request.session, id!, body);
      return whole(instance, request, table, id!);
    });
  router.on("POST", "now/cmdb/instance/:class/:id/relation", (request, { class: name, id }) => {
    const table = classOf(instance, name!);
    readable(instance, request, table, id!);
    relate(instance, request.session, id!, sourced(readRecord(request)));
    return { ...whole(instance, request, table, id!), status: 201 };
  });
  router.on(
    "DELETE",
    "now/cmdb/instance/:class/:id/relation/:relation",
    (request, { class: name, id, relation }) => {
      readable(instance, request, classOf(instance, name!), id!);
      const relations = instance.dictionary.get("cmdb_rel_ci")!;
      readable(instance, request, relations, relation!);
      deleteRecord(instance, request.session, relations, relation!);
      return empty(204);
    },
  );
  router.on("GET", "now/cmdb/meta/:class", (_request, params) =>
    meta(instance, classOf(instance, params.class!)),
  );
  for (const path of [
    "now/identifyreconcile",
    "now/identifyreconcile/enhanced",
    "now/identifyreconcile/query",
    "now/identifyreconcile/queryEnhanced",
  ])
    router.on("POST", path, (request) => reconcile(instance, request, path.includes("query")));
}

function classOf(instance: Instance, name: string): Table {
  const table = instance.dictionary.get(name);
  if (!table || !table.lineage.includes("cmdb")) throw errors.invalidTable(name);
  return table;
}

function sourced(body: Record<string, unknown>): Record<string, unknown> {
  if (!body.source) throw errors.badRequest("Invalid request", "source is mandatory");
  if (body.attributes !== undefined && (typeof body.attributes !== "object" || body.attributes === null))
    throw errors.badRequest("Invalid request", "attributes must be an object");
  return body;
}

function whole(instance: Instance, request: ApiRequest, table: Table, id: string): ApiResponse {
  const row = readable(instance, request, table, id);
  const serialiser = new Serialiser(instance, request.session, table, {
    displayValue: "all",
    excludeLink: false,
  });
  const relations = (mine: string, other: string): unknown[] =>
    instance.store
      .all(`SELECT sys_id, type, "${other}" AS target FROM cmdb_rel_ci WHERE "${mine}" = ?`, [id])
      .map((relation) => ({
        sys_id: relation.sys_id,
        type: linked(instance, "now/table/cmdb_rel_type", "cmdb_rel_type", String(relation.type ?? "")),
        target: linked(instance, "now/cmdb/instance/cmdb_ci", "cmdb_ci", String(relation.target ?? "")),
      }));
  const attributes = JSON.parse(serialiser.write(row)) as Record<string, { value?: unknown; link?: unknown }>;
  return result({
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([name, shown]) => [
        name,
        shown.link === undefined ? shown.value : shown,
      ]),
    ),
    inbound_relations: relations("child", "parent"),
    outbound_relations: relations("parent", "child"),
  });
}

function linked(instance: Instance, path: string, table: string, id: string): unknown {
  return {
    display_value: instance.displays.of(table, id),
    link: `${instance.baseUrl}/api/${path}/${id}`,
    value: id,
  };
}

function relate(instance: Instance, session: Session, sysId: string, body: Record<string, unknown>): void {
  const table = instance.dictionary.get("cmdb_rel_ci")!;
  for (const [key, mine, other] of [
    ["inbound_relations", "child", "parent"],
    ["outbound_relations", "parent", "child"],
  ] as const) {
    const relations = body[key];
    if (!Array.isArray(relations)) continue;
    for (const relation of relations as Relation[]) {
      if (typeof relation !== "object" || relation === null) continue;
      const values = { [mine]: sysId, [other]: relation.target, type: relation.type };
      insertRecord(instance, session, table, readInput(instance, session, table, values, false));
    }
  }
}

/** Identification by serial number, else by name, within the class. */
function identify(
  instance: Instance,
  session: Session,
  table: Table,
  values: Record<string, unknown>,
): { sysId: string; operation: "INSERT" | "UPDATE" | "NO_CHANGE"; by: string } {
  const input = readInput(instance, session, table, values, false);
  for (const element of ["sys_id", "serial_number", "name"]) {
    const value = values[element];
    if (typeof value !== "string" || value === "") continue;
    const existing: Row | undefined = instance.store.find(table, element, value);
    if (!existing) continue;
    const after = updateRecord(instance, session, table, String(existing.sys_id), input);
    const operation = after.sys_mod_count === existing.sys_mod_count ? "NO_CHANGE" : "UPDATE";
    return { sysId: String(existing.sys_id), operation, by: element };
  }
  return {
    sysId: String(insertRecord(instance, session, table, input).sys_id),
    operation: "INSERT",
    by: "name",
  };
}

function meta(instance: Instance, table: Table): ApiResponse {
  return result({
    name: table.name,
    label: table.label,
    parent: table.superName ?? "",
    children: [...instance.dictionary.tables.values()]
      .filter((other) => other.superName === table.name)
      .map((other) => other.name),
    is_extendable: true,
    icon: "",
    icon_url: `${instance.baseUrl}/images/app.ngbsm/ci_icons/ci.svg`,
    attributes: [...table.columns.values()].map((column) => ({
      element: column.element,
      label: column.label,
      type: column.type,
      max_length: String(column.maxLength),
      is_inherited: String(column.definedOn !== table.name),
      is_mandatory: String(column.mandatory),
      is_read_only: String(column.readOnly),
      is_display: String(column.element === table.display),
      default_value: column.default ?? "",
    })),
    relationship_rules: [],
    identification_rules: { related_rules: [], identifiers: ["serial_number", "name"] },
  });
}

function reconcile(instance: Instance, request: ApiRequest, dryRun: boolean): ApiResponse {
  const body = readJson(request) as { items?: unknown; relations?: unknown };
  if (!Array.isArray(body?.items)) throw errors.badRequest("Invalid payload", "items must be a list");
  const { session } = request;
  const items = (body.items as unknown[]).map((given) => {
    const item = (typeof given === "object" && given !== null ? given : {}) as {
      className?: unknown;
      values?: unknown;
    };
    const className = String(item.className ?? "");
    const values = (typeof item.values === "object" && item.values !== null ? item.values : {}) as Record<
      string,
      unknown
    >;
    const table = instance.dictionary.get(className);
    if (!table?.lineage.includes("cmdb"))
      return {
        className,
        operation: "NO_CHANGE",
        sysId: "Unknown",
        identificationAttempts: [],
        errors: [{ error: "INVALID_INPUT_DATA", message: `Class ${className} does not exist` }],
      };
    if (!instance.access.may(session.user, table, "create"))
      throw new ApiError(403, "Operation Failed", "ACL Exception Insert Failed due to security constraints");
    if (dryRun) {
      const found =
        typeof values.name === "string" ? instance.store.find(table, "name", values.name) : undefined;
      return {
        className,
        operation: found ? "UPDATE" : "INSERT",
        sysId: found ? String(found.sys_id) : "Unknown",
        identificationAttempts: [],
        errors: [],
      };
    }
    const { sysId, operation, by } = identify(instance, session, table, values);
    return {
      className,
      operation,
      sysId,
      identifierEntrySysId: sysId,
      identificationAttempts: [
        {
          attributes: [by],
          attemptResult: operation === "INSERT" ? "NO_MATCH" : "MATCHED",
          identifierName: "Hardware Rule",
        },
      ],
      errors: [],
    };
  });
  const relations =
    Array.isArray(body.relations) && !dryRun
      ? (body.relations as { parent?: unknown; child?: unknown; type?: unknown }[])
      : [];
  for (const relation of relations) {
    const parent = items[Number(relation?.parent)]?.sysId;
    const child = items[Number(relation?.child)]?.sysId;
    if (parent && child)
      relate(instance, session, parent, { outbound_relations: [{ type: relation.type, target: child }] });
  }
  return result({ items, relations: relations.map((relation) => ({ ...relation, operation: "INSERT" })) });
}
