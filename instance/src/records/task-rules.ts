import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";
import { errors } from "../core/errors";
import type { Row } from "../store/values";

/** What the task tables do on their own before a record is stored. */

const priorities: Record<string, number> = {
  "1,1": 1,
  "1,2": 2,
  "1,3": 3,
  "2,1": 2,
  "2,2": 3,
  "2,3": 4,
  "3,1": 3,
  "3,2": 4,
  "3,3": 5,
};

/** Values that a class starts with where they differ from the column's default. */
export const classDefaults: Record<string, Row> = {
  problem: { state: 101, problem_state: 101 },
  change_request: { state: -5, approval: "not requested" },
  change_task: { state: -5 },
  problem_task: { state: 151 },
  incident: { state: 1, incident_state: 1 },
  sn_customerservice_case: { state: 1 },
};

const closedStates: Record<string, number[]> = {
  incident: [7, 8],
  problem: [107],
  problem_task: [157],
  change_request: [3, 4],
  sn_customerservice_case: [3, 7],
  task: [3, 4, 7],
};
const resolvedStates: Record<string, number> = { incident: 6, problem: 106, sn_customerservice_case: 6 };

const changeMoves: Record<string, number[]> = {
  "-5": [-4, 4],
  "-4": [-3, -5, 4],
  "-3": [-2, -5, 4],
  "-2": [-1, -5, 4],
  "-1": [0, 4],
  "0": [3, 4],
  "3": [],
  "4": [],
};
const changeShortcuts: Record<string, Record<string, number[]>> = {
  standard: { "-5": [-4, -3, -2, 4] },
  emergency: { "-5": [-4, -3, 4] },
};
const problemMoves: Record<string, number[]> = {
  "101": [102, 107],
  "102": [103, 107],
  "103": [104, 106, 107],
  "104": [103, 106, 107],
  "106": [103, 107],
  "107": [103],
};

/** The states a change of this type may go to from where it is. */
export function nextChangeStates(type: string, state: number): number[] {
  return changeShortcuts[type]?.[String(state)] ?? changeMoves[String(state)] ?? [];
}

/**
 * Completes a task record that is about to be stored, in place.
 *
 * @param before the record as it was, or undefined for an insert
 * @throws ApiError when a state model or a data policy refuses it
 */
export function applyTaskRules(
  instance: Instance,
  table: Table,
  row: Row,
  before: Row | undefined,
  context: { now: string; userId: string },
): void {
  if (!table.lineage.includes("task")) return;
  mirrorStates(table, row, before);
  if (table.lineage.includes("incident") || table.lineage.includes("problem"))
    row.priority = priorities[`${row.impact ?? 3},${row.urgency ?? 3}`] ?? row.priority ?? 4;
  if (instance.config.stateModels) checkState(table, row, before);
  if (instance.config.dataPolicies) checkDataPolicy(table, row, before);
  followState(table, row, before, context);
  if (before && before.assignment_group !== null && before.assignment_group !== row.assignment_group)
    row.reassignment_count = Number(row.reassignment_count ?? 0) + 1;
}

/** `state` and `incident_state` are one; whichever was written wins. */
function mirrorStates(table: Table, row: Row, before: Row | undefined): void {
  const twin = table.lineage.includes("incident")
    ? "incident_state"
    : table.lineage.includes("problem")
      ? "problem_state"
      : undefined;
  if (!twin || !table.columns.has(twin)) return;
  const base = before ?? classDefaults[table.lineage.at(-2) ?? ""] ?? {};
  const changed = (element: string): boolean => row[element] !== base[element];
  if (changed("state")) row[twin] = row.state ?? null;
  else if (changed(twin)) row.state = row[twin] ?? null;
}

function checkState(table: Table, row: Row, before: Row | undefined): void {
  const state = Number(row.state);
  if (table.lineage.includes("change_request")) {
    const from = before ? Number(before.state) : undefined;
    const allowed =
      from === undefined
        ? state === -5
        : from === state || nextChangeStates(String(row.type ?? "normal"), from).includes(state);
    if (!allowed)
      throw errors.ruleAborted(
        table.name,
        "Change Model: Check State Transition",
        "ad1e2b3c53110010f8ddeeff7b1255aa",
      );
  }
  if (table.lineage.includes("problem") && before && before.state !== row.state) {
    const allowed = problemMoves[String(before.state)] ?? [];
    if (!allowed.includes(state)) {
      row.state = before.state ?? null;
      row.problem_state = before.state ?? null;
    }
  }
}

function checkDataPolicy(table: Table, row: Row, before: Row | undefined): void {
  if (!table.lineage.includes("incident")) return;
  const state = Number(row.state);
  if (state !== 6 && state !== 7) return;
  if (before && before.state === row.state && before.close_code !== null && before.close_notes !== null) {
    if (row.close_code !== null && row.close_notes !== null) return;
  }
  const missing: string[] = [];
  if (row.close_code === null || row.close_code === undefined) missing.push("Resolution code");
  if (row.close_notes === null || row.close_notes === undefined) missing.push("Close notes");
  if (missing.length > 0) throw errors.mandatory(missing);
}

function followState(
  table: Table,
  row: Row,
  before: Row | undefined,
  { now, userId }: { now: string; userId: string },
): void {
  if (before && before.state === row.state) return;
  const family = table.lineage.find((name) => closedStates[name]) ?? "task";
  const state = Number(row.state);
  const ends = closedStates[family] ?? [];
  const closed = ends.includes(state);
  const wasClosed = before ? ends.includes(Number(before.state)) : false;
  if (closed) {
    row.active = 0;
    row.closed_at ??= now;
    row.closed_by ??= userId;
  } else if (wasClosed) {
    row.active = 1;
    row.closed_at = null;
    row.closed_by = null;
  }
  if (state === resolvedStates[family] && table.columns.has("resolved_at")) {
    row.resolved_at ??= now;
    row.resolved_by ??= userId;
  } else if (
    before &&
    Number(before.state) === resolvedStates[family] &&
    !closed &&
    table.columns.has("reopen_count")
  ) {
    row.reopen_count = Number(row.reopen_count ?? 0) + 1;
    row.resolved_at = null;
    row.resolved_by = null;
  }
}
