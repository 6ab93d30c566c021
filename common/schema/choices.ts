import { readStats } from "../table/stats";
import { common, isRefusal } from "../http/api-call";
import { where } from "../query/terms";
import type { ServiceNow } from "../client";
import type { CallOptions } from "../http/requester";
import { tableName } from "../http/url";
import { hasColumn } from "./column-access";
import { hierarchy } from "./tables";

/** One entry of a list of choices. */
export interface Choice {
  /** As it is stored. */
  value: string;
  /** As people read it, in the language of the list. */
  label: string;
  /** Value of the column this choice depends on (a subcategory's category); empty for all. */
  dependentOn: string;
}

/**
 * - `dictionary`: the list as the instance keeps it, in its order
 * - `in-use`: values that records of the table have, the most frequent first; others may exist
 * - `none`: nothing can be found out
 */
export type ChoiceSource = "dictionary" | "in-use" | "none";

/** The choices of a column, and how they were learnt. */
export interface Choices {
  /** In the order of the list; by use where they were counted. */
  choices: Choice[];
  /** How they were learnt. */
  source: ChoiceSource;
  /** The table the list belongs to: the table itself or the one it inherits from. */
  table: string;
  /** Of the labels: the one asked for, or English. */
  language: string;
  /** Which right is missing, in words for an administrator. */
  note?: string;
}

/** Which labels are wanted. */
export interface ChoiceOptions extends CallOptions {
  /** Two letters; English where the list is not translated. @default en */
  language?: string;
}

/**
 * The choices of a column. A table without a list of its own has its parent's. Accounts that may not read `sys_choice` get the values in
 * use, and are told so.
 */
export async function choicesOf(
  client: ServiceNow,
  table: string,
  column: string,
  options: ChoiceOptions = {},
): Promise<Choices> {
  const name = tableName(table);
  const { tables } = await hierarchy(client, name, options);
  const language = options.language ?? "en";
  const listed = await fromList(client, tables, column, language, options);
  if (typeof listed === "object") return listed;
  if (listed === "none" && !(await hasColumn(client, name, column, options))) {
    const note = `${name} has no column ${column}, or the account may not read it. Check its name`;
    return { choices: [], source: "none", table: name, language, note };
  }
  const note = listed === "none" ? `The column ${column} of ${name} has no list of choices` : CLOSED;
  try {
    const groups = await readStats(client, name, {
      ...common(options),
      groupBy: [column],
      count: true,
      displayValue: "all",
    });
    const choices = groups
      .map((group) => ({ count: group.count ?? 0, ...group.group[column] }))
      .filter((group): group is typeof group & { value: string } => Boolean(group.value))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .map(({ value, label }) => ({ value, label: label ?? value, dependentOn: "" }));
    if (choices.length > 0) {
      return {
        choices,
        source: "in-use",
        table: name,
        language,
        note: `${note}. These are the values that records have now`,
      };
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  return { choices: [], source: "none", table: name, language, note };
}

const CLOSED =
  "The choices are not open to this account. Ask the administrator for read access to sys_choice (its rows, and the columns name, element and value)";

/** Columns of `sys_choice` that a list is made of. */
export const CHOICE_FIELDS = [
  "name",
  "element",
  "value",
  "label",
  "sequence",
  "dependent_value",
  "language",
] as const;

/** The list of one column that rows of `sys_choice` make up: that of the table itself, or of the nearest one it extends. */
export function listedChoices(
  rows: readonly Record<(typeof CHOICE_FIELDS)[number], string>[],
  tables: readonly string[],
  language: string,
): Choices | undefined {
  for (const table of tables) {
    const own = rows.filter((row) => row.name === table && row.value !== undefined && row.value !== "");
    if (own.length === 0) continue;
    const translated = own.filter((row) => row.language === language);
    const kept = translated.length > 0 ? translated : own;
    const choices = kept
      .sort((a, b) => place(a.sequence) - place(b.sequence) || (a.label < b.label ? -1 : 1))
      .map((row) => ({
        value: row.value,
        label: row.label || row.value,
        dependentOn: row.dependent_value ?? "",
      }));
    return { choices, source: "dictionary", table, language: kept[0]?.language || language };
  }
  return undefined;
}

async function fromList(
  client: ServiceNow,
  tables: string[],
  column: string,
  language: string,
  options: CallOptions,
): Promise<Choices | "closed" | "none"> {
  try {
    const { rows, total } = await client.table("sys_choice").list({
      ...common(options),
      query: where([
        ["name", "IN", tables.join(",")],
        ["element", "=", column],
        ["inactive", "=", "false"],
        ["language", "IN", [...new Set([language, "en"])].join(",")],
      ]),
      fields: CHOICE_FIELDS,
    });
    const listed = listedChoices(rows, tables, language);
    if (listed) return listed;
    if (total !== 0) return "closed";
    // A list that is not there, or a table none of whose rows may be seen?
    return (await client.table("sys_choice").first({ ...common(options), fields: ["sys_id"] }))
      ? "none"
      : "closed";
  } catch (error) {
    if (isRefusal(error)) return "closed";
    throw error;
  }
}

const place = (sequence: string): number => (sequence ? Number(sequence) : Number.MAX_SAFE_INTEGER);
