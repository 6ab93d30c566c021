import type { Instance } from "../core/instance";
import { deleteRecord } from "../records/write";
import type { Row } from "../store/values";
import { stamp } from "../clock/time";
import { blackouts, schedulesFor, spansOf, type Span } from "./change-windows";
import { change, create, known, text } from "./rows";
import { overlapping, plannedOf } from "./change-schedule";
import type { Session } from "../core/session";

/** What is looked for, each by its property `change.conflict.…`, and whether it is unless the property says otherwise. */
const checks: Record<string, boolean> = {
  currentci: true,
  blackout: true,
  currentwindow: true,
  relatedchildblackout: false,
  relatedparentblackout: false,
  relatedchildwindow: false,
  relatedparentwindow: false,
  assigned_to: false,
};

interface Found {
  type: string;
  item: string;
  related?: string;
  conflicting?: Row;
  schedule?: Row;
}

/**
 * Looks for conflicts of a change, keeps them as rows of `conflict` in place of those it had, and returns the change.
 *
 * @throws ApiError 400 when the change has no item or no planned times
 */
export function checkConflicts(instance: Instance, session: Session, row: Row): Row {
  const id = text(row, "sys_id");
  const { ci, start, length } = plannedOf(row);
  const span = { start, end: start + length };
  const now = stamp(instance.stampTime());
  for (const old of instance.store.all("SELECT sys_id FROM conflict WHERE change = ?", [id]))
    deleteRecord(instance, session, known(instance, "conflict"), text(old, "sys_id"));
  const found = [
    ...itemsOf(instance, row, ci).flatMap((item) => conflictsOf(instance, session, row, item, span)),
    ...(isOn(instance, "assigned_to") ? sameAssignee(instance, row, ci, span) : []),
  ];
  for (const { type, item, related, conflicting, schedule } of found)
    create(instance, session, "conflict", {
      change: id,
      configuration_item: item,
      related_configuration_item: related ?? null,
      conflicting_change: conflicting?.sys_id ?? null,
      schedule: schedule?.sys_id ?? null,
      type,
      last_checked: now,
    });
  return change(instance, session, "change_request", id, {
    conflict_status: found.length > 0 ? "Conflict" : "No Conflict",
    conflict_last_run: now,
    outside_maintenance_schedule: found.some(({ type }) => type.endsWith("not_in_maintenance_window"))
      ? 1
      : 0,
  });
}

function property(instance: Instance, name: string): string {
  return text(
    instance.store.get("SELECT value FROM sys_properties WHERE name = ?", [`change.conflict.${name}`]),
    "value",
  ).toLowerCase();
}

function isOn(instance: Instance, name: string): boolean {
  const value = property(instance, name);
  return value === "" ? checks[name] === true : value === "true" || value === "yes";
}

/** The item of the change; in advanced mode the affected ones as well. */
function itemsOf(instance: Instance, row: Row, ci: string): string[] {
  if (property(instance, "mode") !== "advanced") return [ci];
  const affected = instance.store
    .all("SELECT ci_item FROM task_ci WHERE task = ?", [text(row, "sys_id")])
    .map((link) => text(link, "ci_item"));
  return [...new Set([ci, ...affected])];
}

function conflictsOf(instance: Instance, session: Session, row: Row, ci: string, span: Span): Found[] {
  const found: Found[] = [];
  if (isOn(instance, "currentci"))
    for (const conflicting of overlapping(instance, ci, span, text(row, "sys_id")))
      found.push({ type: "ci_already_scheduled", item: ci, conflicting });
  const kin = [
    { ids: [ci], prefix: "", blackout: "blackout", window: "currentwindow" },
    {
      ids: related(instance, "parent", ci),
      prefix: "parent_",
      blackout: "relatedparentblackout",
      window: "relatedparentwindow",
    },
    {
      ids: related(instance, "child", ci),
      prefix: "child_",
      blackout: "relatedchildblackout",
      window: "relatedchildwindow",
    },
  ];
  for (const { ids, prefix, blackout, window } of kin)
    for (const id of ids) {
      const item = instance.store.byId(known(instance, "cmdb_ci"), id);
      if (!item) continue;
      const about = { item: ci, ...(id === ci ? {} : { related: id }) };
      if (isOn(instance, blackout))
        for (const schedule of blackouts(instance, session, item, row, span))
          found.push({ ...about, type: `${prefix}blackout`, schedule });
      if (isOn(instance, window)) {
        const missed = missedWindow(instance, session, item, row, span);
        if (missed) found.push({ ...about, type: `${prefix}not_in_maintenance_window`, schedule: missed });
      }
    }
  return found;
}

function related(instance: Instance, side: "parent" | "child", ci: string): string[] {
  const other = side === "parent" ? "child" : "parent";
  return instance.store
    .all(`SELECT DISTINCT ${side} AS id FROM cmdb_rel_ci WHERE ${other} = ?`, [ci])
    .map((row) => text(row, "id"));
}

/** A maintenance schedule of the item, when there are some and none of their windows holds the whole span. */
function missedWindow(
  instance: Instance,
  session: Session,
  item: Row,
  row: Row,
  span: Span,
): Row | undefined {
  const schedules = schedulesFor(instance, session, "cmn_schedule_maintenance", item, row);
  const within = schedules.some((schedule) =>
    spansOf(instance, session, schedule, span).some(
      ({ start, end }) => start <= span.start && end >= span.end,
    ),
  );
  return within ? undefined : schedules[0];
}

function sameAssignee(instance: Instance, row: Row, ci: string, span: Span): Found[] {
  if (!row.assigned_to) return [];
  return instance.store
    .all(
      `SELECT * FROM task WHERE sys_class_name = 'change_request' AND assigned_to = ? AND active = 1 AND sys_id <> ?
       AND start_date < ? AND end_date > ? ORDER BY start_date`,
      [text(row, "assigned_to"), text(row, "sys_id"), stamp(span.end), stamp(span.start)],
    )
    .map((conflicting) => ({ type: "assigned_to_already_scheduled", item: ci, conflicting }));
}
