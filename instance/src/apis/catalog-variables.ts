import type { Instance } from "../core/instance";
import { formOf, type VariableSet } from "./catalog-form";
import { displayOf } from "./catalog-values";
import { dollars, text } from "./rows";
import type { Row } from "../store/values";
import type { Session } from "../core/session";

/** What item_option_new.type says, in the words of the Service Catalog API. */
const friendlyTypes: Record<number, string> = {
  1: "boolean",
  2: "multi_line_text",
  3: "multiple_choice",
  4: "numeric_scale",
  5: "select_box",
  6: "single_line_text",
  7: "check_box",
  8: "reference",
  9: "date",
  10: "date_time",
  11: "label",
  14: "macro",
  15: "ui_page",
  16: "wide_single_line_text",
  18: "lookup_select_box",
  19: "container_start",
  20: "container_end",
  21: "list_collector",
  22: "lookup_multiple_choice",
  23: "html",
  24: "container_split",
  25: "masked",
  26: "email",
  27: "url",
  28: "ip_address",
  29: "duration",
  31: "requested_for",
  32: "rich_text_label",
  33: "attachment",
};

export const variableType = { checkBox: 7, containerStart: 19, containerEnd: 20, requestedFor: 31 } as const;
const withChoices = new Set([1, 3, 4, 5]);
const withLookup = new Set([18, 22]);

/**
 * The variables as `items/{id}/variables` gives them. What stands between container start and end are its children, and a variable
 * set is given as a container of its variables.
 */
export function describeVariables(instance: Instance, session: Session, itemId: string): unknown[] {
  const top: unknown[] = [];
  /** Lists of the containers around the one that is filled now, which is `into`. */
  const outer: unknown[][] = [];
  let into = top;
  for (const part of formOf(instance, itemId)) {
    if ("set" in part) {
      into.push(describeSet(instance, session, part.set));
      continue;
    }
    const type = Number(part.variable.type);
    if (type === variableType.containerEnd) {
      into = outer.pop() ?? into;
      continue;
    }
    const described = describe(instance, session, part.variable);
    into.push(described);
    if (type === variableType.containerStart) {
      const children: unknown[] = [];
      described.children = children;
      outer.push(into);
      into = children;
    }
  }
  return top;
}

function describeSet(instance: Instance, session: Session, set: VariableSet): Record<string, unknown> {
  return {
    active: true,
    label: set.title,
    type: set.multiRow ? 0 : variableType.containerStart,
    mandatory: false,
    friendly_type: set.multiRow ? "sc_multi_row" : friendlyTypes[variableType.containerStart],
    display_type: set.multiRow ? "Multi Row Variable Set" : "Variable Set",
    multi_row: set.multiRow,
    read_only: false,
    name: set.name,
    id: set.id,
    variable_set: set.id,
    value: "",
    displayvalue: "",
    children: set.variables.map((variable) => ({
      ...describe(instance, session, variable),
      variable_set: set.id,
    })),
  };
}

function describe(instance: Instance, session: Session, variable: Row): Record<string, unknown> {
  const type = Number(variable.type);
  const value = text(variable, "default_value");
  const described: Record<string, unknown> = {
    active: true,
    label: text(variable, "question_text"),
    dynamic_value_field: "",
    type,
    mandatory: variable.mandatory === 1,
    displayvalue: type === variableType.checkBox ? value || "false" : displayOf(instance, variable, value),
    friendly_type: friendlyTypes[type] ?? "",
    display_type: instance.choices.label(
      instance.dictionary.known("item_option_new"),
      "type",
      String(variable.type),
    ),
    render_label: true,
    read_only: variable.read_only === 1,
    name: text(variable, "name"),
    attributes: text(variable, "attributes"),
    id: text(variable, "sys_id"),
    value: type === variableType.checkBox ? value === "true" : value,
    help_text: text(variable, "help_text"),
    max_length: 0,
  };
  if (withChoices.has(type)) described.choices = choices(instance, variable, type);
  if (withLookup.has(type)) described.choices = lookupChoices(instance, session, variable);
  if (type === variableType.checkBox || withChoices.has(type))
    described.pricing_implications = priced(described);
  const reference = type === variableType.requestedFor ? "sys_user" : text(variable, "reference");
  if (reference !== "") Object.assign(described, { reference, ref_qual: "" });
  return described;
}

interface Choice {
  label: string;
  value: string;
  index: number;
  price?: string;
}

function choices(instance: Instance, variable: Row, type: number): Choice[] {
  if (type === 1)
    return [
      { label: "Yes", value: "Yes", index: 1 },
      { label: "No", value: "No", index: 2 },
    ];
  const rows = instance.store.all(
    'SELECT * FROM question_choice WHERE question = ? AND inactive IS NOT 1 ORDER BY "order"',
    [text(variable, "sys_id")],
  );
  const list = rows.map((row, at): Choice => {
    const misc = Number(row.misc ?? 0);
    return {
      label: text(row, "text"),
      value: text(row, "value"),
      index: at + 1,
      ...(misc > 0 ? { price: dollars(misc) } : {}),
    };
  });
  return type === 5 ? [{ label: "-- None --", value: "", index: 0 }, ...list] : list;
}

function priced(described: Record<string, unknown>): boolean {
  const list = described.choices as Choice[] | undefined;
  return list?.some((choice) => choice.price !== undefined) ?? false;
}

function lookupChoices(instance: Instance, session: Session, variable: Row): Choice[] {
  const table = instance.dictionary.get(text(variable, "lookup_table"));
  if (!table || !instance.access.may(session.user, table, "read")) return [];
  const value = text(variable, "lookup_value") || "sys_id";
  const label = text(variable, "lookup_label") || table.display || "sys_id";
  if (!table.columns.has(value) || !table.columns.has(label)) return [];
  return instance.store
    .all(
      `SELECT "${value}" AS value, "${label}" AS label FROM "${table.storage}" ORDER BY "${label}" LIMIT 250`,
    )
    .map((row, at) => ({ label: text(row, "label"), value: text(row, "value"), index: at + 1 }));
}
