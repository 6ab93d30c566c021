import type { Instance } from "../core/instance";
import type { Table } from "../dictionary/model";
import { errors } from "../core/errors";
import { readInput, type Input } from "../records/input";
import { runAlone } from "../records/rule-scripts";
import { insertRecord } from "../records/write";
import type { Row } from "../store/values";
import { readAnswers, writeRows } from "./catalog-answers";
import { orderable, typeOf } from "./catalog-items";
import { answerTo, holdsValue, variablesOf, type Answers } from "./catalog-form";
import { asObject, asString, create, known, text } from "./rows";
import type { Session } from "../core/session";

/**
 * Makes a record from the answers to a record producer: each variable fills the column it is mapped to, or the one of its name.
 * Its script has them in `producer`, may change `current`, and may abort.
 *
 * @throws ApiError 400 for what is no producer, or when a mandatory variable has no answer
 */
export function submitProducer(
  instance: Instance,
  session: Session,
  itemId: string,
  body: Record<string, unknown>,
): Record<string, unknown> {
  const item = orderable(instance, session, itemId);
  if (!item) throw errors.badRequest("Security constraints prevent ordering of Item");
  const producer = instance.store.byId(known(instance, "sc_cat_item_producer"), itemId);
  const table = instance.dictionary.get(text(producer, "table_name"));
  if (typeOf(item) !== "record_producer" || !table)
    throw errors.badRequest("Invalid record producer", "The item creates no record");
  const answers = readAnswers(instance, itemId, body.variables);
  const values: Record<string, unknown> = {};
  const variables = variablesOf(instance, itemId).filter(holdsValue);
  for (const variable of variables) {
    const column = text(variable, "field") || text(variable, "name");
    const answer = answerTo(variable, answers);
    if (answer !== "" && table.columns.has(column)) values[column] = answer;
  }
  if (table.columns.has("short_description") && values.short_description === undefined)
    values.short_description = text(item, "short_description") || text(item, "name");
  if (table.name === "incident" && values.caller_id === undefined) values.caller_id = session.user.sysId;
  // A producer writes for anyone who may use it, whatever the table's own rules.
  const writer: Session = { ...session, user: { ...session.user, admin: true } };
  const input = readInput(instance, writer, table, values, false);
  const redirect = runProducerScript(instance, session, { producer, table, input, answers });
  const row = insertRecord(instance, session, table, input);
  const sysId = text(row, "sys_id");
  for (const variable of variables)
    create(instance, session, "question_answer", {
      table_name: table.name,
      table_sys_id: sysId,
      question: text(variable, "sys_id"),
      value: answerTo(variable, answers) || null,
      order: variable.order ?? null,
    });
  writeRows(instance, session, itemId, answers, table.name, sysId);
  return {
    sys_id: sysId,
    number: text(row, "number"),
    parent_id: null,
    record: `api/now/table/${table.name}/${sysId}`,
    redirect_portal_url: "",
    parent_table: table.lineage.includes("task") ? "task" : table.name,
    redirect_url:
      redirect || text(producer, "redirect_url") || `${table.name}.do?sys_id=${sysId}&sysparm_view=ess`,
    table: table.name,
    redirect_to: "",
  };
}

/** Runs the script of a producer before its record is made; returns where it wants the caller to go. */
function runProducerScript(
  instance: Instance,
  session: Session,
  {
    producer,
    table,
    input,
    answers,
  }: { producer: Row | undefined; table: Table; input: Input; answers: Answers },
): string {
  const script = text(producer, "script");
  if (script === "") return "";
  const given = variablesOf(instance, text(producer, "sys_id")).filter(holdsValue);
  const outcome = runAlone(instance, session, {
    rule: text(producer, "name"),
    script,
    table,
    operation: "insert",
    row: Object.fromEntries(input.values),
    before: undefined,
    globals: {
      producer: {
        ...Object.fromEntries(given.map((variable) => [text(variable, "name"), answerTo(variable, answers)])),
        redirect: "",
      },
    },
  });
  if (outcome.aborted) throw errors.badRequest("Record producer aborted", outcome.error ?? null);
  const writer: Session = { ...session, user: { ...session.user, admin: true } };
  const changed = readInput(instance, writer, table, outcome.changes, false);
  for (const [name, value] of changed.values) if (name !== "sys_id") input.values.set(name, value);
  input.journals.push(...changed.journals);
  return asString(asObject(outcome.globals.producer).redirect);
}
