import { batch } from "../http/batch/batch";
import { common, isRefusal } from "../http/api-call";
import { where, type Term } from "../query/terms";
import type { ServiceNow } from "../client";
import type { CallOptions } from "../http/requester";
import { ServiceNowError } from "../errors";
import { tableName } from "../http/url";

/** A table, as it is offered for choosing. */
export interface TableFacts {
  /** As it stands in paths: `sc_req_item`. */
  name: string;
  /** As people read it: `Requested Item`. */
  label: string;
  /** The table it extends; empty for none. */
  parent: string;
}

/** Parents that hold on every instance, for accounts that may not read `sys_db_object`. */
const PARENTS: Record<string, string> = {
  incident: "task",
  problem: "task",
  problem_task: "task",
  change_request: "task",
  change_task: "task",
  sc_request: "task",
  sc_req_item: "task",
  sc_task: "task",
  sn_customerservice_case: "task",
  sn_si_incident: "task",
  sn_hr_core_case: "task",
  kb_submission: "task",
  incident_task: "task",
  cmdb_ci: "cmdb",
};

/** Columns of `sys_db_object` with the tables above: six levels in one request; deeper ones are rare. */
export const ANCESTORS = [1, 2, 3, 4, 5, 6].map((depth) => `${"super_class.".repeat(depth)}name`);

/** The tables above the one that a row of `sys_db_object` describes, the nearest first. */
export const ancestorsIn = (row: Readonly<Record<string, string>>): string[] =>
  ANCESTORS.map((step) => row[step]).filter((parent): parent is string => Boolean(parent));

/** Tables that most others extend. */
const BASES = ["task", "planned_task", "cmdb_ci", "cmdb", "sys_metadata", "sys_user", "core_company"];

/** The table and those that it may extend, some of which it does not: enough to ask for its columns before its hierarchy is known. */
export const likelyHierarchy = (table: string): string[] => [
  ...new Set([...assumed(table).tables, ...BASES]),
];

/**
 * The table and the tables it extends, itself first: `["incident", "task"]`.
 * `known` is false when the account may not read the hierarchy and it was taken from what every instance has.
 *
 * @throws ServiceNowError `invalid-table` when the instance has no such table
 */
export async function hierarchy(
  client: ServiceNow,
  table: string,
  options: CallOptions = {},
): Promise<{ tables: string[]; known: boolean }> {
  const chain = [tableName(table)];
  try {
    for (let name: string | undefined = chain[0]; name;) {
      const page = await client.table("sys_db_object").page({
        ...common(options),
        query: where([["name", "=", name]]),
        fields: ["name", ...ANCESTORS],
        limit: 1,
      });
      const row = page.rows[0];
      if (!row) {
        if (page.total === 0 && chain.length === 1) throw noSuchTable(name);
        return chain.length === 1 ? assumed(chain[0] as string) : { tables: chain, known: true };
      }
      const above = ancestorsIn(row);
      chain.push(...above.filter((parent) => !chain.includes(parent)));
      name = above.length === ANCESTORS.length ? above.at(-1) : undefined;
    }
    return { tables: chain, known: true };
  } catch (error) {
    if (isRefusal(error)) return assumed(chain[0] as string);
    throw error;
  }
}

/**
 * Tables of the instance by label. `source` is `known` when the account may not read the list and got the usual ones, of which the
 * instance may lack some.
 */
export async function listTables(
  client: ServiceNow,
  options: CallOptions & { search?: string; max?: number } = {},
): Promise<{ tables: TableFacts[]; source: "instance" | "known" }> {
  const text = options.search?.trim() ?? "";
  const terms: Term[][] = text
    ? [
        [
          ["label", "LIKE", text],
          ["name", "LIKE", text],
        ],
      ]
    : [];
  try {
    const page = await client.table("sys_db_object").page({
      ...common(options),
      query: where(terms, ["label", "name"]),
      fields: ["name", "label", "super_class.name"],
      limit: options.max ?? 100,
    });
    if (page.rows.length > 0 || page.total === 0) {
      const tables = page.rows.map((row) => ({
        name: row.name,
        label: row.label || row.name,
        parent: row["super_class.name"] ?? "",
      }));
      return { tables, source: "instance" };
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  const usual = Object.keys(PARENTS)
    .concat(
      "task",
      "cmdb",
      "sys_user",
      "sys_user_group",
      "kb_knowledge",
      "sc_cat_item",
      "sysapproval_approver",
    )
    .filter((name) => name.includes(text.toLowerCase().replaceAll(" ", "_")))
    .sort()
    .map((name) => ({ name, label: labelOf(name), parent: PARENTS[name] ?? "" }));
  return { tables: usual.slice(0, options.max ?? 100), source: "known" };
}

/**
 * Which of the tables the account may read at all, found out by asking each for a row, fifty a request. Being allowed to read a
 * table does not mean that rows of it are shown.
 *
 * @returns `false` for a table that is closed or does not exist; a table the instance gave no clear answer for (busy, broken off) is
 *   left out rather than called closed
 * @throws ServiceNowError when a whole request fails
 */
export async function readableTables(
  client: ServiceNow,
  tables: readonly string[],
  options: CallOptions = {},
): Promise<Map<string, boolean>> {
  const readable = new Map<string, boolean>();
  let open = [...new Set(tables.map(tableName))];
  while (open.length > 0) {
    const some = open.slice(0, 50);
    const results = await batch(
      client,
      some.map((name) => ({
        path: `/api/now/table/${name}`,
        params: { sysparm_limit: 1, sysparm_fields: "sys_id", sysparm_no_count: true },
      })),
      options,
    );
    const undone = some.filter((_, index) => results[index]?.outcome === "unserviced");
    results.forEach(({ outcome, error }, index) => {
      const closed = isRefusal(error) || error?.kind === "invalid-table" || error?.kind === "not-found";
      if (outcome === "ok" || closed) readable.set(some[index] as string, outcome === "ok");
    });
    // What the instance did not get to is asked again; a round that got nothing done would not end.
    open = [...(undone.length < some.length ? undone : []), ...open.slice(some.length)];
  }
  return readable;
}

function assumed(table: string): { tables: string[]; known: boolean } {
  const tables = [table];
  for (let parent = PARENTS[table]; parent; parent = PARENTS[parent]) tables.push(parent);
  if (table.startsWith("cmdb_ci_") && tables.length === 1) tables.push("cmdb_ci", "cmdb");
  return { tables, known: false };
}

function noSuchTable(name: string): ServiceNowError {
  return new ServiceNowError({
    kind: "invalid-table",
    what: `The instance has no table "${name}"`,
    remedy: "Check the spelling: the name is meant (incident), not the label (Incident)",
  });
}

function labelOf(name: string): string {
  return name.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase());
}
