import { errors } from "../core/errors";
import type { Instance } from "../core/instance";
import { param } from "../http/params";
import type { Router } from "../http/router";
import { result, type ApiRequest, type ApiResponse } from "../http/types";
import type { Row } from "../store/values";
import { relationBetween, relationType } from "./cmdb-reconcile";
import { asObject, asString, bodyObject, create, isSysId, known, readableRow, text } from "./rows";

const serviceTable = "cmdb_ci_service_auto";
/** Which class of item stands behind a kind of relationship, and the classification that an offering of it has. */
const businessContext = {
  business_app: "cmdb_ci_business_app",
  technical_service_offering: "service_offering",
  business_service_offering: "service_offering",
} as const;
type Context = keyof typeof businessContext;
const contexts = Object.keys(businessContext) as Context[];

/** The Application Service API: find, register and create services, and what a service consists of. */
export function appServiceApi(instance: Instance, router: Router): void {
  router.on("GET", "now/cmdb/csdm/app_service/find_service", (request) => find(instance, request));
  router.on("POST", "now/cmdb/csdm/app_service/register_service", (request) => register(instance, request));
  for (const path of ["now/cmdb/app_service/create", "now/cmdb/csdm/app_service/create"])
    router.on("POST", path, (request) => createService(instance, request));
  router.on("GET", "now/cmdb/app_service/:id/getContent", (request, { id = "" }) => {
    const service = readableRow(instance, request.session, known(instance, serviceTable), id);
    if (!service) throw errors.noRecord();
    return result({
      name: text(service, "name"),
      url: `/api/now/table/${text(service, "sys_class_name")}/${id}`,
      service_relations: membersOf(instance, id),
    });
  });
}

/** By name and number; both must fit where both are given. */
function find(instance: Instance, request: ApiRequest): ApiResponse {
  const name = param(request.query, "name");
  const number = param(request.query, "number");
  if (name === undefined && number === undefined)
    throw errors.badRequest("Invalid request", "name or number is mandatory");
  mayRead(instance, request);
  const { classes, storage } = known(instance, serviceTable);
  const services = instance.store
    .all(
      `SELECT * FROM "${storage}" WHERE sys_class_name IN (SELECT value FROM json_each(?)) AND (? IS NULL OR name = ?) AND (? IS NULL OR number = ?) ORDER BY row_number`,
      [JSON.stringify(classes), name ?? null, name ?? null, number ?? null, number ?? null],
    )
    .map((row) => ({
      name: text(row, "name"),
      number: text(row, "number"),
      sys_id: text(row, "sys_id"),
      environment: text(row, "environment"),
      version: text(row, "version"),
      relationships: Object.fromEntries(
        contexts.map((context) => [context, parentsOf(instance, row, context)]),
      ),
    }));
  return result({ services });
}

function mayRead(instance: Instance, { session }: ApiRequest): void {
  if (!instance.access.may(session.user, known(instance, serviceTable), "read"))
    throw errors.forbidden("Insufficient rights to query records");
}

function mayCreate(instance: Instance, { session }: ApiRequest): void {
  if (!instance.access.may(session.user, known(instance, serviceTable), "create"))
    throw errors.aclRefused("Insert");
}

/** A service with its business context; its name must be new. */
function register(instance: Instance, request: ApiRequest): ApiResponse {
  mayCreate(instance, request);
  const body = bodyObject(request);
  const details = asObject(body.basic_details);
  const name = newName(instance, asString(details.name), "basic_details.name");
  const relationships = asObject(body.relationships);
  const service = instance.store.transaction(() => {
    const row = create(instance, request.session, serviceTable, {
      name,
      environment: asString(details.environment) || null,
      version: asString(details.version) || null,
    });
    for (const context of contexts) {
      const parents = relationships[context];
      for (const parent of Array.isArray(parents) ? parents.map(asString) : [])
        relateItems(instance, request, itemOrThrow(instance, parent), text(row, "sys_id"));
    }
    return row;
  });
  return result({ service_sys_id: text(service, "sys_id"), number: text(service, "number") }, 201);
}

