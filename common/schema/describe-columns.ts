import type { ServiceNow } from "../client";
import { isServiceNowError, type ServiceNowError } from "../errors";
import { common } from "../http/api-call";
import type { CallOptions } from "../http/requester";
import { tableName } from "../http/url";
import { where } from "../query/terms";
import { pagesTogether, type PageRead } from "../table/pages-together";
import { CHOICE_FIELDS, listedChoices, type Choices } from "./choices";
import { applyOverrides, definitions, DICTIONARY_FIELDS, OVERRIDE_FIELDS, type Column } from "./columns";
import { ANCESTORS, ancestorsIn, likelyHierarchy } from "./tables";

/** What the dictionary says of some columns of a table. */
export interface DescribedColumns {
  /** By name; a name that is not there is no column of the table. */
  columns: ReadonlyMap<string, Column>;
  /** The lists of those that have one and whose list is open to the account. */
  choices: ReadonlyMap<string, Choices>;
}

/** A list of a column is rarely longer than a hundred choices. */
const MOST_ROWS = 5000;
const LANGUAGE = "en";

/**
 * The named columns of a table and their choices, in one request: hierarchy, dictionary, overrides and choices as one batch. The tables above are
 * guessed; where the guess was short, they are asked for in a second one.
 *
 * @returns undefined where the dictionary is not open to the account, or the instance has no such table: `columnsOfTable` knows more ways
 */
export async function describeColumns(
  client: ServiceNow,
  table: string,
  names: readonly string[],
  options: CallOptions = {},
): Promise<DescribedColumns | undefined> {
  const name = tableName(table);
  try {
    const likely = likelyHierarchy(name);
    const first = await read(client, name, likely, names, options);
    if (!first || first.tables.every((one) => likely.includes(one))) return first && described(first);
    const second = await read(client, name, first.tables, names, options);
    return second && described(second);
  } catch (error) {
    // What hinders the batch may not hinder single reads; where it does, they say so.
    if (isServiceNowError(error)) return undefined;
    throw error;
  }
}

interface Read {
  tables: string[];
  dictionary: Record<(typeof DICTIONARY_FIELDS)[number], string>[];
  overrides: Record<(typeof OVERRIDE_FIELDS)[number], string>[];
  choices: Record<(typeof CHOICE_FIELDS)[number], string>[];
}

async function read(
  client: ServiceNow,
  table: string,
  tables: readonly string[],
  names: readonly string[],
  options: CallOptions,
): Promise<Read | undefined> {
  const of = tables.join(",");
  // A column of every table: an account that sees part of the dictionary does not see it.
  const elements = [...new Set(["sys_id", ...names])].join(",");
  const asks = [
    {
      table: "sys_db_object",
      query: where([["name", "=", table]]),
      fields: ["name", ...ANCESTORS],
      limit: 1,
    },
    {
      table: "sys_dictionary",
      query: where([
        ["name", "IN", of],
        ["element", "IN", elements],
        ["active", "=", "true"],
      ]),
      fields: DICTIONARY_FIELDS,
      limit: MOST_ROWS,
    },
    {
      table: "sys_dictionary_override",
      query: where([
        ["name", "IN", of],
        ["element", "IN", elements],
      ]),
      fields: OVERRIDE_FIELDS,
      limit: MOST_ROWS,
    },
    {
      table: "sys_choice",
      query: where([
        ["name", "IN", of],
        ["element", "IN", names.join(",")],
        ["inactive", "=", "false"],
        ["language", "=", LANGUAGE],
      ]),
      fields: CHOICE_FIELDS,
      limit: MOST_ROWS,
    },
  ] as const;
  const [itself, dictionary, overrides, choices] = await pagesTogether(client, asks, common(options));
  const [row] = rowsOf(itself);
  if (!row || !rowsOf(dictionary).some(({ element }) => element === "sys_id")) return undefined;
  return {
    tables: [table, ...ancestorsIn(row)],
    dictionary: rowsOf(dictionary),
    overrides: rowsOf(overrides),
    choices: rowsOf(choices),
  };
}

function rowsOf<F extends string>(answer: PageRead<F> | ServiceNowError): Record<F, string>[] {
  return isServiceNowError(answer) ? [] : answer.rows;
}

function described({ tables, dictionary, overrides, choices }: Read): DescribedColumns {
  const columns = definitions(dictionary, tables);
  applyOverrides(overrides, tables, columns);
  const lists = new Map<string, Choices>();
  for (const name of columns.keys()) {
    const own = choices.filter(({ element }) => element === name);
    const list = listedChoices(own, tables, LANGUAGE);
    if (list) lists.set(name, list);
  }
  return { columns, choices: lists };
}
