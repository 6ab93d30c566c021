import type { ServiceNow } from "../../common";
import { columnsOfTable, describeColumns, type Choices, type Column } from "../../common/schema";
import { readTogether, type ReadOne } from "../../common/table/pages-together";
import { choiceIn, withChoices } from "./choices";
import { missingColumns } from "./columns";
import { isBlank, plainValue, utcTime, wrongInput } from "./input";
import { referenceIn } from "./resolve";
import { textOf } from "../../common/table/cells";
import { isSysId } from "../../common/sys-id";

type Values = Record<string, unknown>;

/** Not held against the table: passwords are written and never read, and a correlation id finds its place on any table. */
const UNCHECKED = /password|^correlation_id$/i;

interface Settings {
  /** Label of the input, for errors. */
  label: string;
  /** The instance reads the values as people see them, and looks up references and choices itself. */
  asDisplayed?: boolean;
  /** Columns may be named by their labels too, as the Import Set API takes them. */
  byLabelToo?: boolean;
  /** The record may be of a table below this one, whose choices are more: numbers that are not in the list pass. */
  mayBeSubclass?: boolean;
}

/**
 * One rule for the values of a record, however they are given (fields of their own, a JSON object, a list of records): columns that the table
 * does not have are refused, references become sys_ids of records that exist, choices their stored values, times UTC. What fits nothing is refused.
 * ServiceNow itself would store it, or drop it, without an error. What the account may not look up passes.
 * @returns a function for the records of one table; equal names are looked up once
 */
export async function storedValuesFor(
  client: ServiceNow,
  table: string,
  names: readonly string[],
  { label, asDisplayed = false, byLabelToo = false, mayBeSubclass = false }: Settings,
): Promise<(values: Values) => Promise<Values>> {
  const checked = [...new Set(names)].filter((name) => !UNCHECKED.test(name));
  if (checked.length === 0) return (values) => Promise.resolve(values);
  const known = await knownColumns(client, table, checked, { label, byLabelToo });
  if (asDisplayed) return (values) => Promise.resolve(values);
  const target: Target = { client, read: readTogether(client), table, choices: known.choices };
  const found = new Map<string, Promise<unknown>>();
  const once = (column: Column, value: unknown) => {
    const key = `${column.name} ${JSON.stringify(value)}`;
    const before = found.get(key) ?? storedValue(target, column, value, { label, mayBeSubclass });
    found.set(key, before);
    return before;
  };
  // All at a time, so that what has to be looked up is looked up together.
  return async (values) => {
    const stored = Object.entries(values).map(async ([name, value]): Promise<[string, unknown]> => {
      const column = known.columns.get(name);
      return [name, column && !isBlank(plainValue(value)) ? await once(column, plainValue(value)) : value];
    });
    return Object.fromEntries(await Promise.all(stored));
  };
}

/** Where values are looked up. */
interface Target {
  client: ServiceNow;
  read: ReadOne;
  table: string;
  /** Lists that have been read already. */
  choices: ReadonlyMap<string, Choices>;
}

/** As {@link storedValuesFor}, for one record. */
export async function storedValues(
  client: ServiceNow,
  table: string,
  values: Values,
  names: readonly string[],
  settings: Settings,
): Promise<Values> {
  const rule = await storedValuesFor(client, table, names, settings);
  return { ...values, ...(await rule(Object.fromEntries(names.map((name) => [name, values[name]])))) };
}

/** The columns of those names, and lists that came with them. @throws ConfigurationError for names that the table does not have */
async function knownColumns(
  client: ServiceNow,
  table: string,
  names: readonly string[],
  { label, byLabelToo = false }: Settings,
): Promise<{ columns: ReadonlyMap<string, Column>; choices: ReadonlyMap<string, Choices> }> {
  const described = byLabelToo ? undefined : await describeColumns(client, table, names);
  if (described) {
    refuseAbsent(
      label,
      table,
      names.filter((name) => !described.columns.has(name)),
    );
    return described;
  }
  const known = await columnsOfTable(client, table);
  const columns = new Map(known.columns.map((column) => [column.name, column]));
  const labels = new Set(byLabelToo ? known.columns.map((column) => column.label.toLowerCase()) : []);
  const absent = names.filter((name) => !columns.has(name) && !labels.has(name.toLowerCase()));
  // A description that is not complete leaves out what one record, or this account, does not show.
  const missing = absent.length > 0 && !known.complete ? await missingColumns(client, table, absent) : absent;
  refuseAbsent(label, table, missing ?? []);
  return { columns, choices: new Map() };
}

function refuseAbsent(label: string, table: string, missing: readonly string[]): void {
  if (missing.length > 0)
    throw wrongInput(
      `${label}: table ${table} has no column ${missing.map((column) => `"${column}"`).join(", ")}, or the account may not read it. Nothing was written. The action "Describe Table" lists the columns.`,
    );
}

async function storedValue(
  target: Target,
  column: Column,
  value: unknown,
  { label, mayBeSubclass }: Settings,
): Promise<unknown> {
  const { name, type, reference } = column;
  const where = `${label}, \`${name}\``;
  if (type === "glide_list" && reference) return listOfRecords(target, reference, value, where);
  if (typeof value === "object") return value;
  const text = textOf(value).trim();
  if (type === "reference" && reference)
    return referenceIn(target.client, reference, text, where, target.read);
  if (column.hasChoices && !(mayBeSubclass && /^-?\d+$/.test(text)))
    return storedChoice(target, name, text, where);
  if (type === "glide_date_time" || type === "due_date") return utcTime(text, where);
  if (type === "glide_date" && !/^\d{4}-\d{2}-\d{2}$/.test(text)) return utcTime(text, where).slice(0, 10);
  if (/^(integer|decimal|float|longint)$/.test(type) && !column.hasChoices && Number.isNaN(Number(text)))
    throw wrongInput(`${where} holds a number, and "${text}" is not one.`);
  if (type === "boolean" && !/^(true|false|1|0|yes|no)$/i.test(text))
    throw wrongInput(`${where} is true or false, and "${text}" is neither.`);
  return value;
}

async function storedChoice(
  { client, table, choices }: Target,
  name: string,
  text: string,
  label: string,
): Promise<unknown> {
  const list = choices.get(name);
  if (list) return choiceIn(list, text, label, FREE.includes(name));
  return (await withChoices(client, table, { [name]: text }, { [name]: label }, FREE))[name];
}

/** Columns whose lists only suggest: other values are common and stored as they are. */
const FREE = ["category", "subcategory", "u_category"];

/** Records of a list column; an e-mail address that belongs to nobody is one that notices are sent to. */
async function listOfRecords(
  { client, read }: Target,
  table: string,
  value: unknown,
  label: string,
): Promise<string> {
  const entries = Array.isArray(value) ? value.map(String) : String(value).split(",");
  const ids = entries
    .map((one) => one.trim())
    .filter(Boolean)
    .map(async (entry) => {
      const isAddress = table === "sys_user" && entry.includes("@") && !isSysId(entry);
      return isAddress ? entry : await referenceIn(client, table, entry, label, read);
    });
  return (await Promise.all(ids)).join(",");
}
