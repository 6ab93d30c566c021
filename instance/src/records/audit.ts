import type { Instance } from "../core/instance";
import { columnOf, type Table } from "../dictionary/model";
import { toWire, type Row } from "../store/values";
import { stamp } from "../clock/time";
import { newId } from "../ids/sys-id";
import type { Session } from "../core/session";
import type { Work } from "../core/work";

/** Tables whose deletes leave no trace. */
const untraced = new Set([
  "sys_mutex",
  "sys_trigger",
  "sc_cart",
  "sc_cart_item",
  "wf_context",
  "oauth_credential",
]);

/** System tables whose deletes are recorded all the same. */
const tracedSystemTables = new Set(["sys_attachment"]);

export function recordInsert(instance: Instance, session: Session, table: Table, row: Row, work: Work): void {
  if (!instance.config.auditInserts || !instance.config.auditedTables.includes(table.name)) return;
  for (const column of table.columns.values()) {
    if (column.element.startsWith("sys_")) continue;
    const value = toWire(column, row[column.element]);
    if (value !== "") writeAudit(instance, session, table, row, column.element, "", value, work);
  }
}

export function recordUpdate(
  instance: Instance,
  session: Session,
  table: Table,
  before: Row,
  after: Row,
  work: Work,
): void {
  if (!instance.config.auditedTables.includes(table.name)) return;
  for (const column of table.columns.values()) {
    if (column.element.startsWith("sys_") && column.element !== "sys_class_name") continue;
    const old = toWire(column, before[column.element]);
    const now = toWire(column, after[column.element]);
    if (old !== now) writeAudit(instance, session, table, after, column.element, old, now, work);
  }
}

/** sys_audit gets its DELETED row for every table, sys_audit_delete unless it is switched off or the table is left out. */
export function recordDelete(instance: Instance, session: Session, table: Table, row: Row, work: Work): void {
  if (untraced.has(table.name)) return;
  if (table.name.startsWith("sys_") && !tracedSystemTables.has(table.name)) return;
  writeAudit(instance, session, table, row, "DELETED", "DELETED", "DELETED", work);
  if (!instance.config.deleteAudit) return;
  const now = stamp(work.time);
  const fields = [...table.columns.values()]
    .map((column) => [column.element, toWire(column, row[column.element])] as const)
    .filter(([, value]) => value !== "")
    .map(([element, value]) => `<${element}>${escapeXml(value)}</${element}>`);
  instance.store.insert("sys_audit_delete", {
    sys_id: work.once(newId),
    tablename: table.name,
    documentkey: row.sys_id ?? null,
    display_value: table.display ? toWire(columnOf(table, table.display), row[table.display]) || null : null,
    payload: `<?xml version="1.0" encoding="UTF-8"?><${table.name}>${fields.join("")}</${table.name}>`,
    sys_created_on: now,
    sys_created_by: session.user.userName,
    sys_updated_on: now,
    sys_updated_by: session.user.userName,
    sys_mod_count: 0,
  });
}

/** Drops what lies beyond the horizon, as the table cleaner does; done when somebody looks. */
export function forgetDeletes(instance: Instance): void {
  const days = instance.config.deleteAuditHorizonDays;
  if (days <= 0) return;
  const oldest = stamp(instance.clock.now() - days * 86_400_000);
  instance.store.run("DELETE FROM sys_audit_delete WHERE sys_created_on < ?", [oldest]);
  instance.store.touch("sys_audit_delete");
}

function writeAudit(
  instance: Instance,
  session: Session,
  table: Table,
  row: Row,
  fieldname: string,
  oldvalue: string,
  newvalue: string,
  work: Work,
): void {
  instance.store.insert("sys_audit", {
    sys_id: work.once(newId),
    tablename: table.name,
    documentkey: row.sys_id ?? null,
    fieldname,
    oldvalue: oldvalue || null,
    newvalue: newvalue || null,
    user: session.user.userName,
    record_checkpoint: row.sys_mod_count ?? null,
    sys_created_on: stamp(work.time),
    sys_created_by: session.user.userName,
  });
}

export function escapeXml(text: string): string {
  return text.replace(/[<>&]/g, (sign) => (sign === "<" ? "&lt;" : sign === ">" ? "&gt;" : "&amp;"));
}
