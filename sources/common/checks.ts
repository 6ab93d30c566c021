import type { ServiceNow } from "../../common";
import { checkColumns } from "../../common/feed";
import { columnsOfTable } from "../../common/schema";
import { pageReader } from "./feed";
import type { Filter } from "./filter";
import { loadState, type SourceThis } from "./this";

/** What a source is held against before it starts. */
export interface Settings {
  table: string;
  filter: Filter;
  /** Further columns that the table must have. */
  columns?: readonly string[];
}

/** The three calls of a source. */
interface Calls {
  deploy(): Promise<void>;
  activate(): Promise<void>;
  run(): Promise<void>;
}

/**
 * Refuses columns that the table does not have or the account may not read: ServiceNow drops a condition on them without a word, and every
 * record meets what is left.
 */
export async function checkSettings(
  client: ServiceNow,
  { table, filter, columns = [] }: Settings,
): Promise<void> {
  const needed = {
    table,
    column: "sys_id",
    filterColumns: [...new Set([...filter.columns, ...columns])],
    read: pageReader(client, table),
  };
  // A table without records tells nothing of its columns; the dictionary may.
  if (!(await checkColumns(needed)))
    await checkColumns({ ...needed, columns: () => dictionary(client, table) });
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
