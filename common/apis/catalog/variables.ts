import { usageError } from "../../errors";
import { textOf, valueText } from "../../table/cells";

/** A question of a catalog item's form. */
export interface CatalogVariable {
  /** sys_id of the question (`item_option_new`); empty for sets. */
  id: string;
  /** Its name in what is ordered. */
  name: string;
  /** The question as people read it. */
  label: string;
  /** In words: `single_line_text`, `select_box`, `reference`, `check_box`, `multi_row_variable_set` … */
  type: string;
  /** An order without an answer is refused, unless there is a default. */
  mandatory: boolean;
  /** Shown and not asked. */
  readOnly: boolean;
  /** Stored value the form starts with; empty for none. */
  defaultValue: string;
  /** Text of the question mark beside it; empty for none. */
  help: string;
  /** Table a reference points to; empty for other types. */
  reference: string;
  /** What may be chosen, stored value and label; empty for free questions. */
  choices: { value: string; label: string }[];
  /** Name of the set the question stands in; empty for none. */
  set: string;
  /** Questions of a multi-row set. */
  columns: CatalogVariable[];
}

/** An answer as it may be given: lists for list collectors, rows (objects) for multi-row sets. */
export type VariableValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly (string | number)[]
  | readonly Record<string, string | number | boolean | null>[];

/** Types that only lay out the form. */
const LAYOUT = /^(label|macro|ui_page|container_(start|end|split)|rich_text_label|break|macro_with_label)$/;

/** The questions of an item in the order of its form, those in containers and sets included. */
export function readVariables(raw: unknown, set = ""): CatalogVariable[] {
  if (!Array.isArray(raw)) return [];
  return raw.flatMap((item: unknown) => {
    const get = (key: string): unknown => Reflect.get(Object(item), key);
    const type = textOf(get("friendly_type")) || textOf(get("display_type")) || textOf(get("type"));
    const children: unknown = get("children");
    const own = readOne(get, type, set);
    if (/multi_row|one_to_many/.test(type) || textOf(get("multi_row")) === "true") {
      return [
        {
          ...own,
          type: "multi_row_variable_set",
          columns: readVariables(children ?? get("variables"), own.name),
        },
      ];
    }
    const inner = readVariables(children, own.name || set);
    return LAYOUT.test(type) || !own.name ? inner : [own, ...inner];
  });
}

function readOne(get: (key: string) => unknown, type: string, set: string): CatalogVariable {
  const choices: unknown = get("choices");
  return {
    id: textOf(get("id")),
    name: textOf(get("name")),
    label: textOf(get("label")) || textOf(get("name")),
    type,
    mandatory: textOf(get("mandatory")) === "true",
    readOnly: textOf(get("read_only")) === "true",
    defaultValue: textOf(get("value")),
    help: textOf(get("help_text")),
    reference: textOf(get("reference")),
    choices: (Array.isArray(choices) ? choices : [])
      .map((choice: unknown) => ({
        value: valueText(choice),
        label: textOf(Reflect.get(Object(choice), "label")),
      }))
      .filter(({ value }) => value !== ""),
    set,
    columns: [],
  };
}

/**
 * Answers as ServiceNow takes them. Refuses names the item does not ask for and mandatory questions without an answer, in the form's
 * own words; a choice may be given by its label. ServiceNow itself ignores the first and says of the second only that something is missing.
 *
 * @param partial the answers change others that stand already, so none is missing
 */
export function prepareAnswers(
  variables: readonly CatalogVariable[],
  given: Record<string, VariableValue>,
  { partial = false }: { partial?: boolean | undefined } = {},
): Record<string, string> {
  const known = new Map(variables.map((variable) => [variable.name, variable]));
  const unknown = Object.keys(given).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw usageError(
      `The item does not ask for ${unknown.join(", ")}`,
      `It asks for: ${[...known.keys()].join(", ") || "nothing"}`,
      unknown,
    );
  }
  const answers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const variable = known.get(name);
    if (variable && value !== undefined && value !== null) answers[name] = answerText(variable, value);
  }
  const missing = variables.filter(
    ({ name, mandatory, defaultValue }) => !partial && mandatory && !(answers[name] ?? defaultValue),
  );
  if (missing.length > 0) {
    throw usageError(
      `The item needs an answer to: ${missing.map(({ name, label }) => `${label} (${name})`).join(", ")}`,
      "Give these variables",
      missing.map(({ name }) => name),
    );
  }
  return answers;
}

/** Finds the record that a text means: its sys_id. Rejects when it means none, or several. */
export type ResolveReference = (table: string, text: string, label: string) => Promise<string>;

