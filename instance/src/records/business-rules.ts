import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";
import { errors } from "../core/errors";
import { compileQuery } from "../query/compile";
import { parseQuery } from "../query/parse";
import { toStored, type Row } from "../store/values";
import { addJournal } from "./journal";
import { CallNeeded, sendOutbound, unanswered } from "./outbound";
import { conditionHolds, runOnce, runToEnd, type RuleOperation, type ScriptRun } from "./rule-scripts";
import type { ScriptOutcome } from "./sandbox";
import { isStored } from "./serialise";
import type { OutboundAnswer, Session } from "../core/session";
import { or } from "../store/sql";
import type { Work } from "../core/work";

interface Rule {
  sysId: string;
  name: string;
  collection: string;
  when: string;
  operations: Set<RuleOperation>;
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
 * Runs the business rules of sys_script for one write that stands in storage already (and for a delete, still). `before` rules run
 * within the transaction and may change or abort the write. `after` rules run once it is committed, and the request that wrote waits
 * for them; nothing waits for `async` ones, which run at their time by the instance's clock.
 *
 * @throws ApiError when a rule aborts the write
 * @throws CallNeeded when a `before` rule waits for the answer to a call
 */
export function runRules(
  instance: Instance,
  session: Session,
  table: Table,
  operation: RuleOperation,
  sysId: string,
  before: Row | undefined,
  work: Work,
): void {
  const rules = rulesOf(instance).filter(
    (rule) => rule.operations.has(operation) && table.lineage.includes(rule.collection),
  );
  if (rules.length === 0 || !instance.store.byId(table, sysId)) return;
  const runOf = (rule: Rule, script: string): ScriptRun => ({
    rule: rule.name,
    script,
    table,
    operation,
    row: instance.store.byId(table, sysId) ?? {},
    before,
  });
  const wanted = (rule: Rule, when: string): boolean =>
    rule.when.startsWith(when) && applies(instance, session, rule, runOf(rule, rule.condition));
  for (const rule of rules) {
    if (!wanted(rule, "before")) continue;
    if (rule.abort) throw errors.ruleAborted(table.name, rule.name, rule.sysId);
    if (rule.script !== "") runBefore(instance, session, rule, runOf(rule, rule.script), work);
  }
  for (const rule of rules) {
    if (rule.script === "" || !wanted(rule, "after")) continue;
    const run = runOf(rule, rule.script);
    work.effects.push(() => {
      const running = runToEnd(instance, session, run);
      session.followUps?.push(running);
    });
  }
  for (const rule of rules) {
    if (rule.script === "" || !wanted(rule, "async")) continue;
    const run = runOf(rule, rule.script);
    work.effects.push(() =>
      instance.jobs.after(
        instance.config.asyncRuleDelaySeconds * 1000,
        () => void runToEnd(instance, session, run),
      ),
    );
  }
}

/** A late commit repeats the write; the script then finds the answers of the first time again. */
function runBefore(instance: Instance, session: Session, rule: Rule, run: ScriptRun, work: Work): void {
  const { outbound } = session;
  const answers = JSON.parse(
    work.once(() => JSON.stringify(outbound?.answers.slice(outbound.at) ?? [])),
  ) as OutboundAnswer[];
  let outcome = runOnce(instance, session, run, answers);
  while (outcome.waiting) {
    if (outbound) throw new CallNeeded(rule.name, outcome.waiting);
    answers.push(unanswered("There is no request that could wait for the answer"));
    outcome = runOnce(instance, session, run, answers);
  }
  if (outbound) outbound.at += outcome.seen;
  if (outcome.aborted) throw errors.ruleAborted(run.table.name, rule.name, rule.sysId);
  if (run.operation !== "delete")
    applyChanges(instance, session, run.table, String(run.row.sys_id), outcome, work);
  for (const call of outcome.calls) work.effects.push(() => void sendOutbound(instance, rule.name, call));
}

/** The filter is an encoded query over the record; CHANGES operators compare with what it was. */
function applies(instance: Instance, session: Session, rule: Rule, run: ScriptRun): boolean {
  const { table, row, before } = run;
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
  return rule.condition === "" || conditionHolds(instance, session, run);
}

function applyChanges(
  instance: Instance,
  session: Session,
  table: Table,
  sysId: string,
  outcome: ScriptOutcome,
  work: Work,
): void {
  const changes: Row = {};
  for (const [element, text] of Object.entries(outcome.changes)) {
    const column = table.columns.get(element);
    if (!column || element === "sys_id") continue;
    if (isStored(column)) changes[element] = toStored(column, text);
    else if (column.kind === "journal" && text !== "")
      addJournal(instance, session, table, sysId, { element, text }, work);
  }
  instance.store.update(table.storage, sysId, changes);
}
