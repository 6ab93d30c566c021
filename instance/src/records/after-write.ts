import type { Instance } from "../core/instance";
import { columnOf, type Table } from "../dictionary/model";
import { toWire, type Row } from "../store/values";
import { parseStamp, stamp } from "../clock/time";
import { updateSlas, startSlas } from "./sla";
import { newId } from "../ids/sys-id";
import type { Session } from "../core/session";
import type { Work } from "../core/work";

/** What other tables do when a record is written: SLAs, approvals, state spans. */
export function afterInsert(instance: Instance, session: Session, table: Table, row: Row, work: Work): void {
  startSlas(instance, session, table, row, work);
  openSpan(instance, session, table, row, work);
}

export function afterUpdate(
  instance: Instance,
  session: Session,
  table: Table,
  before: Row,
  after: Row,
  work: Work,
): void {
  updateSlas(instance, session, table, after, work);
  if (before.state !== after.state) {
    closeSpans(instance, after, work);
    openSpan(instance, session, table, after, work);
    if (table.name === "change_request" && after.state === -4)
      requestApprovals(instance, session, after, work);
    if (table.name === "sysapproval_approver") passApprovalOn(instance, session, after, work);
  }
}

/** Takes away what hangs on a deleted record. */
export function afterDelete(instance: Instance, sysId: string): void {
  for (const [storage, column] of [
    ["task_sla", "task"],
    ["sysapproval_approver", "sysapproval"],
    ["metric_instance", "id"],
  ] as const)
    for (const row of instance.store.all(`SELECT sys_id FROM ${storage} WHERE "${column}" = ?`, [sysId]))
      instance.store.delete(storage, String(row.sys_id));
  for (const content of ["attachment_content", "attachment_attribute"])
    instance.store.run(`DELETE FROM ${content} WHERE sys_id = ?`, [sysId]);
}

export function stamps(session: Session, work: Work): Row {
  const now = stamp(work.time);
  const user = session.user.userName;
  return {
    sys_created_on: now,
    sys_created_by: user,
    sys_updated_on: now,
    sys_updated_by: user,
    sys_mod_count: 0,
  };
}

const approvers = 5;

/** A change that is assessed asks members of its group, or of CAB Approval. */
function requestApprovals(instance: Instance, session: Session, change: Row, work: Work): void {
  const { store } = instance;
  const group =
    change.assignment_group ??
    store.get("SELECT sys_id FROM sys_user_group WHERE name = 'CAB Approval'")?.sys_id;
  if (typeof group !== "string") return;
  for (const { user } of store.all('SELECT user FROM sys_user_grmember WHERE "group" = ? LIMIT ?', [
    group,
    approvers,
  ]))
    store.insert("sysapproval_approver", {
      ...stamps(session, work),
      sys_id: work.once(newId),
      sysapproval: change.sys_id ?? null,
      document_id: change.sys_id ?? null,
      source_table: "change_request",
      approver: user ?? null,
      state: "requested",
    });
  store.update("task", String(change.sys_id), { approval: "requested" });
}

/** The first answer decides for the task. */
function passApprovalOn(instance: Instance, session: Session, approval: Row, work: Work): void {
  const state = String(approval.state);
  if (state !== "approved" && state !== "rejected") return;
  const { store } = instance;
  const task = store.get("SELECT sys_id, sys_mod_count FROM task WHERE sys_id = ?", [
    String(approval.sysapproval ?? ""),
  ]);
  if (!task) return;
  store.update("task", String(task.sys_id), {
    approval: state,
    sys_updated_on: stamp(work.time),
    sys_updated_by: session.user.userName,
    sys_mod_count: Number(task.sys_mod_count ?? 0) + 1,
  });
  for (const other of store.all(
    "SELECT sys_id FROM sysapproval_approver WHERE sysapproval = ? AND state = 'requested'",
    [String(task.sys_id)],
  ))
    store.update("sysapproval_approver", String(other.sys_id), {
      state: "not_required",
      sys_updated_on: stamp(work.time),
    });
}

/** metric_instance holds one row for each span an incident spent in a state: the label, and the raw number beside it. */
function openSpan(instance: Instance, session: Session, table: Table, row: Row, work: Work): void {
  if (table.name !== "incident") return;
  const value = toWire(columnOf(table, "state"), row.state);
  instance.store.insert("metric_instance", {
    ...stamps(session, work),
    sys_id: work.once(newId),
    id: row.sys_id ?? null,
    table: "incident",
    field: "state",
    field_value: value,
    value: instance.choices.label(table, "state", value),
    definition:
      instance.store.get("SELECT sys_id FROM metric_definition WHERE name = 'Incident State Duration'")
        ?.sys_id ?? null,
    start: stamp(work.time),
    calculation_complete: 0,
  });
}

function closeSpans(instance: Instance, row: Row, work: Work): void {
  const open = instance.store.all(
    'SELECT sys_id, start FROM metric_instance WHERE id = ? AND "end" IS NULL',
    [String(row.sys_id)],
  );
  for (const span of open) {
    const length = work.time - (parseStamp(String(span.start)) ?? work.time);
    instance.store.update("metric_instance", String(span.sys_id), {
      end: stamp(work.time),
      duration: stamp(Math.max(0, length)),
      calculation_complete: 1,
      sys_updated_on: stamp(work.time),
    });
  }
}
