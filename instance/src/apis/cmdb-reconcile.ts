import type { Instance } from "../core/instance";
import { errors } from "../core/errors";
import { param } from "../http/params";
import type { Router } from "../http/router";
import { result, type ApiRequest, type ApiResponse } from "../http/types";
import { identifyItem, invalidSource, knownSource, type Verdict } from "./cmdb-identify";
import { readOrigin, readSubItems } from "./cmdb-lookups";
import { asObject, asString, bodyObject, create, isSysId, known, text } from "./rows";
import type { Session } from "../core/session";

/** The Identification and Reconciliation API. It answers 200 also when items fail; each says so by itself. */
export function reconcileApi(instance: Instance, router: Router): void {
  for (const [path, dryRun] of [
    ["now/identifyreconcile", false],
    ["now/identifyreconcile/enhanced", false],
    ["now/identifyreconcile/query", true],
    ["now/identifyreconcile/queryEnhanced", true],
  ] as const)
    router.on("POST", path, (request) => reconcile(instance, request, dryRun));
}

function reconcile(instance: Instance, request: ApiRequest, dryRun: boolean): ApiResponse {
  const { session } = request;
  const { items: given, relations, referenceItems } = bodyObject(request);
  if (!Array.isArray(given)) throw errors.badRequest("Invalid payload", "items is missing");
  if (!instance.access.may(session.user, known(instance, "cmdb_ci"), dryRun ? "read" : "create"))
    throw errors.aclRefused("Insert");
  const references = (Array.isArray(referenceItems) ? referenceItems : []).map(asObject);
  const source = param(request.query, "sysparm_data_source") ?? "ServiceNow";
  const work = (): { items: Verdict[]; relations: unknown[] } => {
    const payload = given.map(asObject);
    const items: Verdict[] = [];
    for (const index of inOrder(payload, references)) {
      const item = payload[index] ?? {};
      const pointers = referred(payload, items, references, item);
      items[index] = identify(instance, session, item, index, { source, dryRun }, pointers);
    }
    const wanted = Array.isArray(relations) ? (relations as unknown[]) : [];
    const ids = payload.map((entry) => asString(entry.internal_id));
    return {
      items,
      relations: wanted.map((entry) => relate(instance, session, asObject(entry), items, ids, dryRun)),
    };
  };
  const { items, relations: related } = instance.store.transaction(work);
  return result({
    items,
    relations: related,
    additionalCommittedItems: [],
    additionalCommittedRelations: [],
  });
}

type Payload = Record<string, unknown>[];

/** Items that others refer to come before those. */
function inOrder(payload: Payload, references: Payload): number[] {
  const order: number[] = [];
  const visit = (index: number, above: Set<number>): void => {
    if (above.has(index) || order.includes(index)) return;
    const id = asString(payload[index]?.internal_id);
    for (const reference of id === "" ? [] : references)
      if (asString(reference.referencedBy) === id) {
        const target = payload.findIndex((item) => item.internal_id === reference.referenced);
        if (target >= 0) visit(target, new Set([...above, index]));
      }
    order.push(index);
  };
  for (const index of payload.keys()) visit(index, new Set());
  return order;
}

/** Columns of an item that take the ids of other items of the payload. */
function referred(
  payload: Payload,
  items: Verdict[],
  references: Payload,
  item: Record<string, unknown>,
): Record<string, string> {
  const id = asString(item.internal_id);
  return Object.fromEntries(
    references.flatMap((reference) => {
      if (id === "" || asString(reference.referencedBy) !== id) return [];
      const target = items[payload.findIndex((other) => other.internal_id === reference.referenced)];
      return target && isSysId(target.sysId) ? [[asString(reference.referenceField), target.sysId]] : [];
    }),
  );
}

function identify(
  instance: Instance,
  session: Session,
  item: Record<string, unknown>,
  index: number,
  { source, dryRun }: { source: string; dryRun: boolean },
  references: Record<string, string>,
): Verdict {
  const className = asString(item.className);
  const own = asString(asObject(item.sys_object_source_info).source_name) || source;
  if (!knownSource(instance, own)) return invalidSource(className, index, own);
  return identifyItem(instance, session, index, {
    className,
    values: { ...asObject(item.values), ...references },
    dryRun,
    source: own,
    subItems: readSubItems(item),
    origin: readOrigin(item, own),
    settings: asObject(item.settings),
  });
}

/** A relation between two items of the payload, by index or by internal id; its type by name. */
function relate(
  instance: Instance,
  session: Session,
  relation: Record<string, unknown>,
  items: Verdict[],
  ids: string[],
  dryRun: boolean,
): Record<string, unknown> {
  const at = (index: unknown, id: unknown): string => {
    const place = index === undefined ? ids.indexOf(asString(id)) : Number(index);
    return items[place]?.sysId ?? "Unknown";
  };
  const parent = at(relation.parent, relation.parent_id);
  const child = at(relation.child, relation.child_id);
  const type = relationType(instance, asString(relation.type));
  const described = { className: "cmdb_rel_ci", markers: [], inputIndices: [0] };
  if (!isSysId(parent) || !isSysId(child) || !type)
    return {
      ...described,
      sysId: "Unknown",
      errorCount: 1,
      errors: [
        {
          error: "INVALID_INPUT_DATA",
          message: type
            ? "A relation names an item that was not committed"
            : "In payload invalid relation type",
        },
      ],
    };
  const { sysId, made } = relationBetween(instance, session, parent, child, type, dryRun);
  return { ...described, sysId, operation: made ? "INSERT" : "NO_CHANGE", errorCount: 0 };
}

/** The relation of this type from parent to child, made when there is none. */
export function relationBetween(
  instance: Instance,
  session: Session,
  parent: string,
  child: string,
  type: string,
  dryRun = false,
): { sysId: string; made: boolean } {
  const there = instance.store.get(
    "SELECT sys_id FROM cmdb_rel_ci WHERE parent = ? AND child = ? AND type = ?",
    [parent, child, type],
  );
  if (there) return { sysId: text(there, "sys_id"), made: false };
  if (dryRun) return { sysId: "Unknown", made: true };
  return {
    sysId: text(create(instance, session, "cmdb_rel_ci", { parent, child, type }), "sys_id"),
    made: true,
  };
}

/** The sys_id of a relation type, given by sys_id or by name. */
export function relationType(instance: Instance, given: string): string | undefined {
  const types = known(instance, "cmdb_rel_type");
  const row = isSysId(given) ? instance.store.byId(types, given) : instance.store.find(types, "name", given);
  return row && text(row, "sys_id");
}
