import { common, isRefusal } from "../apis/call";
import type { CallOptions, ServiceNow } from "../client";
import { isServiceNowError } from "../errors";
import type { Finding } from "./finding";

type Readable = "yes" | "empty" | "no" | "unknown";

/** `no` also for tables that answer "200 and nothing" although they count rows: their rows are hidden. */
async function readable(client: ServiceNow, table: string, fields: string[], call: CallOptions): Promise<Readable> {
  try {
    const page = await client.table(table).page({ ...call, fields, limit: 1 });
    const [row] = page.rows;
    if (row) return fields.every((name) => name in row) ? "yes" : "no";
    return page.total === 0 ? "empty" : "no";
  } catch (error) {
    if (isRefusal(error)) return "no";
    if (isServiceNowError(error)) return "unknown";
    throw error;
  }
}

const CHECKS: {
  area: Finding["area"];
  table: string;
  fields: string[];
  level: "info" | "warning";
  ok: string;
  without: string;
  ask: string;
}[] = [
  {
    area: "dictionary",
    table: "sys_db_object",
    fields: ["name", "label"],
    level: "info",
    ok: "The list of tables can be read",
    without: "The list of tables cannot be read: tables are then typed, or chosen from the usual ones",
    ask: "give the integration account read access to sys_db_object (name, label, super_class)",
  },
  {
    area: "dictionary",
    table: "sys_dictionary",
    fields: ["name", "element", "internal_type"],
    level: "info",
    ok: "The dictionary can be read",
    without: "The dictionary cannot be read: columns are then learnt from a record, with guessed types",
    ask: "give the integration account read access to sys_dictionary, for example with the role personalize_dictionary",
  },
  {
    area: "choices",
    table: "sys_choice",
    fields: ["name", "element", "value", "label"],
    level: "info",
    ok: "Lists of choices can be read",
    without: "Lists of choices cannot be read: the values in use are then offered",
    ask: "give the integration account read access to sys_choice (name, element, value, label)",
  },
  {
    area: "journal",
    table: "sys_journal_field",
    fields: ["element", "element_id", "value"],
    level: "warning",
    ok: "Comments and work notes can be read entry by entry",
    without: "The journal's entries cannot be read: comments and work notes are then taken from the text of the form, with display names and without ids",
    ask: "give the integration account read access to sys_journal_field (element, element_id, name, value)",
  },
  {
    area: "deletions",
    table: "sys_audit_delete",
    fields: ["tablename", "documentkey"],
    level: "warning",
    ok: "Deleted records can be noticed",
    without: "The audit of deletions cannot be read: deleted records cannot be noticed",
    ask: "give the integration account read access to sys_audit_delete, and keep the audit of deletions switched on for the tables it watches",
  },
];

/** Which of the instance's own tables are open to the account. */
export async function checkRights(client: ServiceNow, options: CallOptions): Promise<Finding[]> {
  const call = common(options);
  return Promise.all(
    CHECKS.map(async ({ area, table, fields, level, ok, without, ask }): Promise<Finding> => {
      const state = await readable(client, table, fields, call);
      if (state === "yes") return { area, table, level: "ok", what: ok };
      if (state === "empty") return { area, table, level: "ok", what: `${ok}; there is nothing in ${table} yet` };
      if (state === "unknown") return { area, table, level: "info", what: `${table} could not be checked` };
      return { area, table, level, what: without, ask };
    }),
  );
}
