import type { ServiceNow } from "../../common";
import { checkColumns } from "../../common/change-feed";
import { columnsOfTable } from "../../common/schema";
import { wrongInput } from "../../apps/servicenow/input";
import { pageReader } from "./feed";
import type { Filter, RequiredValues } from "./filter";
import { checkRequiredValues } from "./required-values";
import { loadState, type SourceThis } from "./this";

/** What a source is held against before it starts. */
export interface Settings {
  table: string;
  filter: Filter;
  /** Further columns that the table must have. */
  columns?: readonly string[];
  /** The column that a number is computed from. */
  measured?: string | undefined;
  /** What must be there beside what the filter needs. */
  required?: readonly RequiredValues[];
}

/** The three calls of a source. */
interface Calls {
  deploy(): Promise<void>;
  activate(): Promise<void>;
  run(): Promise<void>;
}

/**
 * Refuses picked values that are not there, and columns that the table does not have or the account may not read: ServiceNow drops a condition on them without a word, and every
 * record meets what is left.
 */
export async function checkSettings(client: ServiceNow, settings: Settings): Promise<void> {
  const { table, filter, columns = [], required: required = [] } = settings;
  const options = {
    table,
    column: "sys_id",
    filterColumns: [...new Set([...filter.columns, ...columns])],
    read: pageReader(client, table),
  };
  // A table without records tells nothing of its columns; the dictionary may.
  if (!(await checkColumns(options)))
    await checkColumns({ ...options, columns: () => dictionary(client, table) });
  if (settings.measured) await checkMeasured(client, table, settings.measured);
  await checkRequiredValues(client, table, [...(filter.required ?? []), ...required]);
}

const TEXT = /^(string|reference|GUID|sys_class_name|html|email|url|translated_text|journal.*|password.*)$/;

/** Refuses a text, of which the instance computes nothing. */
async function checkMeasured(client: ServiceNow, table: string, measured: string): Promise<void> {
  const { columns, source } = await columnsOfTable(client, table);
  const column = columns.find(({ name }) => name === measured);
  if (source === "dictionary" && column && TEXT.test(column.type))
    throw wrongInput(
      `Measured Field: ${measured} of ${table} holds no number (${column.type}). Choose a numeric column, such as reassignment_count.`,
    );
}

async function dictionary(client: ServiceNow, table: string): Promise<ReadonlySet<string> | undefined> {
  const { columns, source } = await columnsOfTable(client, table);
  return source === "dictionary" ? new Set(columns.map(({ name }) => name)) : undefined;
}

/** The calls, with the settings checked wherever the source starts or its settings changed. */
export function checked(source: SourceThis, settings: Settings, calls: Calls): Calls {
  const check = () => checkSettings(source.servicenow.client(), settings);
  return {
    deploy: () => check().then(() => calls.deploy()),
    activate: () => check().then(() => calls.activate()),
    run: async () => {
      if (!loadState(source)) await check();
      await calls.run();
    },
  };
}
