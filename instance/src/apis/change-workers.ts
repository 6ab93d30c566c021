import type { Instance } from "../core/instance";
import { errors } from "../core/errors";
import { limit, offset, param } from "../http/params";
import type { Router } from "../http/router";
import { json, result, type ApiRequest, type ApiResponse } from "../http/types";
import type { Row } from "../store/values";
import { parseStamp, stamp } from "../clock/time";
import { plannedOf, slots } from "./change-schedule";
import type { Span } from "./change-windows";
import { displayStamp } from "./display-stamp";
import {
  asString,
  bodyObject,
  change,
  create,
  find,
  isSysId,
  known,
  narrowed,
  readableRow,
  text,
} from "./rows";
import { typedRecord, typedWriter } from "./typed-values";
import type { Session } from "../core/session";

const base = "sn_chg_rest/change";
const states: Record<number, string> = { 1: "Waiting", 2: "In-Progress", 3: "Complete", 4: "Error" };

interface Messages {
  errorMessages: string[];
  warningMessages: string[];
  infoMessages: string[];
}

/** Calls of the Change Management API that answer 202 and leave their outcome with a worker. */
export function changeWorkerRoutes(
  instance: Instance,
  router: Router,
  changeOf: (request: ApiRequest, id: string) => Row,
): void {
  router.on("GET", `${base}/worker/:id`, ({ session }, { id }) => {
    const row = readableRow(instance, session, known(instance, "chg_mgt_worker"), id);
    if (!row) throw errors.noRecord();
    return result(describeWorker(instance, row));
  });
  router.on("GET", `${base}/ci/:ci/schedule`, (request, { ci }) => {
    const { query, session } = request;
    const item = readableRow(instance, session, known(instance, "cmdb_ci"), ci);
    const seconds = Number(param(query, "duration_in_seconds"));
    const planned = param(query, "planned_start_time");
    const from = planned === undefined ? instance.stampTime() : parseStamp(planned);
    if (!item) throw errors.badRequest("Invalid cmdb_ci sys_id");
    if (!Number.isInteger(seconds) || seconds <= 0 || seconds > 30 * 86_400)
      throw errors.badRequest("Invalid duration_in_seconds");
    if (from === undefined) throw errors.badRequest("Invalid planned_start_time");
    const asked = { cmdb_ci_sys_id: ci, planned_start_time: planned ?? "", duration_in_seconds: seconds };
    return scheduleWorker(
      instance,
      session,
      asked,
      slots(instance, session, ci, { from, length: seconds * 1000 }),
    );
  });
  router.on("GET", `${base}/:id/schedule`, (request, { id }) => {
    const row = changeOf(request, id);
    const { ci, start, length } = plannedOf(row);
    const from = Math.max(start, instance.stampTime());
    return scheduleWorker(
      instance,
      request.session,
      { change_sys_id: id },
      slots(instance, request.session, ci, { from, length }, row),
    );
  });
  router.on("PATCH", `${base}/:id/schedule/first_available`, (request, { id }) => {
    const { session } = request;
    const planned = changeOf(request, id);
    const { ci, length } = plannedOf(planned);
    if (!instance.access.may(session.user, known(instance, "change_request"), "write", id))
      throw errors.aclRefused("Update");
    const [first] = slots(instance, session, ci, { from: instance.stampTime(), length }, planned);
    if (!first) throw errors.badRequest("No available time slot found");
    const row = change(instance, session, "change_request", id, {
      start_date: stamp(first.start),
      end_date: stamp(first.end),
    });
    return json(200, `{"result":${typedRecord(instance, session, known(instance, "change_request"), row)}}`);
  });
  ciRoutes(instance, router, changeOf);
}

function scheduleWorker(
  instance: Instance,
  session: Session,
  asked: Record<string, unknown>,
  found: Span[],
): ApiResponse {
  const { user } = session;
  const point = (time: number): Record<string, string> => ({
    value: stamp(time),
    display_value: displayStamp(user, stamp(time)),
  });
  const messages = noMessages();
  if (found.length === 0) messages.infoMessages.push("No available time slots found");
  const payload =
    found.length === 0
      ? undefined
      : { spans: found.map(({ start, end }) => ({ start: point(start), end: point(end) })) };
  return startWorker(instance, session, "schedule", { ...asked, timezone: user.timeZone }, messages, payload);
}

function noMessages(): Messages {
  return { errorMessages: [], warningMessages: [], infoMessages: [] };
}

/** The work is done at once; the answer says that it waits, as a real one does, and the worker that it is complete. */
function startWorker(
  instance: Instance,
  session: Session,
  type: string,
  asked: Record<string, unknown>,
  messages: Messages,
  payload?: unknown,
): ApiResponse {
  const failed = messages.errorMessages.length > 0;
  const row = create(instance, session, "chg_mgt_worker", {
    name: type,
    type,
    request: JSON.stringify(asked),
    state: failed ? 4 : 3,
    messages: JSON.stringify(messages),
    payload: payload === undefined ? null : JSON.stringify(payload),
  });
  const described = describeWorker(instance, row);
  delete described.payload;
  return result({ ...described, state: { value: 1, display_value: states[1] }, messages: noMessages() }, 202);
}

