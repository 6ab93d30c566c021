import type { Instance, Session } from "../core";
import type { Table } from "../dictionary/model";
import { errors } from "../http/errors";
import { compileQuery } from "../query/compile";
import { or } from "../query/fields";
import { parseQuery } from "../query/parse";
import { toStored, toWire, type Row } from "../store/values";
import { stamp } from "../time";
import { sendOutbound } from "./outbound";
import type { Work } from "./pending";
import { runScript, type ScriptInput, type ScriptOutcome } from "./sandbox";
import { isStored, Serialiser } from "./serialise";
import { newId } from "./write-ids";

type Operation = "insert" | "update" | "delete";

interface Rule {
  sysId: string;
  name: string;
  collection: string;
  when: string;
  operations: Set<Operation>;
  filter: string;
  condition: string;
  script: string;
  abort: boolean;
}

const cache = new WeakMap<Instance, { version: number; rules: Rule[] }>();

function rulesOf(instance: Instance): Rule[] {
  const version = instance.store.version("sys_script");
  const known = cache.get(instance);
  if (known?.version === version) return known.rules;
  const rules = instance.store
    .all('SELECT * FROM sys_script WHERE active = 1 ORDER BY "order", row_number')
    .map((row): Rule => {
      const operations = (["insert", "update", "delete"] as const).filter(
        (name) => row[`action_${name}`] === 1,
      );
      return {
        sysId: String(row.sys_id),
        name: String(row.name ?? ""),
        collection: String(row.collection ?? ""),
        when: String(row.when ?? "after"),
        operations: new Set(operations),
        filter: String(row.filter_condition ?? ""),
        condition: String(row.condition ?? ""),
        script: row.advanced === 0 ? "" : String(row.script ?? ""),
        abort: row.abort_action === 1,
      };
    });
  cache.set(instance, { version, rules });
  return rules;
}

/**
 * Runs the business rules of sys_script for one write that stands in storage already (and for a delete, still).
 * `before` and `after` rules run within the transaction, `async` ones once it is committed.
 *
 * @throws ApiError when a rule aborts the write
 */
export function runRules(
  instance: Instance,
  session: Session,
  table: Table,
  operation: Operation,
  sysId: string,
  before: Row | undefined,
  work: Work,
): void {
  const rules = rulesOf(instance).filter(
    (rule) => rule.operations.has(operation) && table.lineage.includes(rule.collection),
  );
  if (rules.length === 0) return;
  const row = instance.store.byId(table, sysId);
  if (!row) return;
  const ordered = [
    ...rules.filter(({ when }) => when.startsWith("before")),
    ...rules.filter(({ when }) => when === "after"),
  ];
  for (const rule of ordered) {
    const current = instance.store.byId(table, sysId)!;
    if (!applies(instance, session, table, rule, current, before)) continue;
    if (rule.abort) throw errors.ruleAborted(table.name, rule.name, rule.sysId);
    if (rule.script === "") continue;
    const outcome = run(instance, session, table, rule, operation, current, before, work);
    if (outcome.aborted) throw errors.ruleAborted(table.name, rule.name, rule.sysId);
    if (rule.when.startsWith("before") && operation !== "delete")
      applyChanges(instance, table, sysId, outcome);
    for (const call of outcome.calls) work.effects.push(() => sendOutbound(instance, rule.name, call));
  }
  const later = rules.filter(({ when }) => when.startsWith("async"));
  if (later.length === 0) return;
  const snapshot = instance.store.byId(table, sysId)!;
  for (const rule of later) {
    if (rule.script === "" || !applies(instance, session, table, rule, snapshot, before)) continue;
    const start = (): void => {
      const outcome = run(instance, session, table, rule, operation, snapshot, before, work);
      for (const call of outcome.calls) sendOutbound(instance, rule.name, call);
    };
    const delay = instance.config.asyncRuleDelaySeconds * 1000;
    work.effects.push(() => {
      const timer = setTimeout(() => instance.open && start(), delay);
      timer.unref();
    });
  }
}

/** The filter is an encoded query over the record; CHANGES operators compare with what it was. */
function applies(
  instance: Instance,
  session: Session,
  table: Table,
  rule: Rule,
  row: Row,
  before: Row | undefined,
): boolean {
  if (rule.filter !== "") {
    const compiled = compileQuery(parseQuery(rule.filter), table, {
      ...instance.access.queryContext(session.user),
      allowed: () => true,
      changes: (operator, field, value) => {
        const changed = !before || before[field] !== row[field];
        const compared = operator === "CHANGESFROM" ? before?.[field] : row[field];
        return changed && (operator === "VALCHANGES" || String(compared ?? "") === value);
      },
    });
    const condition = or(compiled.groups);
    const found = instance.store.get(
      `SELECT 1 AS yes FROM "${table.storage}" r WHERE r.sys_id = ? AND ${condition.sql}`,
      [String(row.sys_id), ...condition.parameters],
    );
    if (!found) return false;
  }
  if (rule.condition === "") return true;
  const outcome = runScript(rule.condition, inputFor(instance, session, table, "update", row, before));
  return outcome.error === undefined && Boolean(outcome.value);
}

function run(
  instance: Instance,
  session: Session,
  table: Table,
  rule: Rule,
  operation: Operation,
  row: Row,
  before: Row | undefined,
  work: Work,
): ScriptOutcome {
  // Scripts as the platform makes them define executeRule and call it at once; a bare body works as well.
  const outcome = runScript(rule.script, inputFor(instance, session, table, operation, row, before));
  const lines =
    outcome.error === undefined
      ? outcome.logs
      : [...outcome.logs, { level: "error", message: outcome.error }];
  for (const { level, message } of lines)
    instance.store.insert("syslog", {
      sys_id: newId(),
      level,
      message: message.slice(0, 1000),
      source: `sys_script.${rule.name}`,
      sys_created_on: stamp(work.time),
      sys_created_by: session.user.userName,
      sys_updated_on: stamp(work.time),
    });
  return outcome;
}

function inputFor(
  instance: Instance,
  session: Session,
  table: Table,
  operation: Operation,
  row: Row,
  before: Row | undefined,
): ScriptInput {
  const columns = [...table.columns.values()].filter(isStored);
  const text = (from: Row): Record<string, string> =>
    Object.fromEntries(columns.map((column) => [column.element, toWire(column, from[column.element])]));
  const serialiser = new Serialiser(instance, session, table, { displayValue: "true", excludeLink: true });
  const shown = JSON.parse(serialiser.write(row)) as Record<string, string | null>;
  return {
    table: table.name,
    operation,
    current: text(row),
    displays: Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, value ?? ""])),
    previous: before ? text(before) : null,
    user: { sysId: session.user.sysId, userName: session.user.userName, name: session.user.name },
    properties: Object.fromEntries(
      instance.store
        .all("SELECT name, value FROM sys_properties LIMIT 500")
        .map((property) => [String(property.name), String(property.value ?? "")]),
    ),
    messages: restMessages(instance),
    now: stamp(instance.stampTime()),
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

function applyChanges(instance: Instance, table: Table, sysId: string, outcome: ScriptOutcome): void {
  const changes: Row = {};
  for (const [element, text] of Object.entries(outcome.changes)) {
    const column = table.columns.get(element);
    if (column && isStored(column) && element !== "sys_id") changes[element] = toStored(column, text);
  }
  instance.store.update(table.storage, sysId, changes);
}
