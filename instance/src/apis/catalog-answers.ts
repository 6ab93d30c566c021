import type { Instance } from "../core/instance";
import { errors } from "../core/errors";
import { deleteRecord } from "../records/write";
import type { Row } from "../store/values";
import {
  answerTo,
  holdsValue,
  missesMandatory,
  multiRowSetsOf,
  rowsFor,
  variablesOf,
  type Answers,
} from "./catalog-form";
import { displayOf } from "./catalog-values";
import { asObject, create, known, text } from "./rows";
import type { Session } from "../core/session";

/** @throws ApiError 400 when a mandatory variable has no answer */
export function readAnswers(instance: Instance, itemId: string, given: unknown): Answers {
  const answers = asObject(given);
  if (missesMandatory(instance, itemId, answers)) throw errors.badRequest("Mandatory Variables are required");
  return answers;
}

/** Keeps the answers of a cart entry as rows of sc_item_option, in place of those it had. */
export function writeAnswers(
  instance: Instance,
  session: Session,
  entryId: string,
  itemId: string,
  answers: Answers,
): void {
  dropAnswers(instance, session, entryId);
  for (const variable of variablesOf(instance, itemId))
    if (holdsValue(variable))
      create(instance, session, "sc_item_option", {
        item_option_new: text(variable, "sys_id"),
        value: answerTo(variable, answers) || null,
        order: variable.order ?? null,
        cart_item: entryId,
      });
  writeRows(instance, session, itemId, answers, "sc_cart_item", entryId);
}

/** Keeps the rows of multi-row sets: one record for each question of each row. */
export function writeRows(
  instance: Instance,
  session: Session,
  itemId: string,
  answers: Answers,
  parentTable: string,
  parentId: string,
): void {
  for (const set of multiRowSetsOf(instance, itemId))
    for (const [at, row] of rowsFor(set, answers).entries())
      for (const variable of set.variables)
        if (holdsValue(variable))
          create(instance, session, "sc_multi_row_question_answer", {
            parent_table_name: parentTable,
            parent_id: parentId,
            variable_set: set.id,
            item_option_new: text(variable, "sys_id"),
            row_index: at + 1,
            value: answerTo(variable, row) || null,
          });
}

/** Takes away the answers of a cart entry. */
export function dropAnswers(instance: Instance, session: Session, entryId: string): void {
  for (const option of optionsOf(instance, entryId))
    deleteRecord(instance, session, known(instance, "sc_item_option"), text(option, "sys_id"));
  for (const cell of cellsOf(instance, entryId))
    deleteRecord(instance, session, known(instance, "sc_multi_row_question_answer"), text(cell, "sys_id"));
}

function optionsOf(instance: Instance, entryId: string): Row[] {
  return instance.store.all("SELECT * FROM sc_item_option WHERE cart_item = ? ORDER BY row_number", [
    entryId,
  ]);
}

function cellsOf(instance: Instance, parentId: string): Row[] {
  return instance.store.all(
    "SELECT * FROM sc_multi_row_question_answer WHERE parent_id = ? ORDER BY variable_set, row_index, row_number",
    [parentId],
  );
}

/** Rows of the multi-row sets of a cart entry, by the set; each cell as `use` makes it of the variable and its value. */
function rowsOf(
  instance: Instance,
  entryId: string,
  use: (variable: Row | undefined, value: string) => [string, string],
): Map<Row | undefined, Record<string, string>[]> {
  const variables = known(instance, "item_option_new");
  const sets = new Map<string, Map<string, Record<string, string>>>();
  for (const cell of cellsOf(instance, entryId)) {
    const rows = sets.get(text(cell, "variable_set")) ?? new Map<string, Record<string, string>>();
    sets.set(text(cell, "variable_set"), rows);
    const row = rows.get(text(cell, "row_index")) ?? {};
    rows.set(text(cell, "row_index"), row);
    const [name, value] = use(
      instance.store.byId(variables, text(cell, "item_option_new")),
      text(cell, "value"),
    );
    row[name] = value;
  }
  const table = known(instance, "item_option_new_set");
  return new Map([...sets].map(([id, rows]) => [instance.store.byId(table, id), [...rows.values()]]));
}

/** Answers by variable name, as they are kept. */
export function keptAnswers(instance: Instance, entryId: string): Answers {
  const variables = known(instance, "item_option_new");
  const rows = rowsOf(instance, entryId, (variable, value) => [text(variable, "name"), value]);
  return Object.fromEntries<unknown>([
    ...optionsOf(instance, entryId).map((option): [string, unknown] => [
      text(instance.store.byId(variables, text(option, "item_option_new")), "name"),
      text(option, "value"),
    ]),
    ...[...rows].map(([set, list]): [string, unknown] => [text(set, "internal_name"), list]),
  ]);
}

/** Answers by the question, as carts and wish lists show them; rows of a multi-row set as JSON text. */
export function shownAnswers(instance: Instance, entry: Row): Record<string, string> {
  const variables = known(instance, "item_option_new");
  const entryId = text(entry, "sys_id");
  const rows = rowsOf(instance, entryId, (variable, value) => [
    text(variable, "question_text"),
    variable ? displayOf(instance, variable, value) : value,
  ]);
  return Object.fromEntries([
    ...optionsOf(instance, entryId).flatMap((option) => {
      const variable = instance.store.byId(variables, text(option, "item_option_new"));
      return variable
        ? [[text(variable, "question_text"), displayOf(instance, variable, text(option, "value"))]]
        : [];
    }),
    ...[...rows].map(([set, list]) => [text(set, "title"), JSON.stringify(list)]),
  ]) as Record<string, string>;
}