function describeWorker(instance: Instance, row: Row): Record<string, unknown> {
  const id = text(row, "sys_id");
  const state = Number(row.state ?? 1);
  return {
    worker: { sysId: id, link: `${instance.baseUrl}/api/${base}/worker/${id}` },
    request: text(row, "request"),
    state: { value: state, display_value: states[state] ?? "" },
    type: text(row, "type"),
    messages: JSON.parse(text(row, "messages") || "{}") as unknown,
    ...(row.payload ? { payload: JSON.parse(text(row, "payload")) as unknown } : {}),
  };
}

interface Association {
  table: string;
  column: string;
  target: string;
}

const impacted: Association = {
  table: "task_cmdb_ci_service",
  column: "cmdb_ci_service",
  target: "cmdb_ci",
};
const associations: Record<string, Association> = {
  affected: { table: "task_ci", column: "ci_item", target: "cmdb_ci" },
  impacted,
  offering: { table: "task_service_offering", column: "service_offering", target: "service_offering" },
};

function ciRoutes(
  instance: Instance,
  router: Router,
  changeOf: (request: ApiRequest, id: string) => Row,
): void {
  router.on("GET", `${base}/:id/ci`, (request, { id }) => {
    const { query, session } = request;
    changeOf(request, id);
    const association = associations[param(query, "association_type") ?? ""];
    if (!association) throw errors.badRequest("Invalid association_type");
    const table = known(instance, association.table);
    // Whoever may read the change may read what hangs on it.
    const reader = { ...session, user: { ...session.user, admin: true } };
    const rows = find(instance, reader, table, narrowed(`task=${id}`, param(query, "sysparm_query") ?? ""), {
      limit: limit(query, 500),
      offset: offset(query),
    });
    const write = typedWriter(instance, session, table);
    return json(200, `{"result":[${rows.map((row) => write(row)).join(",")}]}`);
  });
  router.on("POST", `${base}/:id/ci`, (request, { id }) => {
    changeOf(request, id);
    if (!instance.access.may(request.session.user, known(instance, "change_request"), "write", id))
      throw errors.aclRefused("Update");
    const body = bodyObject(request);
    const type = asString(body.association_type);
    const association = associations[type];
    const ids = readIds(body.cmdb_ci_sys_ids);
    if (!association) throw errors.badRequest("Invalid association_type");
    if (ids.length === 0) throw errors.badRequest("cmdb_ci_sys_ids is missing");
    const messages = associate(instance, request.session, id, association, ids);
    return startWorker(instance, request.session, type, { change_sys_id: id, ...body }, messages);
  });
  router.on("POST", `${base}/:id/refresh_impacted_services`, (request, { id }) => {
    const row = changeOf(request, id);
    const ci = text(row, "cmdb_ci");
    if (ci === "")
      throw errors.badRequest("The change request does not have an associated configuration item");
    const services = instance.store
      .all(
        `SELECT r.parent AS id FROM cmdb_rel_ci r JOIN cmdb c ON c.sys_id = r.parent
         WHERE r.child = ? AND c.sys_class_name IN ('cmdb_ci_service', 'service_offering')`,
        [ci],
      )
      .map((service) => text(service, "id"));
    const messages = associate(instance, request.session, id, impacted, services);
    return startWorker(instance, request.session, "impacted", { change_sys_id: id }, messages);
  });
}

/** A list of ids: a JSON list, or a text with commas, with or without brackets. */
function readIds(given: unknown): string[] {
  const list = Array.isArray(given)
    ? given.map(asString)
    : asString(given)
        .replace(/[[\]"\s]/g, "")
        .split(",");
  return [...new Set(list.filter(Boolean))];
}

function associate(
  instance: Instance,
  session: Session,
  changeId: string,
  { table, column, target }: { table: string; column: string; target: string },
  ids: string[],
): Messages {
  const messages = noMessages();
  instance.store.transaction(() => {
    for (const id of ids) {
      if (!isSysId(id) || !instance.store.byId(known(instance, target), id)) {
        messages.warningMessages.push(`Invalid CMDB_CI sys_id provided: ${id.slice(0, 40)}`);
        continue;
      }
      const there = instance.store.get(`SELECT 1 FROM "${table}" WHERE task = ? AND "${column}" = ?`, [
        changeId,
        id,
      ]);
      if (there) messages.infoMessages.push(`CMDB_CI sys_id already associated: ${id}`);
      else create(instance, session, table, { task: changeId, [column]: id });
    }
  });
  return messages;
}
