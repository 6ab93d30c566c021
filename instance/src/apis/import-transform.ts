import type { Instance } from "../core/instance";
import { columnOf, type Table } from "../dictionary/model";
import { ApiError } from "../core/errors";
import { asText, readInput, type Input } from "../records/input";
import { runAlone } from "../records/rule-scripts";
import { insertRecord, updateRecord } from "../records/write";
import type { Row } from "../store/values";
import { change, known, text } from "./rows";
import type { Session } from "../core/session";

/** What one transform map made of a staged row. */
export interface Outcome {
  map: string;
  table: string;
  status: "inserted" | "updated" | "ignored" | "error";
  sysId: string;
  message: string;
}

/** Runs every active transform map of the staging table over a staged row, in order, and notes on the row what came of it. */
export function transform(instance: Instance, session: Session, staging: Table, staged: Row): Outcome[] {
  const maps = instance.store.all(
    'SELECT * FROM sys_transform_map WHERE source_table = ? AND active = 1 ORDER BY "order", name',
    [staging.name],
  );
  const outcomes = maps.map((map) => runMap(instance, session, staged, map));
  const last = outcomes.at(-1);
  const rowId = text(staged, "sys_id");
  instance.store.setState(`import:${rowId}`, JSON.stringify(outcomes));
  change(instance, session, staging.name, rowId, {
    sys_import_state: last?.status ?? "pending",
    sys_import_state_comment: last ? last.message || null : "No transform entry or scripts are defined",
    sys_target_table: last?.table ?? null,
    sys_target_sys_id: last?.sysId || null,
    sys_transform_map: maps.at(-1)?.sys_id ?? null,
  });
  return outcomes;
}

/** What came of a staged row, or undefined when it was never transformed. */
export function outcomesOf(instance: Instance, rowId: string): Outcome[] | undefined {
  const stored = instance.store.state(`import:${rowId}`);
  return stored === undefined ? undefined : (JSON.parse(stored) as Outcome[]);
}

function runMap(instance: Instance, session: Session, staged: Row, map: Row): Outcome {
  const outcome: Outcome = {
    map: text(map, "name"),
    table: text(map, "target_table"),
    status: "error",
    sysId: "",
    message: "",
  };
  const target = instance.dictionary.get(outcome.table);
  if (!target) return { ...outcome, message: `Invalid target table ${outcome.table}` };
  try {
    // A transform writes as the caller, but no access rule is asked.
    const writer: Session = { ...session, user: { ...session.user, admin: true } };
    const { values, coalesce, rejected } = mapped(instance, target, staged, text(map, "sys_id"));
    if (rejected) return { ...outcome, status: "ignored", message: rejected };
    const input = readInput(instance, writer, target, values, true);
    const quiet = map.run_business_rules === 0;
    const existing = coalesce.length > 0 ? match(instance, target, input.values, coalesce) : undefined;
    const refused = runMapScript(instance, writer, { map, staged, target, input, existing });
    if (refused) return { ...outcome, ...refused };
    if (!existing) {
      const row = insertRecord(instance, writer, target, input, { quiet });
      return { ...outcome, status: "inserted", sysId: text(row, "sys_id") };
    }
    const sysId = text(existing, "sys_id");
    const row = updateRecord(instance, writer, target, sysId, input, { quiet });
    const same = row.sys_mod_count === existing.sys_mod_count && input.journals.length === 0;
    return same
      ? { ...outcome, status: "ignored", sysId, message: "No field values changed" }
      : { ...outcome, status: "updated", sysId };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { ...outcome, message: error.detail ?? error.message };
  }
}

/**
 * The script of a map, which has `source`, `target` and `action`, may change the target, and may set `ignore` or `error`. What it
 * changes is added to the input.
 */
function runMapScript(
  instance: Instance,
  session: Session,
  {
    map,
    staged,
    target,
    input,
    existing,
  }: {
    map: Row;
    staged: Row;
    target: Table;
    input: Input;
    existing: Row | undefined;
  },
): Pick<Outcome, "status" | "message"> | undefined {
  const script = map.run_script === 1 ? text(map, "script") : "";
  if (script === "") return undefined;
  const outcome = runAlone(instance, session, {
    rule: text(map, "name"),
    script,
    table: target,
    operation: existing ? "update" : "insert",
    row: { ...existing, ...Object.fromEntries(input.values) },
    before: existing,
    globals: {
      source: Object.fromEntries(Object.entries(staged).map(([name, value]) => [name, asText(value)])),
      action: existing ? "update" : "insert",
      ignore: false,
      error: false,
      error_message: "",
    },
  });
  const { ignore, error, error_message } = outcome.globals;
  if (error === true || outcome.error !== undefined)
    return { status: "error", message: outcome.error ?? asText(error_message) };
  if (ignore === true) return { status: "ignored", message: "Row transform ignored by script" };
  const changed = readInput(instance, session, target, outcome.changes, false);
  for (const [name, value] of changed.values) if (name !== "sys_id") input.values.set(name, value);
  return undefined;
}

/** Target values by the field maps. Empty source fields are left out, so that they overwrite nothing. */
function mapped(
  instance: Instance,
  target: Table,
  staged: Row,
  mapId: string,
): { values: Record<string, unknown>; coalesce: string[]; rejected?: string } {
  const values: Record<string, unknown> = {};
  const coalesce: string[] = [];
  for (const entry of instance.store.all(
    "SELECT * FROM sys_transform_entry WHERE map = ? ORDER BY row_number",
    [mapId],
  )) {
    const field = text(entry, "target_field");
    const value = asText(staged[text(entry, "source_field")]);
    if (entry.coalesce === 1) coalesce.push(field);
    if (value === "" || !target.columns.has(field)) continue;
    const column = columnOf(target, field);
    const action = text(entry, "choice_action");
    if (column.kind === "reference" && column.reference && action !== "") {
      const found = instance.displays.find(column.reference, value);
      if (!found && !/^[0-9a-f]{32}$/.test(value)) {
        if (action === "reject")
          return {
            values,
            coalesce,
            rejected: `Row transform ignored by field map of ${field}: no ${value}`,
          };
        if (action === "ignore") continue;
      }
    }
    values[field] = value;
  }
  return { values, coalesce };
}

/** The record whose coalesce fields all have these values; an empty one matches nothing. */
function match(
  instance: Instance,
  target: Table,
  values: Map<string, unknown>,
  coalesce: string[],
): Row | undefined {
  const parameters = coalesce.map((field) => values.get(field) ?? null) as (string | number | null)[];
  if (parameters.some((value) => value === null)) return undefined;
  const where = coalesce.map((field) => `"${field}" = ?`).join(" AND ");
  const rows = instance.store.all(`SELECT * FROM "${target.storage}" WHERE ${where}`, parameters);
  return rows.find((row) => instance.store.belongs(known(instance, target.name), row));
}
