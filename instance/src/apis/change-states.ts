import type { Instance } from "../core/instance";
import { errors } from "../core/errors";
import type { Router } from "../http/router";
import { json, result, type ApiRequest } from "../http/types";
import { readInput } from "../records/input";
import { nextChangeStates } from "../records/task-rules";
import { updateRecord } from "../records/write";
import type { Row } from "../store/values";
import { checkConflicts } from "./change-conflicts";
import { asString, bodyObject, change, known, text } from "./rows";
import { typedRecord } from "./typed-values";
import type { Session } from "../core/session";
import { fixedId } from "../ids/sys-id";

const base = "sn_chg_rest/change";

/** Where a change may go: next states, approvals, risk, conflicts. */
export function changeStateRoutes(
  instance: Instance,
  router: Router,
  changeOf: (request: ApiRequest, id: string) => Row,
): void {
  const table = known(instance, "change_request");
  const mayWrite = ({ session }: ApiRequest, id: string): void => {
    if (!instance.access.may(session.user, table, "write", id)) throw errors.aclRefused("Update");
  };
  router.on("GET", `${base}/:id/nextstates`, (request, { id }) =>
    result(nextStates(instance, changeOf(request, id))),
  );
  router.on("PATCH", `${base}/:id/approvals`, (request, { id }) => {
    changeOf(request, id);
    return decide(instance, request, id);
  });
  router.on("PATCH", `${base}/:id/risk`, (request, { id }) => {
    const row = changeOf(request, id);
    mayWrite(request, id);
    const risk = { 1: 2, 2: 3, 3: 4 }[Number(row.impact ?? 3)] ?? 4;
    const updated = change(instance, request.session, "change_request", id, { risk });
    return json(200, `{"result":${typedRecord(instance, request.session, table, updated)}}`);
  });
  router.on("GET", `${base}/:id/conflict`, (request, { id }) => {
    const row = changeOf(request, id);
    return json(200, `{"result":${describeConflicts(instance, request.session, row)}}`);
  });
  router.on("POST", `${base}/:id/conflict`, (request, { id }) => {
    const row = changeOf(request, id);
    mayWrite(request, id);
    const checked = instance.store.transaction(() => checkConflicts(instance, request.session, row));
    return json(200, `{"result":${describeConflicts(instance, request.session, checked)}}`);
  });
  router.on("DELETE", `${base}/:id/conflict`, (request, { id }) => {
    changeOf(request, id);
    // A check is over as soon as it is asked for, so there is never one to cancel.
    throw errors.badRequest("Cancel request failed", "No conflict checking process is running");
  });
}

function nextStates(instance: Instance, row: Row): Record<string, unknown> {
  const state = Number(row.state);
  const next = nextChangeStates(text(row, "type") || "normal", state);
  const label = (value: number): string =>
    instance.choices.label(known(instance, "change_request"), "state", String(value));
  const held = row.on_hold === 1;
  return {
    available_states: [...next, state].map(String),
    state_transitions: next.map((to) => [
      {
        sys_id: fixedId("sttrm_state_transition", text(row, "type"), String(state), String(to)),
        display_value: `${label(state)} to ${label(to)}`,
        from_state: String(state),
        to_state: String(to),
        transition_available: true,
        automatic_transition: false,
        conditions:
          to === 4
            ? []
            : [
                {
                  passed: !held,
                  condition: {
                    name: "Not On hold",
                    description: null,
                    sys_id: fixedId("sttrm_condition", "Not On hold"),
                  },
                },
              ],
      },
    ]),
    state_label: Object.fromEntries([...next, state].map((value) => [String(value), label(value)])),
  };
}

/** The caller approves or rejects; what that means for the change is up to the approval itself. */
function decide(instance: Instance, request: ApiRequest, changeId: string): ReturnType<typeof json> {
  const { session } = request;
  const body = bodyObject(request);
  const state = asString(body.state);
  if (state !== "approved" && state !== "rejected") throw errors.badRequest("Invalid state");
  const mine = instance.store.get(
    "SELECT * FROM sysapproval_approver WHERE sysapproval = ? AND approver = ? AND state = 'requested'",
    [changeId, session.user.sysId],
  );
  if (!mine) throw errors.noRecord();
  const table = known(instance, "sysapproval_approver");
  const writer: Session = { ...session, user: { ...session.user, admin: true } };
  return instance.store.transaction(() => {
    const comments = asString(body.comments);
    const values = comments === "" ? { state } : { state, comments };
    const row = updateRecord(
      instance,
      session,
      table,
      text(mine, "sys_id"),
      readInput(instance, writer, table, values, false),
    );
    return json(200, `{"result":${typedRecord(instance, session, table, row)}}`);
  });
}

function describeConflicts(instance: Instance, session: Session, row: Row): string {
  const table = known(instance, "conflict");
  const conflicts = instance.store.all("SELECT * FROM conflict WHERE change = ? ORDER BY row_number", [
    text(row, "sys_id"),
  ]);
  const status = text(row, "conflict_status") || "Not Run";
  const head = {
    status: instance.choices.label(known(instance, "change_request"), "conflict_status", status),
    last_run: text(row, "conflict_last_run"),
    record_count: String(conflicts.length),
    job_status: text(row, "conflict_last_run") === "" ? "" : "2",
  };
  const list = conflicts.map((conflict) =>
    typedRecord(instance, { ...session, user: { ...session.user, admin: true } }, table, conflict),
  );
  return `${JSON.stringify(head).slice(0, -1)},"conflicts":[${list.join(",")}]}`;
}
