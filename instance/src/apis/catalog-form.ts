import type { Instance } from "../core/instance";
import type { Row } from "../store/values";
import { asObject, asString, text } from "./rows";

/** What callers answer, by the name of the variable or its sys_id; for a multi-row set, rows by the name of the set. */
export type Answers = Record<string, unknown>;

/** A set of variables that several items share. */
export interface VariableSet {
  id: string;
  /** Its name in answers. */
  name: string;
  title: string;
  /** Asked any number of times: its answer is a list of rows. */
  multiRow: boolean;
  variables: Row[];
}

/** One place of an item's form. */
export type FormPart = { variable: Row } | { set: VariableSet };

/** Variables that only lay out the form and hold no value. */
const layout = new Set([11, 14, 15, 19, 20, 24, 32]);

/** The form of an item: its active variables and its variable sets, by their order. */
export function formOf(instance: Instance, itemId: string): FormPart[] {
  const own = instance.store
    .all('SELECT * FROM item_option_new WHERE cat_item = ? AND active = 1 ORDER BY "order", question_text', [
      itemId,
    ])
    .map((variable): [number, FormPart] => [Number(variable.order ?? 0), { variable }]);
  const sets = instance.store
    .all('SELECT variable_set, "order" FROM io_set_item WHERE sc_cat_item = ? ORDER BY "order"', [itemId])
    .flatMap((link): [number, FormPart][] => {
      const set = setById(instance, text(link, "variable_set"));
      return set ? [[Number(link.order ?? 0), { set }]] : [];
    });
  return [...own, ...sets].sort(([a], [b]) => a - b).map(([, part]) => part);
}

function setById(instance: Instance, id: string): VariableSet | undefined {
  const row = instance.store.get("SELECT * FROM item_option_new_set WHERE sys_id = ? AND active = 1", [id]);
  if (!row) return undefined;
  return {
    id,
    name: text(row, "internal_name") || text(row, "name"),
    title: text(row, "title"),
    multiRow: row.type === "one_to_many",
    variables: instance.store.all(
      'SELECT * FROM item_option_new WHERE variable_set = ? AND active = 1 ORDER BY "order", question_text',
      [id],
    ),
  };
}

/** The variables of an item that are answered once, those of its single-row sets among them, in the order of its form. */
export function variablesOf(instance: Instance, itemId: string): Row[] {
  return formOf(instance, itemId).flatMap((part) =>
    "variable" in part ? [part.variable] : part.set.multiRow ? [] : part.set.variables,
  );
}

export function multiRowSetsOf(instance: Instance, itemId: string): VariableSet[] {
  return formOf(instance, itemId).flatMap((part) => ("set" in part && part.set.multiRow ? [part.set] : []));
}

export function holdsValue(variable: Row): boolean {
  return !layout.has(Number(variable.type));
}

/** What the caller answered, or the variable's default. */
export function answerTo(variable: Row, answers: Answers): string {
  const name = text(variable, "name");
  const given = Object.hasOwn(answers, name) ? answers[name] : answers[text(variable, "sys_id")];
  const value = Array.isArray(given) ? given.map(asString).join(",") : asString(given);
  return given === undefined || given === null ? text(variable, "default_value") : value;
}

/** The rows given for a multi-row set: a list of objects, or the same as JSON text. Anything else is no rows. */
export function rowsFor(set: VariableSet, answers: Answers): Answers[] {
  let given = Object.hasOwn(answers, set.name) ? answers[set.name] : answers[set.id];
  if (typeof given === "string")
    try {
      given = JSON.parse(given) as unknown;
    } catch {
      return [];
    }
  return Array.isArray(given) ? given.map(asObject) : [];
}

/** Whether a mandatory variable has no answer. Only the variable's own flag counts, UI policies do not. */
export function missesMandatory(instance: Instance, itemId: string, answers: Answers): boolean {
  const misses = (variables: Row[], given: Answers): boolean =>
    variables.some(
      (variable) => variable.mandatory === 1 && holdsValue(variable) && answerTo(variable, given) === "",
    );
  return (
    misses(variablesOf(instance, itemId), answers) ||
    multiRowSetsOf(instance, itemId).some((set) =>
      rowsFor(set, answers).some((row) => misses(set.variables, row)),
    )
  );
}