/** A service and the items it consists of, as pairs of parent and child; the entry point has no parent. */
function createService(instance: Instance, request: ApiRequest): ApiResponse {
  mayCreate(instance, request);
  const body = bodyObject(request);
  const name = asString(body.name);
  if (name === "") throw errors.badRequest("Invalid request", "name is mandatory");
  const pairs = (Array.isArray(body.service_relations) ? body.service_relations : []).map(asObject);
  const table = known(instance, "cmdb_ci_service_discovered");
  const id = instance.store.transaction(() => {
    const existing = instance.store.get(
      `SELECT sys_id FROM "${table.storage}" WHERE name = ? AND sys_class_name = ?`,
      [name, table.name],
    );
    const service = existing
      ? text(existing, "sys_id")
      : text(
          create(instance, request.session, table.name, { name, comments: asString(body.comments) || null }),
          "sys_id",
        );
    for (const pair of pairs) {
      const parent = asString(pair.parent);
      const child = itemOrThrow(instance, asString(pair.child));
      relateItems(instance, request, parent === "" ? service : itemOrThrow(instance, parent), child);
    }
    return service;
  });
  return result({
    url: `/api/now/table/${table.name}/${id}`,
    getContentUrl: `/api/now/cmdb/app_service/${id}/getContent`,
    info: `${pairs.length} CIs added to service`,
  });
}

function newName(instance: Instance, name: string, key: string): string {
  if (name === "") throw errors.badRequest("Invalid request", `${key} is mandatory`);
  const { classes, storage } = known(instance, serviceTable);
  const taken = instance.store.get(
    `SELECT 1 AS taken FROM "${storage}" WHERE name = ? AND sys_class_name IN (SELECT value FROM json_each(?))`,
    [name, JSON.stringify(classes)],
  );
  if (taken) throw errors.badRequest("Invalid request", `There is a service with the name ${name} already`);
  return name;
}

function itemOrThrow(instance: Instance, id: string): string {
  if (!isSysId(id) || !instance.store.byId(known(instance, "cmdb_ci"), id))
    throw errors.badRequest("Invalid request", `There is no configuration item ${id.slice(0, 40)}`);
  return id;
}

function relateItems(instance: Instance, { session }: ApiRequest, parent: string, child: string): void {
  const type = relationType(instance, "Depends on::Used by");
  if (type === undefined)
    throw errors.badRequest("Invalid request", "There is no relation type Depends on::Used by");
  relationBetween(instance, session, parent, child, type);
}

/** The items of a class above a service. */
function parentsOf(instance: Instance, service: Row, context: Context): string[] {
  return instance.store
    .all(
      `SELECT c.sys_id, c.service_classification AS classification FROM cmdb_rel_ci r JOIN cmdb c ON c.sys_id = r.parent
       WHERE r.child = ? AND c.sys_class_name = ? ORDER BY r.row_number`,
      [text(service, "sys_id"), businessContext[context]],
    )
    .filter(
      ({ classification }) =>
        context === "business_app" ||
        /^tech/i.test(String(classification ?? "")) === (context === "technical_service_offering"),
    )
    .map((row) => text(row, "sys_id"));
}

/** Pairs of parent and child below a service, nearest first; the service itself counts as no parent. */
function membersOf(instance: Instance, service: string): { parent: string; child: string }[] {
  return instance.store
    .all(
      `WITH RECURSIVE below(parent, child) AS (
         SELECT parent, child FROM cmdb_rel_ci WHERE parent = ?
         UNION SELECT r.parent, r.child FROM cmdb_rel_ci r JOIN below ON r.parent = below.child)
       SELECT parent, child FROM below LIMIT 1000`,
      [service],
    )
    .map((row) => ({ parent: row.parent === service ? "" : text(row, "parent"), child: text(row, "child") }));
}
