import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";
import { compileQuery } from "../query/compile";
import { parseQuery } from "../query/parse";
import type { Row } from "../store/values";
import { parseStamp, stamp } from "../clock/time";
import { newId } from "../ids/sys-id";
import type { Session } from "../core/session";
import { or } from "../store/sql";
import type { Work } from "../core/work";

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

/** Starts the SLAs of a new task. */
export function startSlas(instance: Instance, session: Session, table: Table, row: Row, work: Work): void {
  const { definitions, holds } = evaluate(instance, session, table, row, ({ start }) => [start]);
  for (const definition of definitions)
    if (holds(definition.start)) start(instance, session, row, definition, work);
}

/** Starts, pauses and completes the SLAs of a task that was changed. Time runs around the clock; schedules are not kept. */
export function updateSlas(instance: Instance, session: Session, table: Table, row: Row, work: Work): void {
  const asked = ({ start, stop, pause }: Definition): string[] => [start, stop, pause];
  const { definitions, holds } = evaluate(instance, session, table, row, asked);
  for (const definition of definitions) {
    const running = instance.store.get("SELECT * FROM task_sla WHERE task = ? AND sla = ? AND active = 1", [
      String(row.sys_id),
      definition.sysId,
    ]);
    if (!running) {
      if (holds(definition.start)) start(instance, session, row, definition, work);
      continue;
    }
    const now = stamp(work.time);
    const change = {
      sys_updated_on: now,
      sys_updated_by: session.user.userName,
      sys_mod_count: Number(running.sys_mod_count ?? 0) + 1,
    };
    const sysId = String(running.sys_id);
    const stopped = holds(definition.stop);
    if (stopped || !(holds(definition.start) || holds(definition.pause)))
      instance.store.update("task_sla", sysId, {
        ...change,
        active: 0,
        stage: stopped ? "completed" : "cancelled",
        end_time: now,
      });
    else {
      const stage = holds(definition.pause) ? "paused" : "in_progress";
      if (stage !== running.stage && running.has_breached !== 1)
        instance.store.update("task_sla", sysId, { ...change, stage });
    }
  }
}

function start(instance: Instance, session: Session, row: Row, definition: Definition, work: Work): void {
  const now = stamp(work.time);
  const user = session.user.userName;
  instance.store.insert("task_sla", {
    sys_id: work.once(newId),
    task: row.sys_id ?? null,
    sla: definition.sysId,
    stage: "in_progress",
    active: 1,
    has_breached: 0,
    start_time: now,
    planned_end_time: stamp(work.time + definition.durationMs),
    sys_created_on: now,
    sys_created_by: user,
    sys_updated_on: now,
    sys_updated_by: user,
    sys_mod_count: 0,
  });
}

/** The definitions of a table, and which of their conditions hold for the record: asked of the database at once. An empty one does not. */
function evaluate(
  instance: Instance,
  session: Session,
  table: Table,
  row: Row,
  conditionsOf: (definition: Definition) => string[],
): { definitions: Definition[]; holds: (condition: string) => boolean } {
  const definitions = definitionsOf(instance).filter(({ collection }) => table.lineage.includes(collection));
  const asked = [...new Set(definitions.flatMap(conditionsOf))].filter((condition) => condition !== "");
  if (asked.length === 0) return { definitions, holds: () => false };
  const context = { ...instance.access.queryContext(session.user), allowed: () => true };
  const terms = asked.map((condition) => or(compileQuery(parseQuery(condition), table, context).groups));
  const found = instance.store.get(
    `SELECT ${terms.map(({ sql }, at) => `(${sql}) AS c${at}`).join(", ")} FROM "${table.storage}" r WHERE r.sys_id = ?`,
    [...terms.flatMap(({ parameters }) => parameters), String(row.sys_id)],
  );
  return { definitions, holds: (condition) => found?.[`c${asked.indexOf(condition)}`] === 1 };
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
