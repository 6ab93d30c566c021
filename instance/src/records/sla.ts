import type { Instance, Session } from "../core";
import type { Table } from "../dictionary/model";
import { compileQuery } from "../query/compile";
import { or } from "../query/fields";
import { parseQuery } from "../query/parse";
import type { Row } from "../store/values";
import { parseStamp, stamp } from "../time";
import type { Work } from "./pending";
import { newId } from "./write-ids";

interface Definition {
  sysId: string;
  collection: string;
  durationMs: number;
  start: string;
  stop: string;
  pause: string;
}

const cache = new WeakMap<Instance, { version: number; definitions: Definition[] }>();

function definitionsOf(instance: Instance): Definition[] {
  const version = instance.store.version("contract_sla");
  const known = cache.get(instance);
  if (known?.version === version) return known.definitions;
  const definitions = instance.store.all("SELECT * FROM contract_sla WHERE active = 1").map((row) => ({
    sysId: String(row.sys_id),
    collection: String(row.collection ?? ""),
    durationMs: parseStamp(String(row.duration ?? "")) ?? 0,
    start: String(row.start_condition ?? ""),
    stop: String(row.stop_condition ?? ""),
    pause: String(row.pause_condition ?? ""),
  }));
  cache.set(instance, { version, definitions });
  return definitions;
}

/** Starts, pauses and completes the SLAs of a task that was written. Time runs around the clock; schedules are not kept. */
export function followSlas(instance: Instance, session: Session, table: Table, row: Row, work: Work): void {
  for (const definition of definitionsOf(instance)) {
    if (!table.lineage.includes(definition.collection)) continue;
    const holds = (condition: string): boolean =>
      condition !== "" && matches(instance, session, table, row, condition);
    const running = instance.store.get("SELECT * FROM task_sla WHERE task = ? AND sla = ? AND active = 1", [
      String(row.sys_id),
      definition.sysId,
    ]);
    const now = stamp(work.time);
    const by = { sys_updated_on: now, sys_updated_by: session.user.userName };
    if (!running) {
      if (!holds(definition.start)) continue;
      instance.store.insert("task_sla", {
        ...by,
        sys_id: work.once(newId),
        task: row.sys_id ?? null,
        sla: definition.sysId,
        stage: "in_progress",
        active: 1,
        has_breached: 0,
        start_time: now,
        planned_end_time: stamp(work.time + definition.durationMs),
        sys_created_on: now,
        sys_created_by: session.user.userName,
        sys_mod_count: 0,
      });
      continue;
    }
    const sysId = String(running.sys_id);
    if (holds(definition.stop) || !(holds(definition.start) || holds(definition.pause)))
      instance.store.update("task_sla", sysId, {
        ...by,
        active: 0,
        stage: holds(definition.stop) ? "completed" : "cancelled",
        end_time: now,
        sys_mod_count: Number(running.sys_mod_count ?? 0) + 1,
      });
    else {
      const stage = holds(definition.pause) ? "paused" : "in_progress";
      if (stage !== running.stage && running.has_breached !== 1)
        instance.store.update("task_sla", sysId, {
          ...by,
          stage,
          sys_mod_count: Number(running.sys_mod_count ?? 0) + 1,
        });
    }
  }
}

function matches(instance: Instance, session: Session, table: Table, row: Row, condition: string): boolean {
  const compiled = compileQuery(parseQuery(condition), table, {
    ...instance.access.queryContext(session.user),
    allowed: () => true,
  });
  const where = or(compiled.groups);
  return (
    instance.store.get(`SELECT 1 AS yes FROM "${table.storage}" r WHERE r.sys_id = ? AND ${where.sql}`, [
      String(row.sys_id),
      ...where.parameters,
    ]) !== undefined
  );
}

/** Marks what is overdue by now as breached; done when somebody looks. */
export function settleBreaches(instance: Instance): void {
  const now = stamp(instance.clock.now());
  const due = instance.store.all(
    "SELECT sys_id, task, planned_end_time, sys_mod_count FROM task_sla WHERE active = 1 AND has_breached = 0 AND stage <> 'paused' AND planned_end_time <= ?",
    [now],
  );
  for (const row of due) {
    instance.store.update("task_sla", String(row.sys_id), {
      has_breached: 1,
      stage: "breached",
      sys_updated_on: row.planned_end_time ?? now,
      sys_updated_by: "system",
      sys_mod_count: Number(row.sys_mod_count ?? 0) + 1,
    });
    instance.store.update("task", String(row.task), { made_sla: 0 });
  }
}
