import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";
import { toWire, type Row } from "../store/values";
import { stamp } from "../clock/time";
import { listRecords } from "./list";
import { mostCalls, sendOutbound, unanswered } from "./outbound";
import { runScript, type ScriptHost, type ScriptInput, type ScriptOutcome, type ScriptRow } from "./sandbox";
import { isStored, Serialiser } from "./serialise";
import { newId } from "../ids/sys-id";
import type { OutboundAnswer, Session } from "../core/session";

export type RuleOperation = "insert" | "update" | "delete";

/** A script and the write that it runs for. */
export interface ScriptRun {
  /** Name of the rule, for the log. */
  rule: string;
  script: string;
  table: Table;
  operation: RuleOperation;
  row: Row;
  before: Row | undefined;
  /** Variables beyond `current` and `previous`. */
  globals?: Record<string, unknown>;
}

/** Runs a script once. It may end waiting for the answer to a call; otherwise what it logged is kept. */
export function runOnce(
  instance: Instance,
  session: Session,
  run: ScriptRun,
  answers: OutboundAnswer[],
): ScriptOutcome {
  const outcome = runScript(
    run.script,
    inputFor(instance, session, run, answers),
    hostFor(instance, session),
  );
  if (!outcome.waiting) keepLog(instance, session, run.rule, outcome);
  return outcome;
}

/**
 * Runs a script whose write is committed, again for each call that it waits for; then sends what it wants no answer to. Never
 * fails: nobody could be told.
 */
export async function runToEnd(instance: Instance, session: Session, run: ScriptRun): Promise<void> {
  const answers: OutboundAnswer[] = [];
  try {
    while (instance.open) {
      const outcome = runOnce(instance, session, run, answers);
      for (const call of outcome.calls) void sendOutbound(instance, run.rule, call);
      if (!outcome.waiting) return;
      answers.push(
        answers.length < mostCalls
          ? await sendOutbound(instance, run.rule, outcome.waiting)
          : unanswered("Refused: the script makes too many calls"),
      );
    }
  } catch (error) {
    console.error(`The business rule ${run.rule} failed:`, error);
  }
}

/** Runs a script that nobody can wait for: calls that it makes get no answer. */
export function runAlone(instance: Instance, session: Session, run: ScriptRun): ScriptOutcome {
  const answers: OutboundAnswer[] = [];
  for (;;) {
    const outcome = runOnce(instance, session, run, answers);
    for (const call of outcome.calls) void sendOutbound(instance, run.rule, call);
    if (!outcome.waiting) return outcome;
    answers.push(unanswered("This script cannot wait for an answer"));
  }
}

/** The value of a rule's condition. */
export function conditionHolds(instance: Instance, session: Session, run: ScriptRun): boolean {
  const outcome = runScript(run.script, inputFor(instance, session, run, []), hostFor(instance, session));
  return outcome.error === undefined && Boolean(outcome.value);
}

function keepLog(instance: Instance, session: Session, rule: string, outcome: ScriptOutcome): void {
  const now = stamp(instance.stampTime());
  const common = { sys_created_on: now, sys_created_by: session.user.userName, sys_updated_on: now };
  const lines =
    outcome.error === undefined
      ? outcome.logs
      : [...outcome.logs, { level: "error", message: outcome.error }];
  for (const { level, message } of lines)
    instance.store.insert("syslog", {
      ...common,
      sys_id: newId(),
      level,
      message: message.slice(0, 1000),
      source: `sys_script.${rule}`,
    });
  for (const { name, table, instance: record, parm1, parm2 } of outcome.events)
    instance.store.insert("sysevent", {
      ...common,
      sys_id: newId(),
      name: name.slice(0, 100),
      table: table || null,
      instance: record || null,
      parm1: parm1 || null,
      parm2: parm2 || null,
      state: "ready",
    });
}

const mostRows = 1000;

/** Scripts read whatever there is: they run with the rights of the system. */
function hostFor(instance: Instance, session: Session): ScriptHost {
  const system: Session = { user: { ...session.user, admin: true } };
  return {
    rows(name, query, limit) {
      const table = instance.dictionary.get(name);
      if (!table) return [];
      const { rows } = listRecords(instance, system, table, {
        query,
        limit: limit > 0 ? Math.min(limit, mostRows) : mostRows,
        offset: 0,
        columns: storedColumns(table),
        count: false,
      });
      return rows.map((row) => scriptRow(instance, system, table, row));
    },
  };
}

function storedColumns(table: Table): string[] {
  return [...table.columns.values()].filter(isStored).map((column) => column.element);
}

function scriptRow(instance: Instance, session: Session, table: Table, row: Row): ScriptRow {
  const columns = [...table.columns.values()].filter(isStored);
  const serialiser = new Serialiser(instance, session, table, { displayValue: "true", excludeLink: true });
  const shown = JSON.parse(serialiser.write(row)) as Record<string, string | null>;
  return {
    values: Object.fromEntries(
      columns.map((column) => [column.element, toWire(column, row[column.element])]),
    ),
    displays: Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, value ?? ""])),
    references: Object.fromEntries(
      columns.flatMap((column) =>
        column.kind === "reference" && column.reference ? [[column.element, column.reference]] : [],
      ),
    ),
  };
}

function inputFor(
  instance: Instance,
  session: Session,
  { table, operation, row, before, globals = {} }: ScriptRun,
  answers: OutboundAnswer[],
): ScriptInput {
  const { user } = session;
  return {
    table: table.name,
    operation,
    current: scriptRow(instance, session, table, row),
    previous: before ? scriptRow(instance, session, table, before) : null,
    user: { sysId: user.sysId, userName: user.userName, name: user.name, roles: [...user.roles] },
    properties: {
      "glide.servlet.uri": `${instance.baseUrl}/`,
      ...Object.fromEntries(
        instance.store
          .all("SELECT name, value FROM sys_properties LIMIT 500")
          .map((property) => [String(property.name), String(property.value ?? "")]),
      ),
    },
    messages: restMessages(instance),
    now: stamp(instance.stampTime()),
    globals,
    answers,
  };
}

function restMessages(instance: Instance): ScriptInput["messages"] {
  return instance.store
    .all(
      "SELECT f.sys_id AS id, m.name AS name, f.function_name AS fn, COALESCE(f.rest_endpoint, m.rest_endpoint) AS endpoint, f.http_method AS method, f.content AS content FROM sys_rest_message_fn f JOIN sys_rest_message m ON m.sys_id = f.rest_message LIMIT 200",
    )
    .map((row) => ({
      name: String(row.name ?? ""),
      function: String(row.fn ?? ""),
      endpoint: String(row.endpoint ?? ""),
      method: String(row.method ?? "get"),
      content: String(row.content ?? ""),
      headers: Object.fromEntries(
        instance.store
          .all("SELECT name, value FROM sys_rest_message_fn_headers WHERE rest_message_function = ?", [
            String(row.id),
          ])
          .map((header) => [String(header.name), String(header.value ?? "")]),
      ),
    }));
}
