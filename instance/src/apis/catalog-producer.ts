import type { Instance, Session } from "../core";
import { errors } from "../http/errors";
import { readInput } from "../records/input";
import { insertRecord } from "../records/write";
import { readAnswers, writeRows } from "./catalog-answers";
import { orderable, typeOf } from "./catalog-items";
import { answerTo, holdsValue, variablesOf } from "./catalog-form";
import { create, known, text } from "./rows";

/**
 * Makes a record from the answers to a record producer: each variable fills the column it is mapped to, or the one of its name.
 * Its script is not run.
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
  const row = insertRecord(instance, session, table, readInput(instance, writer, table, values, false));
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
    redirect_url: text(producer, "redirect_url") || `${table.name}.do?sys_id=${sysId}&sysparm_view=ess`,
    table: table.name,
    redirect_to: "",
  };
}