/** Prepared answers, in which references are the sys_ids of records that exist; list collectors and multi-row sets too. */
export async function withReferences(
  variables: readonly CatalogVariable[],
  answers: Record<string, string>,
  resolve: ResolveReference,
): Promise<Record<string, string>> {
  const resolved = variables.map(async (variable): Promise<[string, string][]> => {
    const { name, label, reference, columns } = variable;
    const answer = answers[name];
    if (!answer) return [];
    if (columns.length > 0) {
      const rows = JSON.parse(answer) as Record<string, string>[];
      const all = await Promise.all(rows.map((row) => withReferences(columns, row, resolve)));
      return [[name, JSON.stringify(all)]];
    }
    if (!reference) return [];
    const parts = isList(variable) ? answer.split(",") : [answer];
    const ids = parts.map((part) => part.trim()).filter(Boolean);
    return [
      [name, (await Promise.all(ids.map((id) => resolve(reference, id, `${label} (${name})`)))).join(",")],
    ];
  });
  return { ...answers, ...Object.fromEntries((await Promise.all(resolved)).flat()) };
}

const isList = ({ type }: CatalogVariable): boolean => /list|collector/i.test(type);

/** Answers without the item's questions at hand: only their form is made right. */
export function plainAnswers(given: Record<string, VariableValue>): Record<string, string> {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries.map(([name, value]) => [name, plain(value)]));
}

function answerText(variable: CatalogVariable, value: VariableValue): string {
  if (variable.columns.length > 0 || variable.type === "multi_row_variable_set") {
    return JSON.stringify(rowsOf(variable, value));
  }
  const text = plain(value);
  if (text === "") return text;
  if (/^date(_?time|\/time)?$/i.test(variable.type.replace(/\s/g, ""))) return dateAnswer(variable, text);
  if (variable.choices.length === 0) return text;
  const whole = choiceValue(variable, text);
  if (isChoice(variable, whole)) return whole;
  return text
    .split(/,\s*/)
    .map((part) => {
      const stored = choiceValue(variable, part);
      if (isChoice(variable, stored)) return stored;
      throw usageError(
        `"${part}" is not a choice of ${variable.label} (${variable.name})`,
        `Its choices, with the stored value in brackets: ${variable.choices.map((one) => `${one.label} (${one.value})`).join(", ")}`,
        [variable.name],
      );
    })
    .join(",");
}

const isChoice = ({ choices }: Pick<CatalogVariable, "choices">, text: string): boolean =>
  choices.some(({ value }) => value === text);

/** A date or a time in UTC as the instance stores it. One with a zone is converted, one in another order is refused. */
function dateAnswer({ label, name, type }: CatalogVariable, text: string): string {
  const withTime = /time/i.test(type);
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(:\d{2})?(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
    text,
  );
  const [, day = "", clock, seconds = ":00", zone] = match ?? [];
  const date = new Date(`${day}T${clock ?? "00:00"}${clock ? seconds : ":00"}${zone ?? "Z"}`);
  const exists = new Date(`${day}T00:00:00Z`);
  if (!match || Number.isNaN(date.getTime()) || exists.toISOString().slice(0, 10) !== day)
    throw usageError(
      `"${text}" is not a date that ${label} (${name}) can hold`,
      withTime ? "Write 2026-12-24 14:05:00 in UTC, or 2026-12-24T14:05:00+01:00" : "Write 2026-12-24",
      [name],
    );
  const stored = date.toISOString().slice(0, 19).replace("T", " ");
  return withTime ? stored : zone ? stored.slice(0, 10) : day;
}

/** The stored value of a choice that was given by value or label. Choices that are not listed are left to the instance. */
export function choiceValue(
  variable: { choices: readonly { value: string; label: string }[] },
  text: string,
): string {
  const { choices } = variable;
  if (choices.some(({ value }) => value === text)) return text;
  return choices.find(({ label }) => label.toLowerCase() === text.toLowerCase())?.value ?? text;
}

/** Rows of a multi-row set, checked against its columns. */
function rowsOf(set: CatalogVariable, value: VariableValue): Record<string, string>[] {
  let rows: unknown = value;
  if (typeof value === "string") {
    try {
      rows = JSON.parse(value);
    } catch {
      rows = undefined;
    }
  }
  if (
    !Array.isArray(rows) ||
    rows.some((row) => typeof row !== "object" || row === null || Array.isArray(row))
  ) {
    throw usageError(
      `"${set.label}" (${set.name}) has several rows, and its value is not a list of them`,
      `Give a list of objects: [{ "${set.columns[0]?.name ?? "column"}": "…" }]`,
      [set.name],
    );
  }
  const list = rows as Record<string, VariableValue>[];
  return set.columns.length > 0
    ? list.map((row) => prepareAnswers(set.columns, row))
    : list.map(plainAnswers);
}

function plain(value: VariableValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (!Array.isArray(value)) return "";
  return value.every((item) => typeof item === "object") ? JSON.stringify(value) : value.join(",");
}
